"""What the program refuses to start with, and what it does without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SERVER = "import floorprogram.wsgi"
COMMAND = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'floorprogram.settings'; django.setup()"


def start(code, **given):
    """Run ``code`` with the tests' environment, but for the names given; None: not set at all."""
    settings = {"DATABASE_URL": "sqlite://:memory:", "SITE_URL": None, "ALLOWED_HOSTS": None} | given
    environment = {name: text for name, text in {**os.environ, **settings}.items() if text is not None}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "given", [{"ALLOWED_HOSTS": ""}, {"SITE_URL": "https://floor.example"}], ids=["empty", "not named"]
)
def test_nothing_starts_without_hosts(given):
    found = start(SERVER, **given)

    assert found.returncode == 1
    assert "Set ALLOWED_HOSTS to the host names" in found.stderr


@pytest.mark.parametrize(
    ("code", "given"),
    [
        (SERVER, {"SITE_URL": "https://floor.example", "ALLOWED_HOSTS": "floor.example"}),
        (SERVER, {"SITE_URL": "http://127.0.0.1:8000"}),
        (COMMAND, {}),
    ],
    ids=["named", "on this machine alone", "command"],
)
def test_what_starts(code, given):
    found = start(code, **given)

    assert (found.returncode, found.stderr) == (0, "")
