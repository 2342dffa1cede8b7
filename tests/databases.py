"""One migrated database, copied for each process, and one with the demo program, copied for each test that asks for it.

Migrating anew takes longer than most files of tests, and loading the demo longer than most tests.
"""

import fcntl
import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
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


def demo_template(shared: Path, name: str, *, migrated: str = "") -> None:
    """Make a database of that name (a file's path on SQLite) with the demo program, loaded once in a run.

    Another process that has loaded it may end and drop its own at any time: this one is ours.
    """

    def make() -> None:
        if connection.vendor == "sqlite":
            copy_migrated_file(Path(name))
        elif migrated and _exists(migrated):
            _copy(migrated, name)
        else:
            _migrate(name)
        with _connected_to(name):
            call_command("load_demo", "--json", stdout=(printed := io.StringIO()))
        (shared / "demo.json").write_text(printed.getvalue())

    marker = shared / "demo"
    with _alone(marker.with_suffix(".lock")):
        if marker.exists():
            _copy(marker.read_text(), name)
        else:
            make()
            marker.write_text(name)


@contextmanager
def copy_of_demo(shared: Path, template: str) -> Iterator[str]:
    """Work on a copy of the demo program, thrown away afterwards; what ``load_demo --json`` printed."""
    name = f"{template}_{os.getpid()}"
    _copy(template, name)
    try:
        with _connected_to(name):
            yield (shared / "demo.json").read_text()
    finally:
        _drop(name)


def drop_template(shared: Path, kind: str, name: str) -> None:
    """Drop the template of that name, if there is one, and let nobody copy it: ``kind`` is "template" or "demo"."""
    marker = shared / kind
    with _alone(marker.with_suffix(".lock")):
        if marker.exists() and marker.read_text() == name:
            marker.unlink()
        _drop(name)


def _exists(name: str) -> bool:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _copy(original: str, copy: str) -> None:
    """Whatever an interrupted run left under that name goes first."""
    _drop(copy)
    if connection.vendor == "sqlite":
        shutil.copyfile(original, copy)
        return
    quoted = connection.ops.quote_name
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted(copy)} TEMPLATE {quoted(original)}")


def _drop(name: str) -> None:
    """Whoever may still be connected to it."""
    if connection.vendor == "sqlite":
        Path(name).unlink(missing_ok=True)
        return
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """Every connection opened in the block leads to that database, in threads too; what is cached is of the other one."""
    database, usual = settings.DATABASES["default"], connection.settings_dict["NAME"]

    def connect_to(other: str) -> None:
        connection.close()
        database["NAME"] = connection.settings_dict["NAME"] = other
        apps.get_model("contenttypes", "ContentType").objects.clear_cache()
        cache.clear()

    connect_to(name)
    try:
        yield
    finally:
        connect_to(usual)


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
    connection.settings_dict["TEST"].update(NAME=name, TEMPLATE=None)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    database["NAME"] = connection.settings_dict["NAME"] = usual
    connection.settings_dict["TEST"].update(test)
