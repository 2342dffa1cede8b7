"""The environment tests run in: a pytest plugin, loaded by name before Django reads its settings.

Every variable of ``.env.example`` is set here, so that neither a developer's ``.env`` nor his shell changes a result.
``TEST_DATABASE_URL`` and ``TEST_REDIS_URL`` (set by ``tests.services``) name real servers; without them the tests use
SQLite in a file and leave out those marked ``redis``.
"""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
VAR = ROOT / "var"

FIXED = {
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "DEBUG": "off",
    "DEMO": "off",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1,[::1]",
    "SITE_URL": "http://testserver",
    "TRUST_PROXY": "off",
    "ATTACHMENTS_DIR": str(VAR / "test-files"),
    "WEB_CONCURRENCY": "1",
    "PLANNER_CONCURRENCY": "1",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{VAR / 'test.sqlite3'}",
    "CELERY_BROKER_URL": "memory://",
    "CACHE_URL": "locmemcache://",
    "EMAIL_URL": "memorymail://",
    "DEFAULT_FROM_EMAIL": "Floor Program <floor@testserver>",
}


def names_in_example() -> set[str]:
    """The variables ``.env.example`` documents, set or commented out."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    bare = (line.removeprefix("#").strip() for line in lines)
    return {line.partition("=")[0] for line in bare if line.partition("=")[0].isupper() and "=" in line}


os.environ.update(dict.fromkeys(names_in_example() - set(FIXED), ""))
os.environ.update(FIXED)
(VAR / "static").mkdir(parents=True, exist_ok=True)
