"""What is looked up beside each row of a page, written as one short text.

Joins of many tables take PostgreSQL longer to plan than fifty rows to read, all the more where one of them decides the
order; and a Subquery takes Django longer to write than it saves.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import BooleanField, Expression, F, Field, Func, IntegerField, Model


class _Beside(Func):
    """Something about the rows of ``model`` whose ``key`` is what ``link`` says: a name, or another lookup."""

    def __init__(
        self, model: type[Model], link: str | Expression, key: str, output: Field[Any, Any], **more: str
    ) -> None:
        named = {"table": model._meta.db_table, "key": _column(model, key)} | more
        quoted = {name: connection.ops.quote_name(words) for name, words in named.items()}
        super().__init__(F(link) if isinstance(link, str) else link, output_field=output, **quoted)


class LookedUp(_Beside):
    """A column of the one row that ``link`` points to; NULL where it points nowhere."""

    template = "(SELECT there.%(column)s FROM %(table)s there WHERE there.%(key)s = %(expressions)s)"

    def __init__(self, model: type[Model], link: str | Expression, column: str) -> None:
        output: Any = model._meta.get_field(column)
        super().__init__(model, link, "pk", output, column=output.column)


class AnyOf(_Beside):
    """Are there rows whose ``key`` points here?"""

    template = "EXISTS(SELECT 1 FROM %(table)s there WHERE there.%(key)s = %(expressions)s)"

    def __init__(self, model: type[Model], key: str, link: str = "pk") -> None:
        super().__init__(model, link, key, BooleanField())


class HowMany(_Beside):
    """The number of rows whose ``key`` points here."""

    template = "(SELECT COUNT(*) FROM %(table)s there WHERE there.%(key)s = %(expressions)s)"

    def __init__(self, model: type[Model], key: str, link: str = "pk") -> None:
        super().__init__(model, link, key, IntegerField())


def _column(model: type[Model], key: str) -> str:
    field: Any = model._meta.pk if key == "pk" else model._meta.get_field(key)
    return str(field.column)
