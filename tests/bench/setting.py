"""Where the bench runs: a database of its own on the test server, and the environment of a production start."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg2

from tests.environment import ROOT, names_in_example

NEEDED = ("TEST_DATABASE_URL", "TEST_REDIS_URL")


class NoServers(SystemExit):
    """The bench was started without ``tests.services``."""


@contextlib.contextmanager
def database() -> Iterator[str]:
    """The address of an empty PostgreSQL database, dropped at the end."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        raise NoServers(f"{' and '.join(missing)} not set: start the bench with `make bench`.")
    server = urlsplit(os.environ["TEST_DATABASE_URL"])
    name = f"floor_bench_{uuid.uuid4().hex[:8]}"
    _run(server, f"CREATE DATABASE {name}")
    try:
        yield server._replace(path=f"/{name}").geturl()
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(server, statement: str) -> None:
    connection = psycopg2.connect(server._replace(scheme="postgresql").geturl())
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)


def environment(database_url: str, **changes: str) -> dict[str, str]:
    """What ``make serve`` would find in its environment, every variable of ``.env.example`` set."""
    redis = urlsplit(os.environ["TEST_REDIS_URL"])
    production = {
        "SECRET_KEY": "only-for-the-bench-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
        "DEBUG": "off",
        "DEMO": "off",
        "TRUST_PROXY": "off",
        "WEB_CONCURRENCY": "2",
        "PLANNER_CONCURRENCY": "1",
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": redis.geturl(),
        "CACHE_URL": redis._replace(scheme="rediscache", path="/1").geturl(),
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "DEFAULT_FROM_EMAIL": "Floor Program <floor@bench.example>",
    }
    blank = dict.fromkeys(names_in_example() - set(production), "")
    return {**os.environ, **blank, **production, "DJANGO_SETTINGS_MODULE": "floorprogram.settings", **changes}


@contextlib.contextmanager
def program(database_url: str) -> Iterator[dict[str, str]]:
    """Django set up in this process on that database, migrated; the environment for processes beside it."""
    found = environment(database_url)
    os.environ.update(found)
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    os.chdir(ROOT)
    try:
        yield found
    finally:
        connection.close()
