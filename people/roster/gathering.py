"""A whole file as people: each once, with the lines that are none, and everything worth a remark."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from people.keys import fold
from people.roster import values
from people.roster.columns import Columns
from people.roster.currency import Currency, status_rank
from people.roster.entries import Entry, Reader, Remark, Unusable, settle_dates
from people.roster.errors import RosterRefused
from people.roster.names import is_stand_in, tidy_name
from people.roster.reading import Row, Table

FEW_NAMES = 20  # fewer different "names" than this on many rows are words for something else


@dataclass
class Gathered:
    """The people of a file in the order of their lines, and its remarks."""

    people: list[Entry] = field(default_factory=list)
    rejected: list[tuple[Entry | None, Remark]] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def reject(self, line: int, column: str, reason: str, entry: Entry | None = None) -> None:
        self.rejected.append((entry, Remark(line, column, reason)))


def gather(table: Table, columns: Columns, *, today: date) -> Gathered:
    """Read every wanted line, keep each person's current row, and take shared addresses for contact only.

    Raises RosterRefused when no line meets the conditions or the "names" are not people's.
    """
    gathered, reader, currency = Gathered(), Reader(columns, table.width), Currency(table)
    addresses = Addresses(columns)
    entries = []
    wanted = 0
    for row in table.rows():
        addresses.see(row)
        if not columns.wanted(row.cells):
            continue
        wanted += 1
        try:
            entries.append(_read(reader, currency, row))
        except Unusable as reason:
            gathered.reject(row.line, reason.column, reason.reason)
    _refuse_foreign(wanted, entries, columns)
    settle_dates(entries, reader, today=today)
    gathered.warnings = reader.warnings
    gathered.people = _current(table, entries, currency, gathered)
    _demote_shared(gathered, addresses, columns)
    _list_shared_numbers(gathered, columns)
    _list_former(gathered, table, currency)
    return gathered


def _read(reader: Reader, currency: Currency, row: Row) -> Entry:
    entry = reader.read(row)
    entry.status = currency.status_of(row.cells)
    return entry


def _refuse_foreign(wanted: int, entries: list[Entry], columns: Columns) -> None:
    if not wanted:
        where = ", ".join(map(str, columns.conditions))
        raise RosterRefused(_("No line meets the conditions: %(where)s.") % {"where": where})
    names = {entry.name_key for entry in entries}
    if len(entries) > FEW_NAMES > len(names) and len(names) * 5 <= len(entries):
        words = _("This is not a people file. “%(column)s” holds only %(count)d different texts on %(rows)d rows.")
        label = columns.label("name")
        raise RosterRefused(words % {"column": label, "count": len(names), "rows": len(entries)}, field="name")


class Addresses:
    """Who each sign-in address of the file stands with, rows left out or without a person included."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.holders: dict[str, object] = {}
        self.shared: Counter[str] = Counter()

    def see(self, row: Row) -> None:
        """Count the row's address once for each person or empty post it stands with."""
        key = fold(values.parse_address(self.columns.text("email", row.cells)))
        if key is None:
            return
        holder = self._holder(row)
        if self.holders.setdefault(key, holder) != holder:
            self.shared[key] += 1

    def rows_with(self, key: str) -> int:
        """On how many rows of different holders a shared address stands."""
        return self.shared[key] + 1

    def _holder(self, row: Row) -> object:
        name = self.columns.text("name", row.cells)
        number = self.columns.text("employee_number", row.cells)
        return row.line if is_stand_in(name) else (fold(number), fold(tidy_name(name)))


def _current(table: Table, entries: list[Entry], currency: Currency, gathered: Gathered) -> list[Entry]:
    """One entry for each person; the other rows are listed."""
    groups: dict[object, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.identity].append(entry)
    several = [group for group in groups.values() if len(group) > 1]
    if not several:
        return entries
    lines = {entry.line for group in several for entry in group}
    cells = {row.line: row.cells for row in table.rows() if row.line in lines}
    if not table.header:
        currency.look_at(cells.values())
    kept = {}
    for key, group in groups.items():
        kept[key] = max(group, key=lambda entry: currency.rank(entry.line, cells[entry.line]) if len(group) > 1 else ())
        for entry in group:
            if entry is not kept[key]:
                words = _("another row of %(name)s: line %(line)d is the current one")
                gathered.warnings.append(Remark(entry.line, "", words % {"name": entry.name, "line": kept[key].line}))
    return list(kept.values())


def _demote_shared(gathered: Gathered, addresses: Addresses, columns: Columns) -> None:
    """An address on several rows becomes a contact address; who has no number besides is nobody to know again."""
    kept, listed = [], set()
    label = columns.label("email")
    for entry in gathered.people:
        if key := entry.email_key if entry.email_key in addresses.shared else None:
            address = entry.values.pop("email")
            entry.values.setdefault("contact_email", address)
            entry.email_key = None
            if key not in listed:
                listed.add(key)
                words = _("%(address)s stands on %(count)d rows: a contact address only, it signs nobody in")
                reason = words % {"address": address, "count": addresses.rows_with(key)}
                gathered.warnings.append(Remark(entry.line, label, reason))
            if not entry.number_key:
                gathered.reject(entry.line, label, _("no employee number, and several people share the e-mail"), entry)
                continue
        kept.append(entry)
    gathered.people = kept


def _list_shared_numbers(gathered: Gathered, columns: Columns) -> None:
    first: dict[str, Entry] = {}
    label = columns.label("employee_number")
    for entry in gathered.people:
        if entry.number_key and (other := first.setdefault(entry.number_key, entry)) is not entry:
            words = _("number %(number)s is also that of %(name)s on line %(line)d: both are kept")
            fields = {"number": entry.values["employee_number"], "name": other.name, "line": other.line}
            gathered.warnings.append(Remark(entry.line, label, words % fields))


def _list_former(gathered: Gathered, table: Table, currency: Currency) -> None:
    if currency.status is None or not table.header:
        return
    for entry in gathered.people:
        if status_rank(entry.status) == 0:
            reason = _("the file calls %(name)s “%(status)s”") % {"name": entry.name, "status": entry.status[:40]}
            gathered.warnings.append(Remark(entry.line, table.label(currency.status), reason))


def doubled(keys: Iterable[str | None]) -> frozenset[str]:
    """Keys that occur more than once."""
    return frozenset(key for key, count in Counter(keys).items() if key and count > 1)
