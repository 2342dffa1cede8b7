"""The table every readable file becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from people.roster.errors import RosterRefused
from people.roster.vocabulary import is_sensitive

MAX_BYTES = 20 * 1024**2
MAX_ROWS = 200_000
MAX_COLUMNS = 300
MAX_CELL = 32_767  # characters, what a spreadsheet's own cell can hold


class Row(NamedTuple):
    """One line of the table. ``line`` is where it begins in the file, counted from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Header and lines of a file. Reading it again starts from the top; no line is kept.

    ``header`` is empty for a file without one. Cells of columns named like passwords, pay or other sensitive
    things (``sealed``) are emptied before anybody sees them.
    """

    header: tuple[str, ...]
    header_line: int
    width: int
    encoding: str
    delimiter: str
    open_rows: Callable[[], Iterator[Row]]
    sheet: str = ""
    sealed: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        sealed = frozenset(index for index, name in enumerate(self.header) if is_sensitive(name))
        object.__setattr__(self, "sealed", sealed)

    def rows(self) -> Iterator[Row]:
        """Every line below the header that holds anything. Raises RosterRefused past MAX_ROWS."""
        count = 0
        for row in self.open_rows():
            if row.line <= self.header_line or not any(row.cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise RosterRefused(_("The file has more than %(rows)d rows.") % {"rows": MAX_ROWS})
            yield self._sealed(row)

    def _sealed(self, row: Row) -> Row:
        if not self.sealed:
            return row
        return Row(row.line, tuple("" if index in self.sealed else cell for index, cell in enumerate(row.cells)))

    def label(self, index: int) -> str:
        """What a column is called: its header, or its place."""
        name = self.header[index] if index < len(self.header) else ""
        return name or f"#{index + 1}"


def tidy(cell: str) -> str:
    """A cell without surrounding space; of one longer than any spreadsheet's just enough to know that it is."""
    return cell.strip(" \t\r\n\f\v\u00a0\u200b\ufeff")[: MAX_CELL + 1]


def is_overlong(cell: str) -> bool:
    """Was more written here than a cell can hold?"""
    return len(cell) > MAX_CELL
