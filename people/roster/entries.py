"""One line of a file as what it says about a person, and what is wrong with it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from people.keys import fold
from people.roster import values
from people.roster.columns import Columns
from people.roster.names import is_stand_in, tidy_name
from people.roster.reading import MAX_CELL, Row

LIMITS = {"name": 200, "employee_number": 64, "level": 60, "team": 200, "function": 120, "site": 120, "home_site": 120}
MAX_UNIT = 600  # characters of a path
JOINS_WITHIN = datetime.timedelta(days=366)  # people are on rosters before their first day, but not for longer


class Remark(NamedTuple):
    """Something to know about a line: where, which column, and why."""

    line: int
    column: str
    reason: str


@dataclass(slots=True)
class Entry:
    """What a line says. ``values`` holds only the fields it fills; ``dates`` waits for the file's date order."""

    line: int
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    number_key: str | None = None
    name_key: str = ""
    email_key: str | None = None
    status: str = ""

    @property
    def identity(self) -> tuple[str | None, str]:
        """Rows with the same one are the same person: number and name, else address and name."""
        return (self.number_key or f"@{self.email_key}", self.name_key)


class Unusable(Exception):
    """This line cannot become a person."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class Reader:
    """Reads lines of one file into entries, collecting ``warnings`` on the way."""

    def __init__(self, columns: Columns, width: int) -> None:
        self.columns = columns
        self.width = width
        self.warnings: list[Remark] = []

    def read(self, row: Row) -> Entry:
        """The entry of a line. Raises Unusable for lines without a person, a key or (hosts) a site."""
        self._refuse_overlong(row)
        entry = Entry(row.line, self._name(row))
        entry.name_key = fold(entry.name) or ""
        self._read_keys(entry, row.cells)
        for name in self.columns.fields.keys() | self.columns.defaults.keys():
            if name in READERS:
                self._read_field(entry, name, self.columns.text(name, row.cells))
        if self.columns.kind == "hosts" and "site" not in entry.values:
            raise Unusable(self.columns.label("site"), _("no site"))
        return entry

    def warn(self, line: int, name: str, reason: str) -> None:
        """List something about the column a field is read from."""
        self.warnings.append(Remark(line, self.columns.label(name), reason))

    def _refuse_overlong(self, row: Row) -> None:
        if len(row.cells) > self.width and any(row.cells[self.width :]):
            words = _("%(cells)d cells, the header has %(width)d: a separator inside a cell without quotation marks?")
            raise Unusable("", words % {"cells": len(row.cells), "width": self.width})
        label = self.columns.overlong(row.cells)
        if label is not None:
            words = _("more than %(count)d characters, which no cell can hold")
            raise Unusable(label, words % {"count": MAX_CELL})

    def _name(self, row: Row) -> str:
        text, label = self.columns.text("name", row.cells), self.columns.label("name")
        if is_stand_in(text):
            raise Unusable(label, _("nobody in this post") + (f" ({text[:60]})" if text else ""))
        name = tidy_name(text)
        if len(name) > LIMITS["name"]:
            raise Unusable(label, _("longer than %(count)d characters, so no name") % {"count": LIMITS["name"]})
        return name

    def _read_keys(self, entry: Entry, cells: Sequence[str]) -> None:
        number = " ".join(self.columns.text("employee_number", cells).split())
        if number and not values.is_blank(number):
            if len(number) > LIMITS["employee_number"]:
                raise Unusable(self.columns.label("employee_number"), _("longer than any number"))
            entry.values["employee_number"], entry.number_key = number, fold(number)
        for name in ("email", "contact_email"):
            self._read_field(entry, name, self.columns.text(name, cells))
        entry.email_key = fold(entry.values.get("email"))
        if not (entry.number_key or entry.email_key):
            label = self.columns.label("employee_number") or self.columns.label("email")
            raise Unusable(label, _("no employee number and no e-mail to know this person by"))

    def _read_field(self, entry: Entry, name: str, text: str) -> None:
        reader, complaint = READERS[name]
        if not text or (name not in KEYS_OF_OTHERS and values.is_blank(text)):
            return
        value = reader(text)
        if value is None:
            self.warn(entry.line, name, _(complaint) % {"text": text[:60]})
        else:
            entry.values[name] = value
        if name == "languages":
            self._doubt_languages(entry, text)

    def _doubt_languages(self, entry: Entry, text: str) -> None:
        if odd := [code for code in entry.values.get("languages", ()) if not values.is_language(code)]:
            words = _("“%(text)s” is no language known by this name")
            self.warn(entry.line, "languages", words % {"text": ", ".join(odd)[:60]})


def short(name: str) -> Callable[[str], str]:
    """Reads text on one line, cut to what its column holds."""
    return lambda text: " ".join(text.split())[: LIMITS[name]]


def one_line(text: str) -> str | None:
    """Text with runs of space made one; None when nothing is left."""
    return " ".join(text.split()) or None


def unit_path(text: str) -> str | None:
    """A unit's path, its parts joined by " / "; None when it is longer than any."""
    path = " / ".join(part for part in re.split(r"\s+/\s+", " ".join(text.split())) if part)
    return path if len(path) <= MAX_UNIT and all(len(part) <= 200 for part in path.split(" / ")) else None


