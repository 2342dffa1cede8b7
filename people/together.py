"""Several small reads in one query: what a page asks of many tables costs it one round trip.

The reads are put side by side as text. Django's own ways, a union of annotated reads or a subquery for each count, take
longer to write such a query than the database to answer it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

Part = tuple[str, str, tuple[Any, ...], int]  # name, text, its parameters, number of columns


def counted(most: int, caps: dict[str, int] | None = None, /, **reads: QuerySet[Any]) -> dict[str, int]:
    """How many rows each read has, counting no further than ``most``, or what ``caps`` says of its name."""
    cut = {name: rows.order_by().values("pk")[: (caps or {}).get(name, most)] for name, rows in reads.items()}
    parts = list(_parts(cut))
    found = dict.fromkeys(reads, 0)
    if parts:
        counts = ", ".join(f"(SELECT COUNT(*) FROM ({text}) part)" for _name, text, _params, _width in parts)  # noqa: S608
        numbers = _asked(f"SELECT {counts}", parts)[0]
        found |= {part[0]: number for part, number in zip(parts, numbers, strict=True)}
    return found


def listed(**reads: QuerySet[Any, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(name, row) of every row of these reads, each made by ``values_list``. Columns in the same place are of one kind,
    numbers or texts; a shorter row ends in None. In no order."""
    parts = list(_parts(reads))
    widest = max((part[3] for part in parts), default=0)
    lines = [
        f"SELECT '{name}', part.*{', NULL' * (widest - width)} FROM ({text}) part"  # noqa: S608 - Django's own text
        for name, text, _params, width in parts
    ]
    for name, *row in _asked(" UNION ALL ".join(lines), parts) if parts else ():
        yield name, tuple(row)


def _parts(reads: dict[str, QuerySet[Any, Any]]) -> Iterator[Part]:
    """The reads that can have rows at all."""
    for name, rows in reads.items():
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            text, params = compiler.as_sql()
        except EmptyResultSet:
            continue
        yield name, text, params, len(compiler.select)


def _asked(text: str, parts: list[Part]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, [value for part in parts for value in part[2]])
        return list(cursor.fetchall())
