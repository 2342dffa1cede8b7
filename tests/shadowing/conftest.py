"""The shared collection of real calendars is not part of this repository; its tests run where it lies beside it."""

from pathlib import Path

import pytest

SHARED_CALENDARS = Path(__file__).parents[3] / "shared" / "data" / "ics"


def pytest_collection_modifyitems(config, items):
    """Leave out (not skip) what reads the shared collection where there is none, and say so in one line."""
    unfit = [item for item in items if item.path.name == "test_shared_calendars.py"]
    if not unfit or SHARED_CALENDARS.is_dir():
        return
    items[:] = [item for item in items if item not in unfit]
    config.hook.pytest_deselected(items=unfit)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        reporter.write_line(f"left out: {len(unfit)} tests of shared calendars, which are not at {SHARED_CALENDARS}")


@pytest.fixture
def shared_calendars() -> Path:
    """The folder of real calendar files."""
    return SHARED_CALENDARS
