"""Many new rows in one statement."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, connection, models, transaction

MANY = 100  # rows: for fewer the savepoint around a COPY takes longer than it saves
NULL = str(None)  # what "%s" makes of a cell that is empty


def insert_new(model: type[models.Model], names: Sequence[str], rows: list[Any], **same: Any) -> int | None:
    """What ``insert_missing`` does, for rows of which hardly ever one is known: on PostgreSQL many go by COPY.

    Where COPY meets a known row, as when another transaction was faster with the same, it is undone and all go the
    other way; so do rows with a cell that would have to be escaped.
    """
    many = connection.vendor == "postgresql" and len(rows) >= MANY
    if many and (lines := _lines(rows, list(same.values()))):
        with contextlib.suppress(IntegrityError), transaction.atomic():
            _copy(model, (*names, *same), lines)
            return len(rows)
    return insert_missing(model, names, rows, **same)


def insert_missing(model: type[models.Model], names: Sequence[str], rows: list[Any], **same: Any) -> int | None:
    """Store rows, leaving out those a unique constraint knows already; how many came in, None where nobody can say.

    A row holds the values of the columns ``names``, ``same`` what all rows share; every column but a counted key is
    named. On PostgreSQL the rows go as an array a column, several times as fast as the ORM's value a cell.
    """
    if not rows:
        return 0
    if connection.vendor == "postgresql":
        return _insert_arrays(model, names, rows, same)
    instances = [model(**dict(zip(names, row, strict=True)), **same) for row in rows]
    model._default_manager.bulk_create(instances, ignore_conflicts=True)
    return None


def _lines(rows: list[Any], same: list[Any]) -> str:
    """The rows as COPY reads them, empty where a cell holds what has a meaning there. All cells are looked through at
    once, for that hardly ever happens."""
    end = "\t".join(["", *map(str, same)]).replace("%", "%%") + "\n"
    pattern, columns = "\t".join(["%s"] * len(rows[0])) + end, len(rows[0]) + len(same)
    lines = "".join([pattern % row for row in rows])
    marks = {"\t": (columns - 1) * len(rows), "\n": len(rows), "\r": 0, "\\": 0}
    marks[NULL] = sum(row.count(None) for row in rows) + same.count(None) * len(rows)
    return lines if all(lines.count(mark) == expected for mark, expected in marks.items()) else ""


def _copy(model: type[models.Model], names: Sequence[str], lines: str) -> None:
    quote = connection.ops.quote_name
    into = f"{quote(model._meta.db_table)} ({', '.join(map(quote, names))})"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {into} FROM STDIN WITH (NULL '{NULL}')", io.StringIO(lines))


def _insert_arrays(model: type[models.Model], names: Sequence[str], rows: list[Any], same: dict[str, Any]) -> int:
    quote, types = connection.ops.quote_name, {field.attname: _type(field) for field in model._meta.concrete_fields}
    columns = ", ".join(quote(name) for name in (*names, *same))
    arrays = ", ".join(f"%s::{types[name]}[]" for name in names)
    places = ", ".join([*(f"_{i}" for i in range(len(names))), *("%s" for _ in same)])
    aliases = ", ".join(f"_{i}" for i in range(len(names)))
    source = f"SELECT {places} FROM unnest({arrays}) AS row({aliases})"  # noqa: S608 - names of our own columns
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {source} ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(insert, [*same.values(), *map(_array, zip(*rows, strict=True))])
        return int(cursor.rowcount)


def _array(values: Iterable[Any]) -> str:
    """The values as PostgreSQL writes an array: one text, where the driver's ARRAY[…] has each value parsed as SQL."""
    return "{" + ",".join(["NULL" if value is None else _element(value) for value in values]) + "}"


def _element(value: Any) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _type(field: models.Field[Any, Any]) -> str:
    """The column's type, without the length or sequence that only a table's definition may have."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return str(target.rel_db_type(connection)).partition("(")[0]
