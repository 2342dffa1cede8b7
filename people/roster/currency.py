"""Which of several rows about one person is the current one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from people.keys import fold
from people.roster import values, vocabulary
from people.roster.reading import Table

CURRENT = frozenset("current active employed aktiv actif open yes y true 1 filled".split()) | {"in post"}
PAST = frozenset(
    "left leaver former ended end terminated inactive closed past retired resigned expired dismissed no n false 0 "
    "inaktiv historic previous".split()
) | {"former employee", "no longer employed", "not active"}


def status_rank(text: str) -> int:
    """2 for a status that says current, 0 for one that says past, 1 for nothing and anything else."""
    word = fold(text) or ""
    return 2 if word in CURRENT else 0 if word in PAST or word.startswith("former") else 1


class Currency:
    """Reads status, end and start of an assignment from columns of that name, or a status from its values alone."""

    def __init__(self, table: Table) -> None:
        named = reversed([(name, i) for i, name in enumerate(table.header) if i not in table.sealed])
        places = {vocabulary.squeezed(name): i for name, i in named}
        self.status, self.ended, self.began = (
            next((places[word] for word in words if word in places), None)
            for words in (vocabulary.STATUS, vocabulary.ENDED, vocabulary.BEGAN)
        )

    def look_at(self, rows: Iterable[Sequence[str]]) -> None:
        """Find the status column of a file without one by name: every value in it is a status, and one says current."""
        if self.status is not None:
            return
        for index, cells in enumerate(zip(*rows, strict=False)):
            words = {fold(cell) for cell in cells if cell}
            said = [word for word in words if word and word.isalpha() and len(word) > 3]
            if words and len(said) == len(words) and words <= CURRENT | PAST and words & CURRENT:
                self.status = index
                return

    def status_of(self, cells: Sequence[str]) -> str:
        """The text of the status column, empty without one."""
        return _cell(cells, self.status)

    def rank(self, line: int, cells: Sequence[str]) -> tuple[int, datetime.date, datetime.date, int]:
        """Greater is more current: by status, no end date, later start, later line."""
        ended, began = _cell(cells, self.ended), _cell(cells, self.began)
        return (
            status_rank(self.status_of(cells)),
            (values.parse_date(ended) or datetime.date.min) if ended else datetime.date.max,
            values.parse_date(began) or datetime.date.min,
            line,
        )


def _cell(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""
