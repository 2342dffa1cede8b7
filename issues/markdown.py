"""The few marks people may use in their words: bold, emphasis, lists, links, code. No HTML of theirs ever comes out.

The library only reads: its tokens are written by a table of our own, so that whatever is not in the table is text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

RULES = ["newline", "escape", "backticks", "emphasis", "link", "list"]
SCHEMES = {"http", "https", "mailto"}
TAGS = {"paragraph": "p", "strong": "strong", "em": "em", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li"}
DEEPEST = 20  # levels; the parser leaves out what lies deeper
BREAK, LINK_END = mark_safe("<br>"), mark_safe("</a>")
_parser = MarkdownIt("zero", {"html": False, "maxNesting": DEEPEST}).enable(RULES)


@lru_cache(maxsize=2048)
def markdown(text: str) -> SafeString:
    """A person's words as HTML: paragraphs, line breaks and the marks of RULES; everything else as it was typed."""
    parts = [_written(token) for token in _tokens(text)]
    return mark_safe("".join(parts))  # noqa: S308 - each part is a tag of TAGS or escaped in _written


def plain(text: str) -> str:
    """The same words without marks, for one-line places and text mails: a link is followed by its address."""
    said, address = "", ""
    for token in _tokens(text):
        address = str(token.attrGet("href") or "") if token.type == "link_open" else address
        said += f" ({address})" if token.type == "link_close" else _spoken(token)
    return "\n".join(line.strip() for line in said.splitlines() if line.strip())


def is_link(address: str) -> bool:
    """True for addresses that may be linked: http, https and mailto, and nothing that only looks like them."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in SCHEMES and bool(parts.path if parts.scheme == "mailto" else parts.netloc)


_parser.validateLink = is_link  # type: ignore[method-assign, assignment]


def _tokens(text: str) -> list[Token]:
    """What was typed, flat. Lists too deep for the parser are left as they are: nobody's words are dropped."""
    blocks = _parser.parse(text)
    if any(token.level >= DEEPEST - 1 for token in blocks):
        return [Token("paragraph_open", "p", 1), Token("text", "", 0, content=text), Token("paragraph_close", "p", -1)]
    return [part for block in blocks for part in (block.children or [] if block.type == "inline" else [block])]


def _written(token: Token) -> SafeString:
    if token.type in WRITTEN:
        return WRITTEN[token.type](token)
    name, _underscore, side = token.type.rpartition("_")
    if name in TAGS and side in ("open", "close"):
        if token.hidden:  # the paragraph inside a list without blank lines
            return SafeString()
        return format_html("<{}>" if side == "open" else "</{}>", TAGS[name])
    return conditional_escape(token.content)


def _link(token: Token) -> SafeString:
    address = str(token.attrGet("href") or "")
    return format_html('<a href="{}" rel="nofollow noopener">', address if is_link(address) else "")


def _lines(token: Token) -> SafeString:
    """A run of text; line breaks inside it are kept."""
    return format_html_join(BREAK, "{}", ((line,) for line in token.content.split("\n")))


WRITTEN: dict[str, Callable[[Token], SafeString]] = {
    "text": _lines,
    "softbreak": lambda token: BREAK,
    "hardbreak": lambda token: BREAK,
    "code_inline": lambda token: format_html("<code>{}</code>", token.content),
    "ordered_list_open": lambda token: format_html('<ol start="{}">', int(token.attrGet("start") or 1)),
    "link_open": _link,
    "link_close": lambda token: LINK_END,
}


def _spoken(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak", "paragraph_close", "list_item_close"):
        return "\n"
    if token.type == "list_item_open":
        return f"{token.info}{token.markup} " if token.info else "- "
    return token.content
