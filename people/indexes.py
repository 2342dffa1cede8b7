"""Migration operations for indexes: built beside running work on PostgreSQL, and those only PostgreSQL can have.

Migrations that use them set ``atomic = False``.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations import AddIndex, RemoveIndex
from django.db.migrations.operations.base import Operation

POSTGRESQL = "postgresql"


class AddIndexInUse(AddIndex):
    """AddIndex that lets others write to the table meanwhile."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == POSTGRESQL:
            schema_editor.add_index(to_state.apps.get_model(app_label, self.model_name), self.index, concurrently=True)
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class RemoveIndexInUse(RemoveIndex):
    """RemoveIndex that lets others write to the table meanwhile."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == POSTGRESQL:
            model = from_state.apps.get_model(app_label, self.model_name)
            index = from_state.models[app_label, self.model_name_lower].get_index_by_name(self.name)
            schema_editor.remove_index(model, index, concurrently=True)
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class PostgresIndex(Operation):
    """An index other databases do without. ``definition`` is what follows the table's name in CREATE INDEX.

    Where the ``extension`` it needs is not installed on the server the index is left out: searches are slower then.
    """

    atomic = False
    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str, table: str, definition: str, extension: str = "") -> None:
        self.name, self.table, self.definition, self.extension = name, table, definition, extension

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of it."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != POSTGRESQL or not self._has_extension(schema_editor):
            return
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.name}")  # one that an interruption left broken
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY {self.name} ON {self.table} {self.definition}", params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == POSTGRESQL:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.name}")

    def _has_extension(self, schema_editor: Any) -> bool:
        if not self.extension:
            return True
        with schema_editor.connection.cursor() as cursor:
            known = "SELECT installed_version FROM pg_available_extensions WHERE name = %s"
            cursor.execute(known, [self.extension])
            found = cursor.fetchone()
        if found and not found[0]:
            schema_editor.execute(f"CREATE EXTENSION IF NOT EXISTS {schema_editor.quote_name(self.extension)}")
        return bool(found)

    def describe(self) -> str:
        return f"Create index {self.name} on PostgreSQL"
