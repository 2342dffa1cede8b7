"""Writing down what became of a claimed message: one short statement, for it stands between two mails."""

from __future__ import annotations

from typing import Any

from django.db import connection

from notifications.models import Message, MessageState

QUEUED, UNSENT = f"state = '{MessageState.QUEUED}'", f"state <> '{MessageState.SENT}'"


def mark(message: Message, **change: Any) -> bool:
    """Write the outcome; False when another worker has claimed the row since (the fence), or it is queued no more.

    That it was sent is written even if somebody cancelled it in the same second. Not through the ORM, which thinks
    about the statement longer than the database works on it.
    """
    wanted = UNSENT if change.get("state") == MessageState.SENT else QUEUED
    change = {"held_back": False} | change
    names = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in change)
    table = connection.ops.quote_name(Message._meta.db_table)
    statement = f"UPDATE {table} SET {names} WHERE id = %s AND attempts = %s AND {wanted}"  # noqa: S608 - our columns
    values = [_stored(name, value) for name, value in (*change.items(), ("id", message.pk))]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, message.attempts])
        return bool(cursor.rowcount)


def _stored(name: str, value: Any) -> Any:
    return Message._meta.get_field(name).get_db_prep_save(value, connection)  # type: ignore[union-attr]
