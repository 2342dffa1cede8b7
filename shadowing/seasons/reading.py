"""Small readers of values out of a parsed JSON document. Each notes what is wrong under its path and goes on."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shadowing.seasons.problems import Problem

SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
MISSING = object()


@dataclass
class Reader:
    """One JSON object at ``path``. Readers of its parts share the list of problems."""

    data: Any
    path: str = ""
    problems: list[Problem] = field(default_factory=list)
    is_no_object: bool = False

    def note(self, name: str, text: str) -> None:
        self.problems.append(Problem(self.at(name), text))

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path and name else self.path or name

    def only(self, *names: str) -> Reader:
        """Note a value that is no object, and every key that means nothing here."""
        if not isinstance(self.data, dict):
            self.note("", _("this must be an object with the keys %(names)s") % {"names": ", ".join(names)})
            self.data, self.is_no_object = {}, True
        for name in self.data:
            if name not in names:
                self.note(str(name)[:60], _("unknown; known are %(names)s") % {"names": ", ".join(names)})
        return self

    def has(self, name: str) -> bool:
        return name in self.data

    def part(self, name: str) -> Reader:
        """The object under ``name``; an empty one where it is missing."""
        return Reader(self.data.get(name, {}), self.at(name), self.problems)

    def items(self, name: str, *, most: int) -> Iterator[Reader]:
        """A reader for each element of the list under ``name``."""
        for place, item in enumerate(self.entries(name, most=most)):
            yield Reader(item, f"{self.at(name)}[{place}]", self.problems)

    def entries(self, name: str, *, most: int) -> list[Any]:
        value = self.data.get(name, [])
        if not isinstance(value, list):
            self.note(name, _("this must be a list"))
            return []
        if len(value) > most:
            self.note(name, _("at most %(most)s entries") % {"most": most})
        return value[:most]

    def read(self, name: str, convert: Callable[[Any], Any], default: Any = MISSING) -> Any:
        """The value under ``name`` through ``convert``; None, noted, when it is missing without a default or wrong."""
        value = self.data.get(name, MISSING)
        if value is MISSING:
            if default is not MISSING:
                return default
            if not self.is_no_object or not self.path:
                self.note(name, _("this is needed"))
            return None
        try:
            return convert(value)
        except ValueError as error:
            self.note(name, str(error))
            return None


def text(most: int) -> Callable[[Any], str]:
    """One line of words, trimmed, not empty."""

    def convert(value: Any) -> str:
        words = " ".join(value.split()) if isinstance(value, str) else ""
        if not words or len(words) > most or not words.isprintable():
            raise ValueError(_("this must be a text of 1 to %(most)s signs") % {"most": most})
        return words

    return convert


def optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, but an empty text is fine too."""
    return lambda value: "" if value == "" else convert(value)


def slug(value: Any) -> str:
    """A short name for addresses."""
    if not isinstance(value, str) or len(value) > 60 or not SLUG.fullmatch(value):
        raise ValueError(_("this must be a short name of small letters, digits and hyphens"))
    return value


def day(value: Any) -> date:
    """A date in ISO form."""
    try:
        if isinstance(value, str) and len(value) == len("2027-03-01"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(_("%(value)s is not a date like 2027-03-01") % {"value": shown(value)})


def clock_time(value: Any) -> str:
    """A time of the day, hours and minutes."""
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(_("%(value)s is not a time like 09:00") % {"value": shown(value)})
    return value


def whole(least: int, most: int) -> Callable[[Any], int]:
    """A whole number within bounds. True and 3.0 are none."""

    def convert(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(
                _("this must be a whole number from %(least)s to %(most)s") % {"least": least, "most": most}
            )
        return value

    return convert


def number(most: float) -> Callable[[Any], float]:
    """A finite number from 0."""

    def convert(value: Any) -> float:
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not math.isfinite(value)
            or not 0 <= value <= most
        ):
            raise ValueError(_("this must be a number from 0 to %(most)s") % {"most": most})
        return value

    return convert


def yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("this must be true or false"))
    return value


def one_of(*choices: str) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        if value not in choices:
            raise ValueError(_("this must be one of %(choices)s") % {"choices": ", ".join(choices)})
        return str(value)

    return convert


def shown(value: Any) -> str:
    """A value as a sentence quotes it, cut to a reasonable length."""
    words = value if isinstance(value, str) else repr(value)
    return f"“{words[:40]}”"
