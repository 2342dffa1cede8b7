"""Where the shared real tables lie, and leaving out (not skipping) the tests that need them when they are not there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLES = Path(os.environ.get("FLOOR_SHARED") or ROOT.parent / "shared") / "data" / "surveys"
NEEDS_TABLES = "test_shared_people_survey.py"


def pytest_collection_modifyitems(config, items):
    """Without the shared tables their tests are deselected, with one line that says so."""
    unfit = [item for item in items if item.path.name == NEEDS_TABLES]
    if not unfit or TABLES.is_dir():
        return
    items[:] = [item for item in items if item not in unfit]
    config.hook.pytest_deselected(items=unfit)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        reporter.write_line(f"{NEEDS_TABLES}: left out, no tables in {TABLES} (set FLOOR_SHARED)")


@pytest.fixture
def tables() -> Path:
    """The folder of shared survey tables."""
    return TABLES
