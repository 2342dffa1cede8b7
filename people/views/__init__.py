"""Pages about people: the list, one person, roles, and the roster import."""

from people.views.absences import away, back
from people.views.imports import (
    import_cancel,
    import_columns,
    import_done,
    import_dry_run,
    import_file,
    import_run,
)
from people.views.leaving import left, returned
from people.views.lists import index, person
from people.views.roles import grant, revoke, roles

__all__ = [
    "away",
    "back",
    "grant",
    "import_cancel",
    "import_columns",
    "import_done",
    "import_dry_run",
    "import_file",
    "import_run",
    "index",
    "left",
    "person",
    "returned",
    "revoke",
    "roles",
]
