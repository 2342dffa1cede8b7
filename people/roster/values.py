"""What cells mean: dates, languages, yes and no, addresses, time zones. None is "not understood"; nothing raises."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Iterable
from enum import StrEnum
from functools import cache, lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from people.roster.names import words_of

EARLIEST = datetime.date(1930, 1, 1)
MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
YES = frozenset("yes y true 1 x t ja j oui o si sí ✓ ✔ on nominated".split())
NO = frozenset("no n false 0 f nein non off - not".split())
_BLANKS = "na,n a,nd,n d,none,null,nil,nan,unknown,not known,tbc,tba,tbd,not applicable,not available,not disclosed"
BLANKS = frozenset(_BLANKS.split(","))
# ISO 639-1 codes by the names people write
LANGUAGES = {
    name: code
    for code, names in {
        "ar": "arabic", "bg": "bulgarian", "bn": "bengali bangla", "ca": "catalan", "cs": "czech", "da": "danish",
        "de": "german deutsch", "el": "greek", "en": "english eng", "es": "spanish español castilian", "et": "estonian",
        "fi": "finnish", "fr": "french français fra", "ga": "irish", "gu": "gujarati", "he": "hebrew", "hi": "hindi",
        "hr": "croatian", "hu": "hungarian", "id": "indonesian", "it": "italian italiano", "ja": "japanese",
        "kn": "kannada", "ko": "korean", "lt": "lithuanian", "lv": "latvian", "ml": "malayalam",
        "mr": "marathi", "ms": "malay",
        "nl": "dutch nederlands", "no": "norwegian", "pa": "punjabi", "pl": "polish polski",
        "pt": "portuguese português", "ro": "romanian", "ru": "russian", "sk": "slovak",
        "sl": "slovene slovenian", "sr": "serbian", "sv": "swedish",
        "ta": "tamil", "te": "telugu", "th": "thai", "tl": "tagalog filipino", "tr": "turkish", "uk": "ukrainian",
        "ur": "urdu", "vi": "vietnamese", "cy": "welsh", "zh": "chinese mandarin cantonese",
    }.items()
    for name in names.split()
}  # fmt: skip
_address = EmailValidator()
_LETTER = re.compile(r"[^\W\x00-\x7f]")  # letters beyond ASCII, which mail systems may have before the @


class DateOrder(StrEnum):
    """Which of two figures is the day, chosen once per file."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


_FIGURES = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})(?:[ T].*)?")
_ISO = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[ T].*)?")
_WORDY = re.compile(r"(?:(\d{1,2})[\s\-.]+)?([^\W\d_]{3,})\.?[\s\-.]+(?:(\d{1,2}),?\s+)?(\d{4}|\d{2})")


def date_order(texts: Iterable[str]) -> tuple[DateOrder, bool]:
    """The order that fits most of a column's dates, and whether they left no doubt. Day-first when nothing tells."""
    days = months = 0
    written = False
    for text in texts:
        if match := _FIGURES.fullmatch(text.strip()):
            written = True
            days += int(match[1]) > 12
            months += int(match[2]) > 12
    order = DateOrder.MONTH_FIRST if months > days else DateOrder.DAY_FIRST
    return order, not written or bool(days or months)


def parse_date(text: str, order: DateOrder = DateOrder.DAY_FIRST) -> datetime.date | None:
    """The date ``text`` writes: ISO, with a month's name, or figures in this ``order``."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return _date(match[1], match[2], match[3])
    if match := _FIGURES.fullmatch(text):
        first, second = match[1], match[2]
        day, month = (first, second) if order == DateOrder.DAY_FIRST else (second, first)
        return _date(match[3], month, day)
    if (match := _WORDY.fullmatch(text)) and (match[1] or match[3]):
        return _date(match[4], MONTHS.get(match[2][:3].casefold(), 0), match[1] or match[3])
    return None


def _date(year: str, month: int | str, day: str) -> datetime.date | None:
    whole = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 60 else 1900)
    try:
        date = datetime.date(whole, int(month), int(day))
    except ValueError:
        return None
    return date if date >= EARLIEST else None


def parse_yes(text: str) -> bool | None:
    """Yes or no; None for anything else, a rating say."""
    word = text.strip().casefold()
    return True if word in YES else False if word in NO else None


def parse_visits(text: str) -> int | None:
    """1, 2 or 3."""
    match = re.fullmatch(r"([123])(?:\.0*)?", text.strip())
    return int(match[1]) if match else None


def parse_languages(text: str) -> tuple[str, ...]:
    """Language codes in the order given, each once. Names become codes; what has none stays as it is written."""
    words = re.split(r"[\s,;/|]+", text.casefold())
    tidy = (word.strip("().") for word in words)
    return tuple(dict.fromkeys(LANGUAGES.get(word, word.replace("_", "-")[:16]) for word in tidy if word))


def is_language(code: str) -> bool:
    return code in LANGUAGES.values() or bool(re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code))


@lru_cache(maxsize=1024)
def parse_address(text: str) -> str | None:
    """An e-mail address, also from ``Name <address>`` and ``mailto:``."""
    text = text.strip().strip(";,").removeprefix("mailto:")
    if match := re.search(r"<([^<>]+)>\s*$", text):
        text = match[1]
    local, _at, domain = text.rpartition("@")
    try:
        _address(f"{_LETTER.sub('a', local)}@{domain}")
    except ValidationError:
        return None
    return text if len(text) <= 254 else None


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones()}


def parse_time_zone(text: str) -> str | None:
    """The IANA name of a time zone, whatever its case."""
    return _zones().get(text.strip().replace(" ", "_").casefold())


def is_blank(text: str) -> bool:
    """Is there nothing here, or what forms hold for nothing ("N/A", "-")?"""
    return not any(map(str.isalnum, text)) or (" ".join(words_of(text)) in BLANKS and not any(map(str.isdigit, text)))