def gettext_noop(text: str) -> str:
    """Marks text for translators; it is translated where it is used."""
    return text


KEYS_OF_OTHERS = frozenset({"manager", "assistant"})
READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "email": (values.parse_address, gettext_noop("“%(text)s” is no e-mail address")),
    "contact_email": (values.parse_address, gettext_noop("“%(text)s” is no e-mail address")),
    "level": (short("level"), ""),
    "business_unit": (unit_path, gettext_noop("“%(text)s…” is too long for a unit")),
    "site": (short("site"), ""),
    "home_site": (short("home_site"), ""),
    "team": (short("team"), ""),
    "function": (short("function"), ""),
    "manager": (one_line, ""),
    "assistant": (one_line, ""),
    "time_zone": (values.parse_time_zone, gettext_noop("“%(text)s” is no time zone; write it like Europe/Lisbon")),
    "languages": (values.parse_languages, ""),
    "hired_on": (str.strip, ""),
    "max_visits": (values.parse_visits, gettext_noop("“%(text)s” is not 1, 2 or 3 visits")),
    "nominated": (values.parse_yes, gettext_noop("“%(text)s” is neither yes nor blank: a nomination is no rating")),
}


def settle_dates(entries: Iterable[Entry], reader: Reader, *, today: datetime.date) -> None:
    """Turn the texts of one file's hire dates into dates, all in the order that fits most of them.

    Every date after ``today`` is listed; one too far ahead to be true is left out.
    """
    dated = [entry for entry in entries if "hired_on" in entry.values]
    order, certain = values.date_order(entry.values["hired_on"] for entry in dated)
    if not certain:
        words = _("dates like “%(text)s” were read %(order)s; nothing in the file tells which")
        reader.warn(dated[0].line, "hired_on", words % {"text": dated[0].values["hired_on"][:20], "order": order})
    for entry in dated:
        text = entry.values.pop("hired_on")
        date = values.parse_date(text, order)
        if date is None:
            reader.warn(entry.line, "hired_on", _("“%(text)s” is no date") % {"text": text[:60]})
        else:
            _keep_hire_date(entry, date, text, reader, today)


def _keep_hire_date(entry: Entry, date: datetime.date, text: str, reader: Reader, today: datetime.date) -> None:
    if date > today + JOINS_WITHIN:
        reader.warn(entry.line, "hired_on", _("“%(text)s” is too far ahead to be a hire date") % {"text": text[:60]})
        return
    if date > today:
        reader.warn(entry.line, "hired_on", _("“%(text)s” is still to come") % {"text": text[:60]})
    entry.values["hired_on"] = date
