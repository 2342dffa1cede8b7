"""Many people at once: each on a thread and a database connection of their own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from people.errors import Refused


def at_once(acts: Iterable[Callable[[], object]], *, threads: int) -> Counter[str]:
    """Run all acts, ``threads`` at a time from one starting shot; how many were done, and refused by which error.

    Only refusals are answers. Anything else a person would see as an error page, and it ends the test.
    """
    acts = list(acts)
    start = threading.Barrier(min(threads, len(acts)))
    first = threading.local()

    def run(act: Callable[[], object]) -> str:
        if not hasattr(first, "started"):
            first.started = True
            start.wait(timeout=60)
        try:
            act()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(max_workers=min(threads, len(acts))) as pool:
        return Counter(pool.map(run, acts))
