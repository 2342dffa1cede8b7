"""No request of the live server may be at work while the database is emptied between two tests.

A page may have asked for something in its last moment. PostgreSQL would meet that request half-way through the
emptying and refuse one of them (a deadlock); or the next test would find what the request wrote.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started

PATIENCE = 600  # looks, a tenth of a second apart, until a request must have ended


class ClosingTime:
    """Counts the requests that the threads of a live server work on, and lets nobody in once it is closed."""

    def __init__(self) -> None:
        self._at_work: set[threading.Thread] = set()
        self._changed = threading.Condition()
        self._closed = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """For as long as the live server runs."""
        request_started.connect(self._enter)
        request_finished.connect(self._leave)
        yield
        request_started.disconnect(self._enter)
        request_finished.disconnect(self._leave)

    def open(self) -> None:
        """Let requests in."""
        with self._changed:
            self._closed = False

    def close(self) -> None:
        """Let nobody in any more, and wait for those who are in. Raises AssertionError when they do not leave."""
        with self._changed:
            self._closed = True
            for _look in range(PATIENCE):
                self._at_work = {thread for thread in self._at_work if thread.is_alive()}
                if not self._at_work:
                    return
                self._changed.wait(timeout=0.1)
        raise AssertionError(f"Requests that do not end: {[thread.name for thread in self._at_work]}")

    def _enter(self, sender: type, **_signal) -> None:
        if not issubclass(sender, WSGIHandler):
            return  # a test's own client, of whatever test
        with self._changed:
            if self._closed:
                raise ConnectionAbortedError("The test that asked for this is over.")
            self._at_work.add(threading.current_thread())

    def _leave(self, **_signal) -> None:
        with self._changed:
            self._at_work.discard(threading.current_thread())
            self._changed.notify_all()
