"""Where the shared real data lies, and leaving out (not skipping) the tests that need it when it is not there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SHARED = Path(os.environ.get("FLOOR_SHARED") or ROOT.parent / "shared") / "data"
NEEDS_SHARED = "test_shared_rosters.py"


def pytest_collection_modifyitems(config, items):
    """Without the shared data its tests are deselected, with one line that says so."""
    if (SHARED / "rosters").is_dir():
        return
    missing = [item for item in items if item.path.name == NEEDS_SHARED]
    if missing:
        config.hook.pytest_deselected(items=missing)
        items[:] = [item for item in items if item not in missing]
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(f"{NEEDS_SHARED}: left out, no rosters in {SHARED} (set FLOOR_SHARED)")


@pytest.fixture
def shared() -> Path:
    """The folder of shared real data."""
    return SHARED
