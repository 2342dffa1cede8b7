"""Many rows into a table at once, without model instances: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

import contextlib
import io
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from django.db import connection, models

from people.keys import KeyField, fold

BATCH = 10_000  # rows handed to the database at a time
Row = dict[str, Any]
Encode = Callable[[Any], Any]


def reserve(model: type[models.Model], count: int) -> list[int]:
    """That many primary keys nobody else gets, rising. Call inside the transaction that writes them."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
            )
            return sorted(key for (key,) in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or [0])[0]
        return list(range(last + 1, last + 1 + count))


def write(model: type[models.Model], rows: Iterable[Row]) -> int:
    """Insert rows given as {column attribute: value}; every row names the same. Returns how many.

    What they leave out gets its field's default, and key fields are filled; nothing else ``save()`` would do happens."""
    rows, count = iter(rows), 0
    put = _copy if connection.vendor == "postgresql" else _execute
    while batch := list(islice(rows, BATCH)):
        put(model, batch)
        count += len(batch)
    return count


@contextlib.contextmanager
def checked_at_the_end(*tables: type[models.Model]) -> Iterator[None]:
    """Foreign keys of these tables are checked all at once when the block ends: PostgreSQL alone takes longer to check
    them row by row than to store the rows. They are away meanwhile, so nobody else can use the tables."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        found = [key for model in tables for key in _foreign_keys(cursor, model._meta.db_table)]
        for table, name, _definition in found:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield
        for table, name, definition in found:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _foreign_keys(cursor: Any, table: str) -> list[tuple[str, str, str]]:
    cursor.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid = %s::regclass ORDER BY conname",
        [table],
    )
    return list(cursor.fetchall())


# --- Rows as the database takes them ---


def _copy(model: type[models.Model], rows: list[Row]) -> None:
    """COPY's text format. Columns that are the same in every row are encoded once, into the line's pattern."""
    fields, fixed = _fields(model, rows[0]), _fixed(model, rows[0])
    cells = [_cell(fixed[field.attname]).replace("%", "%%") if field.attname in fixed else "%s" for field in fields]
    pattern, names = "\t".join(cells) + "\n", _varying(fields, fixed)
    lines = io.StringIO("".join([pattern % tuple(map(_cell, row)) for row in _tuples(model, names, rows)]))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {connection.ops.quote_name(model._meta.db_table)} ({_columns(fields)}) FROM STDIN", lines
        )


def _execute(model: type[models.Model], rows: list[Row]) -> None:
    fields, fixed = _fields(model, rows[0]), _fixed(model, rows[0])
    names = _varying(fields, fixed)
    ordered = [field for field in fields if field.attname in fixed] + [f for f in fields if f.attname in names]
    start = tuple(_adapted(fixed[field.attname]) for field in ordered if field.attname in fixed)
    marks = ", ".join(["%s"] * len(ordered))
    into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({_columns(ordered)})"
    with connection.cursor() as cursor:
        cells = [start + tuple(map(_adapted, row)) for row in _tuples(model, names, rows)]
        cursor.executemany(f"{into} VALUES ({marks})", cells)


def _fields(model: type[models.Model], row: Row) -> list[Any]:
    """The columns an INSERT names: not generated ones, and a serial number only where the row has it."""
    fields = model._meta.concrete_fields
    return [f for f in fields if not f.generated and (f.attname in row or not isinstance(f, models.AutoField))]


def _fixed(model: type[models.Model], row: Row) -> Row:
    """Defaults of the columns the rows leave out."""
    left_out = (field for field in _fields(model, row) if field.attname not in row and not isinstance(field, KeyField))
    return {field.attname: field.get_default() for field in left_out}


def _varying(fields: list[Any], fixed: Row) -> list[str]:
    return [field.attname for field in fields if field.attname not in fixed]


def _columns(fields: list[Any]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)


def _tuples(model: type[models.Model], names: list[str], rows: list[Row]) -> Iterator[list[Any]]:
    keys = [(field.attname, field.of) for field in model._meta.concrete_fields if isinstance(field, KeyField)]
    for row in rows:
        for key, of in keys:
            row[key] = fold(row.get(of))
        yield [row[name] for name in names]


def _cell(value: Any) -> str:
    """A cell of COPY's text format."""
    return CELLS.get(type(value), _escaped)(value)


def _adapted(value: Any) -> Any:
    """A value as Django stores it in SQLite."""
    encode = ADAPTED.get(type(value))
    return encode(value) if encode else value


def _escaped(value: Any) -> str:
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


CELLS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    dict: lambda value: _escaped(json.dumps(value)),
    list: lambda value: _escaped(json.dumps(value)),
}
ADAPTED: dict[type, Encode] = {
    date: date.isoformat,
    datetime: lambda value: str(value.astimezone(UTC).replace(tzinfo=None)),
    uuid.UUID: lambda value: value.hex,
    dict: json.dumps,
    list: json.dumps,
}
