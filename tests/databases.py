"""One migrated database, copied for each process: migrating anew takes longer than most files of tests."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

from tests.environment import VAR

STORE = VAR / "test-templates"


def fingerprint() -> str:
    """What the migrated database depends on: every app's migrations, and the Django that runs them."""
    folders = sorted(Path(config.path) / "migrations" for config in apps.get_app_configs())
    found = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    parts = [version("django").encode(), *(str(file).encode() + file.read_bytes() for file in found)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def copy_migrated_file(target: Path) -> None:
    """Put a migrated SQLite database at ``target``. The original stays in var/ until a migration changes."""
    original = STORE / f"{fingerprint()}.sqlite3"
    with _alone(STORE / "lock"):
        if not original.exists():
            _forget_older()
            unfinished = original.with_suffix(f".{os.getpid()}")
            _migrate(str(unfinished))
            unfinished.rename(original)
        shutil.copyfile(original, target)


def _forget_older() -> None:
    """All but the newest two: somebody may be going back and forth between two branches."""
    kept = sorted(STORE.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime)
    for file in kept[:-2]:
        with suppress(FileNotFoundError):
            file.unlink()


def migrated_template(shared: Path, name: str) -> str:
    """The name of a migrated PostgreSQL database that all processes of a run copy; ``name`` if there was none yet.

    ``shared`` is a folder of the run. Who made it drops it; a process that needs one later makes another.
    """
    marker = shared / "template"
    with _alone(shared / "template.lock"):
        if not marker.exists():
            _migrate(name)
            marker.write_text(name)
        return marker.read_text()


def drop_template(shared: Path, name: str) -> None:
    """Drop the template of that name, if this run has it."""
    marker = shared / "template"
    with _alone(shared / "template.lock"):
        if marker.exists() and marker.read_text() == name:
            marker.unlink()
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold the lock file: of several processes one at a time is in the block."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _migrate(name: str) -> None:
    """Create and migrate a database of that name, then connect to the usual one again."""
    database = settings.DATABASES["default"]
    usual, test = database["NAME"], dict(connection.settings_dict["TEST"])
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    database["NAME"] = connection.settings_dict["NAME"] = usual
    connection.settings_dict["TEST"].update(test)
