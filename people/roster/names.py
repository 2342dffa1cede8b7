"""Names, and what files write where a post has nobody in it."""

from __future__ import annotations

import re
import unicodedata

_PHRASES = (
    "nd, na, not applicable, not available, not disclosed, undisclosed, withheld, name withheld, redacted, "
    "vacant, vacancy, vacant post, vacant position, post vacant, position vacant, currently vacant, "
    "temporarily vacant, eliminated, post eliminated, deleted, post deleted, abolished, post abolished, "
    "disestablished, removed, closed, post closed, not in post, no one in post, nobody in post, no post "
    "holder, no postholder, no holder, nobody, no one, none, nil, null, nan, not known, unknown, unnamed, not "
    "named, no name, unfilled, not filled, unassigned, not assigned, open, open post, open position, open "
    "role, open req, empty, blank, not appointed, not yet appointed, to be confirmed, to be announced, to be "
    "appointed, to be recruited, to be determined, to be advised, to be filled, tbc, tba, tbd, tbr, awaiting "
    "appointment, under recruitment, in recruitment, recruiting, being recruited, recruitment in progress, "
    "frozen, post frozen, on hold, pending, new post, new hire, nn, vakant, unbesetzt, nicht besetzt, "
    "vacante, poste vacant, à pourvoir, n a, n d, n k, not stated, not provided, not recorded, anonymous, "
    "dummy, placeholder, x, xx, xxx"
)
_STARTS = frozenset("vacant vacancy eliminated tbc tba tbd unfilled vakant unbesetzt".split())
_INSIDE = re.compile(
    r"\b(not in post|post (is )?(currently )?vacant|currently vacant|vacant post|vacant position"
    r"|to be (confirmed|appointed|recruited|announced|filled)|awaiting appointment"
    r"|recruitment (in progress|underway))\b"
)
STAND_INS = frozenset(" ".join(phrase.split()) for phrase in _PHRASES.split(","))
_WORDS = re.compile(r"[^\W\d_]+")
QUOTES = "'\"`´‘’‚‛“”„‟«»‹›"


def words_of(text: str) -> list[str]:
    """The words of ``text`` in one case, without figures, quotes and punctuation."""
    return _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())


def is_stand_in(text: str) -> bool:
    """Does ``text``, quoted or not, say that nobody is in this post? Nothing, and signs alone, say so too."""
    words = words_of(text)
    phrase = " ".join(words)
    if not words or text.strip().startswith("#") or phrase in STAND_INS:
        return True
    if words[0] in _STARTS or _INSIDE.search(phrase):
        return True
    return all(word in STAND_INS for word in _chunks(text))


def _chunks(text: str) -> list[str]:
    """Space-separated parts, so that a first and a last name of "N/A" are seen for what they are."""
    return ["".join(words_of(part)) for part in text.split()]


def tidy_name(text: str) -> str:
    """A name on one line, without quotation marks around it; those inside (O'Neil) stay."""
    name = " ".join(text.split())
    while len(name) > 1 and name[0] in QUOTES and name[-1] in QUOTES:
        name = name[1:-1].strip()
    return name
