"""What every test shares: the database it runs on, and which tests fit that database."""

import json
import os
import sys
from pathlib import Path

import freezegun
import pytest
from django.conf import settings
from django.db import connection

from tests import databases

BROWSER_TESTS = Path(__file__).parent / "browser"
# What waits for other processes gets another try in CI, where one late answer would refuse a whole change. The last
# line of the run counts the tries; elsewhere there is none, so that a test which needs one is noticed and mended.
TRIES_AGAIN = {BROWSER_TESTS: 2, Path(__file__).parent / "concurrency": 1} if os.environ.get("CI") else {}
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "client_as", "demo_program"}


def pytest_configure(config):
    """Cheaper stand-ins: no slow password hash, and static files straight from their source folders.

    A thread of the live server ends when the browser lets go of its socket, so it may keep no database connection.
    """
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = True  # else every test client reads the whole folder of collected files
    freezegun.configure(extend_ignore_list=["_pytest.timing"])  # or --durations tells nonsense


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark what touches the database, and leave out (not skip) what is meant for other services."""
    unfit = _markers_without_their_service()
    kept, left_out = [], []
    for item in items:
        _mark_by_place_and_fixtures(item)
        (left_out if any(item.get_closest_marker(name) for name in unfit) else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _markers_without_their_service() -> set[str]:
    on_postgres = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    unfit = {"sqlite_only" if on_postgres else "postgres_only"}
    if not os.environ.get("TEST_REDIS_URL"):
        unfit.add("redis")
    return unfit


def _mark_by_place_and_fixtures(item: pytest.Item) -> None:
    if BROWSER_TESTS in item.path.parents:
        item.add_marker(pytest.mark.browser)
    for folder, times in TRIES_AGAIN.items():
        if folder in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=times))
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.database)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a skipped test is a failed one: nobody reads the list of skips there."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not accept: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not accept: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_blocker):
    """A database of this process alone, copied from one that was migrated once.

    SQLite lies in a file: two threads cannot share one in memory.
    """
    test = settings.DATABASES["default"].setdefault("TEST", {})
    if connection.vendor == "sqlite":
        test["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        with django_db_blocker.unblock():
            databases.copy_migrated_file(Path(test["NAME"]))
        yield
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    test["NAME"] = f"test_floor_{worker or 'main'}_{os.getpid()}"
    if not worker:
        yield
        return
    shared, own = tmp_path_factory.getbasetemp().parent, f"test_floor_template_{os.getpid()}"
    with django_db_blocker.unblock():
        test["TEMPLATE"] = databases.migrated_template(shared, own)
    yield
    with django_db_blocker.unblock():
        databases.drop_template(shared, "template", own)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's file is there before Django looks; pytest clears its folder away."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """PostgreSQL drops no database that somebody is connected to: a thread of the live server may still be."""
    yield
    with django_db_blocker.unblock():
        _end_other_sessions()


@pytest.fixture(scope="session")
def demo_template(django_db_setup, tmp_path_factory, django_db_blocker):
    """Loaded once in a run: the folder that tells of it, and its name."""
    alone, own = tmp_path_factory.getbasetemp(), f"test_floor_demo_{os.getpid()}"
    shared = alone.parent if os.environ.get("PYTEST_XDIST_WORKER") else alone
    if connection.vendor == "sqlite":
        own = str(alone / f"{own}.sqlite3")
    migrated = settings.DATABASES["default"]["TEST"].get("TEMPLATE") or ""
    with django_db_blocker.unblock():
        databases.demo_template(shared, own, migrated=migrated)
    yield shared, own
    with django_db_blocker.unblock():
        databases.drop_template(shared, "demo", own)


@pytest.fixture
def demo_program(transactional_db, demo_template, settings):
    """The demo program in a database of this test alone; what ``load_demo --json`` printed."""
    settings.DEMO = True
    with databases.copy_of_demo(*demo_template) as printed:
        yield json.loads(printed)


def _end_other_sessions() -> None:
    if connection.vendor != "postgresql":
        return
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state, query, pg_terminate_backend(pid) {others}")
        for state, query, _ended in cursor.fetchall():
            print(f"Ended a session left open by a test ({state}): {query[:200]}", file=sys.stderr)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a real Redis; tests that ask for it carry the ``redis`` marker."""
    return os.environ["TEST_REDIS_URL"]
