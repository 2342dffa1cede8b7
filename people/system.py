"""The reader behind management commands: sees what an admin sees, and is nobody in the database."""

from people.models import User


def system_reader() -> User:
    """An unsaved person with an admin's view, for ``visible_to``. Never the doer of a change."""
    reader = User(name="system")
    reader.grants = {"admin": None}
    reader.is_assistant = False  # type: ignore[attr-defined]
    return reader
