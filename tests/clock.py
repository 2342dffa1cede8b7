"""One and the same day for every run of the tests: a pytest plugin, loaded by name before any model is.

Tests hold fixed days beside views, tasks and forms that read the clock. On another day, close to midnight or in the week
the clocks change, the same test would ask something else. What depends on the moment names it: with ``now=``, ``today=``
or freezegun, which goes before this. Time passes as ever, from the same moment in all processes of a run: a program that
a test starts imports this first. Only ``django.utils.timezone`` is moved, which is all the program reads; what compares
two readings of the machine's own clock (sockets, signed cookies, Celery) keeps it.
"""

import os
from datetime import UTC, datetime, timedelta
from functools import wraps

from django.utils import timezone
from freezegun import api as freezegun

BEGAN = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
SHIFT = "TESTS_CLOCK_SHIFT"  # in seconds; handed on to the processes of xdist and to programs

_real_now = timezone.now
_shift = timedelta(seconds=float(os.environ.setdefault(SHIFT, str((BEGAN - datetime.now(UTC)).total_seconds()))))


@wraps(_real_now)
def now() -> datetime:
    """The moment as if the run had begun on that day; what freezegun says while it freezes."""
    moment = _real_now()
    return moment if freezegun.freeze_factories else moment + _shift


timezone.now = now
