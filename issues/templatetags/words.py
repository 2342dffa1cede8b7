"""How people's words are shown: ``{{ text|markdown }}`` on pages, ``{{ text|plain }}`` where there is one line; and whose
a promise is: ``{{ issue|promiser }}``, ``{% if issue|has_moved %}``."""

from django import template

from issues import markdown, promiser

register = template.Library()
register.filter("markdown", markdown.markdown)
register.filter("plain", markdown.plain)
register.filter("promiser", promiser.promiser)
register.filter("has_moved", promiser.has_moved)
