"""Reminders: finding and queueing what is due, and delivering it, against the barest loops that send the same mails."""

from __future__ import annotations

import contextlib
import email
import email.policy
import multiprocessing
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from issues.models import Issue
from notifications.kinds import register
from notifications.models import Link, Message, Notice
from notifications.sending import send_due
from notifications.sweep import sweep
from tests.bench.sink import Sink, sink
from tests.bench.table import Row, Table

MAILS, ROUNDS, WARM = 500, 2, 50
FIND, SWEPT = 2, 20_000  # seconds among a million issues; rows a second
SHARE, AHEAD = 100, timedelta(days=400)
REUSED, EACH = 0.8, 2  # of the loops' speed


def at(size: int, environment: dict[str, str], table: Table) -> None:
    """Sweep, then deliver; what was queued is taken back, so that other parts find the program as it was."""
    now = next_working_morning(timezone.now())
    where = f"{size:,}"
    try:
        find()  # the first time survey rounds open and invite
        with table.guarded("reminders", "find what is due", where):
            found, seconds = timed(find, now)
            table.add(Row("reminders", "find what is due", where, seconds, "s", limit=FIND, note=f"{found:,} due"))
        with table.guarded("reminders", "find where most is on time", where), most_on_time():
            found, seconds = timed(find, now)
            note = f"clocks of 1 issue in {SHARE} run out, {found:,} due"
            table.add(Row("reminders", "find where most is on time", where, seconds, "s", limit=FIND, note=note))
        with table.guarded("reminders", "sweep to the outbox", where):
            table.add(swept(now, where))
            _none, seconds = timed(swept_rows, now)
            table.add(Row("reminders", "sweep when all are told", where, seconds, "s"))
        with table.guarded("reminders", "deliver", where):
            deliver(now, where, table)
    finally:
        for model in (Link, Notice, Message):
            model.objects.all().delete()


def find(now: datetime | None = None) -> int:
    now = now or next_working_morning(timezone.now())
    return sum(len(list(kind.due(now))) for kind in register if kind.due)


@contextlib.contextmanager
def most_on_time() -> Iterator[None]:
    """Every clock but those of one issue in SHARE far from running out, as in a program that is kept up."""
    _put_off(AHEAD)
    try:
        yield
    finally:
        _put_off(-AHEAD)


def _put_off(days: timedelta) -> None:
    """Statistics and dead rows are seen to, as the server itself would within a minute."""
    later = {name: F(name) + days for name in ("target_date", "next_update_due", "word_due", "hold_until")}
    earlier = {name: F(name) - days for name in ("delivered_at", "confirmed_at")}
    Issue.objects.alias(place=F("number") % SHARE).exclude(place=0).update(**later, **earlier)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE issues_issue")


def swept(now: datetime, where: str) -> Row:
    rows, seconds = timed(swept_rows, now)
    note = f"{rows:,} notices in {Message.objects.count():,} messages, {seconds:.1f} s"
    return Row(
        "reminders", "sweep to the outbox", where, rows / seconds, "rows/s", limit=SWEPT, least=True, note=note
    )  # fmt: skip


def swept_rows(now: datetime) -> int:
    return sum(sweep(now=now).values())


def next_working_morning(now: datetime) -> datetime:
    """Ten o'clock of the next Tuesday to Thursday after tomorrow, when hardly any site is closed."""
    day = now.date() + timedelta(days=2)
    while day.weekday() not in (1, 2, 3):
        day += timedelta(days=1)
    return datetime.combine(day, clock(10), UTC)


def timed(work: Callable[..., int], *given: datetime) -> tuple[int, float]:
    started = time.perf_counter()
    result = work(*given)
    return result, time.perf_counter() - started


def deliver(now: datetime, where: str, table: Table) -> None:
    """In turns with the bare loops, so that what else the machine does slows all of them alike."""
    with connection.cursor() as cursor:  # as the server itself would within a minute of such a sweep
        cursor.execute("VACUUM ANALYZE notifications_message, notifications_notice")
    with sink() as taker, override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=taker.port):
        send_due(now=now, limit=WARM)
        taker.taken()
        mails = min(MAILS, Message.objects.due(now).count() // (ROUNDS + 2))
        rounds = [one_round(now, mails, taker) for _each in range(ROUNDS)]
        sent, *seconds = [sum(each) for each in zip(*rounds, strict=True)]
        both = two_senders(now, mails, taker)
    speeds = [sent / each for each in seconds]
    for what, speed, reference, limit in (
        ("deliver, against one connection", speeds[0], speeds[1], REUSED),
        ("deliver, against one each", speeds[0], speeds[2], EACH),
        ("deliver by two, against one connection", both, speeds[1], None),
    ):
        note = f"{sent:,} mails"
        table.add(Row("reminders", what, where, speed, "mails/s", reference, limit, least=True, note=note))


def one_round(now: datetime, count: int, taker: Sink) -> tuple[int, float, float, float]:
    sent, ours = timed(lambda: send_due(now=now, limit=count)["sent"])
    mails = [_as_given(raw) for raw in taker.taken()]
    if not sent or len(mails) != sent:
        raise RuntimeError(f"{sent} sent, {len(mails)} taken")
    return sent, ours, *bare_loops(mails, taker)


def two_senders(now: datetime, count: int, taker: Sink) -> float:
    """Mails a second of two processes beside each other, as two sender workers are."""
    connection.close()
    work = multiprocessing.get_context("fork").Process
    each = [work(target=send_due, kwargs={"now": now, "limit": count}) for _sender in range(2)]
    started = time.perf_counter()
    for process in each:
        process.start()
    for process in each:
        process.join()
    seconds = time.perf_counter() - started
    return len(taker.taken()) / seconds


def bare_loops(mails: list[Callable[..., EmailMultiAlternatives]], taker: Sink) -> tuple[float, float]:
    """Seconds to send these mails over one connection, and with a connection each."""

    def over_one() -> int:
        with get_connection() as one:
            return sum(one.send_messages([mail(connection=one)]) for mail in mails)

    def one_each() -> int:
        return sum(mail(connection=get_connection()).send() for mail in mails)

    seconds = [timed(work)[1] for work in (over_one, one_each)]
    if len(taker.taken()) != 2 * len(mails):
        raise RuntimeError("the loops lost mails")
    return seconds[0], seconds[1]


def _as_given(raw: bytes) -> Callable[..., EmailMultiAlternatives]:
    """A function that makes the mail anew from its texts, as a bare sender would have to."""
    read = email.message_from_bytes(raw, policy=email.policy.default)
    text, html = read.get_body(("plain",)), read.get_body(("html",))

    def make(connection) -> EmailMultiAlternatives:
        mail = EmailMultiAlternatives(
            read["Subject"], text.get_content(), read["From"], [read["To"]], connection=connection
        )
        if html:
            mail.attach_alternative(html.get_content(), "text/html")
        return mail

    return make
