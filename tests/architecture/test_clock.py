"""Whenever the tests run, it is the same day for the program, and for the programs that tests start."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone
from freezegun import freeze_time

from tests.clock import BEGAN

ROOT = Path(__file__).parents[2]
LATER = datetime(2027, 3, 1, 9, tzinfo=UTC)
CODE = "import tests.clock; from django.utils import timezone; print(timezone.now().isoformat())"


def test_every_run_is_on_the_same_day():
    assert BEGAN <= timezone.now() < BEGAN + timedelta(hours=12)
    assert timezone.localdate(timezone=UTC) == BEGAN.date()


def test_a_test_may_name_another_moment():
    with freeze_time(LATER):
        assert timezone.now() == LATER

    assert timezone.localdate(timezone=UTC) == BEGAN.date()


def test_a_program_of_a_test_has_the_same_moment():
    before = timezone.now()

    said = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert before < datetime.fromisoformat(said.strip()) < timezone.now()
