"""Between two tests no request of the page is at work any more, however late the page asked."""

import threading

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started


class Visitor(threading.Thread):
    """A thread of the server with one request, which ends when it is told to."""

    def __init__(self):
        super().__init__(daemon=True)
        self.inside, self.may_go, self.refused = threading.Event(), threading.Event(), False

    def run(self):
        try:
            request_started.send(sender=WSGIHandler)
        except ConnectionAbortedError:
            self.refused = True
            return
        self.inside.set()
        self.may_go.wait(timeout=60)
        request_finished.send(sender=WSGIHandler)


@pytest.fixture
def watch(closing_time):
    closing_time.open()
    return closing_time


def test_closing_waits_for_who_is_inside(watch):
    visitor, closed = Visitor(), threading.Event()
    visitor.start()
    visitor.inside.wait(timeout=60)

    closing = threading.Thread(target=lambda: (watch.close(), closed.set()), daemon=True)
    closing.start()

    assert not closed.wait(timeout=0.3)
    visitor.may_go.set()
    assert closed.wait(timeout=60)


def test_who_comes_after_closing_is_turned_away_until_it_opens_again(watch):
    watch.close()
    late = Visitor()
    late.start()
    late.join(timeout=60)

    watch.open()
    next_one = Visitor()
    next_one.may_go.set()
    next_one.start()
    next_one.join(timeout=60)

    assert late.refused
    assert not next_one.refused


def test_a_thread_that_died_in_its_request_is_not_waited_for(watch):
    lost = threading.Thread(target=lambda: request_started.send(sender=WSGIHandler))
    lost.start()
    lost.join(timeout=60)

    watch.close()
