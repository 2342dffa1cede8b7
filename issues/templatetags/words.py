"""How people's words are shown: ``{{ text|markdown }}`` on pages, ``{{ text|plain }}`` where there is one line."""

from django import template

from issues import markdown

register = template.Library()
register.filter("markdown", markdown.markdown)
register.filter("plain", markdown.plain)
