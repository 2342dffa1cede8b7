"""Delivering the outbox: at least once, and twice only if a worker dies between "accepted" and "recorded".

A worker claims messages by moving ``due_at`` on (a lease) and counting ``attempts`` (the fence). It sends one at a time
over one connection and records each before it sends the next. When it dies, what it held falls due again. The Message-ID
never changes, so a mailbox can fold a second copy. No transaction is open while a mail server is talked to.
"""

from __future__ import annotations

import logging
import re
import smtplib
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from notifications.composing import compose
from notifications.letters import Letter, open_letters, read
from notifications.links import store_links
from notifications.marking import mark
from notifications.models import Link, Message, MessageState, Notice
from notifications.recipients import Places, Reader, places, reachable, slots_of

logger = logging.getLogger(__name__)
BATCH = 200  # messages a claim: what a batch asks the database is asked for that many at once
LEASE = timedelta(minutes=10)
MOST_FAILURES = 8  # then the message is parked; with the pauses below that takes about four hours
PAUSE = timedelta(minutes=1)  # doubled with every failure
AWAY = timedelta(minutes=1)  # until an unreachable mail server is tried again
HELD = timedelta(hours=1)  # until a message whose address came back is looked at again
HELD_AT_MOST = timedelta(days=14)  # then it is cancelled: what is still owed is said anew once the address is right
LATE = timedelta(hours=1)  # after which a reminder asks again whether it is a time for reminders


class ServerAway(Exception):
    """The mail server cannot be reached: no message's fault."""


def send_due(*, now: datetime, limit: int | None = None, lease: timedelta = LEASE) -> dict[str, int]:
    """Send what is due, at most ``limit`` messages; how many were sent, retried later, failed for good, cancelled because
    nothing in them held any more, or held back until working hours. ``now`` is when it begins; time passes while it runs."""
    run = _Run(now, lease)
    left = limit
    while left is None or left > 0:
        claimed = _claim(run.moment(), min(BATCH, left or BATCH), lease)
        if not claimed or not run.deliver(claimed):
            break
        left = None if left is None else left - len(claimed)
    return {name: run.counts[name] for name in ("sent", "retried", "failed", "cancelled", "held")}


def _claim(now: datetime, size: int, lease: timedelta) -> list[Message]:
    """Take the messages that have waited longest; nobody else gets them before the lease ends."""
    with transaction.atomic():
        due = Message.objects.due(now).order_by("due_at", "pk").select_for_update(skip_locked=True)
        ids = list(due.values_list("pk", flat=True)[:size])  # alone: joined to people, all that waits may be sorted
        rows = Message.objects.select_related("recipient", "on_behalf_of").in_bulk(ids)
        Message.objects.filter(pk__in=ids).update(due_at=now + lease, attempts=F("attempts") + 1)
    claimed = [rows[pk] for pk in ids]
    for message in claimed:
        message.attempts += 1
    return claimed


class _Run:
    """One worker's run: its clock, its mail connection, its counts."""

    def __init__(self, now: datetime, lease: timedelta) -> None:
        self._began, self._started = now, time.monotonic()
        self._lease, self._connection = lease, get_connection()
        self.counts: Counter[str] = Counter()
        self._places: Places = places()

    def moment(self) -> datetime:
        """``now`` and the seconds since."""
        return self._began + timedelta(seconds=time.monotonic() - self._started)

    def deliver(self, claimed: Sequence[Message]) -> bool:
        """Send a batch. False when the mail server is away: the rest waits, and so should the caller."""
        until = time.monotonic() + self._lease.total_seconds() * 0.8
        letters = self._in_hours(self._deliverable(open_letters(claimed)))
        read(letters, now=self.moment(), known=self._places)
        mails = list(self._prepared(letters))
        store_links(link for _letter, _mail, links in mails for link in links)
        return self._send_all([(letter, mail) for letter, mail, _links in mails], until)

    def _send_all(self, mails: list[tuple[Letter, EmailMultiAlternatives]], until: float) -> bool:
        try:
            for number, (letter, mail) in enumerate(mails):
                if time.monotonic() > until:
                    self._release(mails[number:], self.moment())
                    break
                self._send(letter, mail)
        except ServerAway as away:
            self._release(mails[number:], self.moment() + AWAY, str(away))
            return False
        finally:
            self._connection.close()
        return True

    def _deliverable(self, letters: list[Letter]) -> list[Letter]:
        """Those whose address has not come back. What somebody sends again by hand is tried all the same. One query."""
        people = {letter.message.recipient_id for letter in letters}
        back = Message.objects.filter(recipient__in=people, bounced_at__isnull=False).order_by()
        returned = set(back.values_list("recipient", "sent_to"))
        held = [letter.message for letter in letters if _address_of(letter) in returned]
        for message in held:
            self._hold_back(message)
        return [letter for letter in letters if letter.message not in held]

    def _hold_back(self, message: Message) -> None:
        reason = _("held back: mail to this address came back")
        if self.moment() - message.created_at > HELD_AT_MOST:
            self._mark(message, "cancelled", state=MessageState.CANCELLED, last_error=reason)
        else:
            self._mark(message, "held", due_at=self.moment() + HELD, held_back=True, last_error=reason)

    def _in_hours(self, letters: list[Letter]) -> list[Letter]:
        """Those that may go now. A reminder that comes late, after downtime or a failure, keeps to working hours too."""
        late = [letter for letter in letters if not letter.immediate and self._is_late(letter.message)]
        readers = reachable(letter.message.recipient_id for letter in late) if late else {}
        held = [letter for letter in late if self._hold(letter, readers.get(letter.message.recipient_id))]
        return [letter for letter in letters if letter not in held]

    def _is_late(self, message: Message) -> bool:
        return message.attempts > 1 or self.moment() - message.due_at > LATE

    def _hold(self, letter: Letter, reader: Reader | None) -> bool:
        """Put a reminder off to the next working hours; False when they are now."""
        if reader is None or not letter.notices:
            return False
        now = self.moment()
        opening = slots_of(reader, letter.notices[0].site_id, self._places).next_open(now)
        if opening > now:
            self._mark(letter.message, "held", due_at=opening)
        return opening > now

    def _prepared(self, letters: list[Letter]) -> Iterator[tuple[Letter, EmailMultiAlternatives, list[Link]]]:
        dropped = [pk for letter in letters for pk in letter.dropped if not letter.message.resend_of_id]
        if dropped:
            Notice.objects.filter(pk__in=dropped).update(dropped=True)
        for letter in letters:
            if self._has_reader(letter):
                try:
                    yield (letter, *compose(letter, now=self.moment()))
                except Exception as error:  # noqa: BLE001 - one mail that cannot be made must not stop the others
                    self._failed(letter.message, f"could not be written ({type(error).__name__})")

    def _has_reader(self, letter: Letter) -> bool:
        """False for a letter that needs no mail, or cannot have one; its row then says why."""
        message, reader = letter.message, letter.message.recipient
        if letter.error:
            self._failed(message, letter.error)
        elif not letter.sections or not reader.is_active:
            reason = _("nothing in it held any more") if reader.is_active else _("the person has left")
            self._mark(message, "cancelled", state=MessageState.CANCELLED, last_error=reason)
        elif not reader.address:
            self._mark(message, "failed", state=MessageState.FAILED, last_error=_("the person has no address"))
        else:
            return True
        return False

    def _send(self, letter: Letter, mail: EmailMultiAlternatives) -> None:
        """Send one mail and record at once that it was accepted. Raises ServerAway."""
        self._connect()
        try:
            if self._connection.send_messages([mail]) == 0:
                raise ValueError("nobody to send to")
        except Exception as error:  # noqa: BLE001 - recorded, or one bad message would stop the others
            self._connection.close()
            self._failed(letter.message, reason_of(error))
        else:
            self._accepted(letter.message, str(mail.subject))

    def _connect(self) -> None:
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(reason_of(error)) from error

    def _accepted(self, message: Message, subject: str) -> None:
        sent: dict[str, Any] = {"state": MessageState.SENT, "sent_at": self.moment(), "subject_line": subject}
        self._mark(message, "sent", last_error="", sent_to=message.recipient.address, **sent)

    def _failed(self, message: Message, reason: str) -> None:
        failures = message.failures + 1
        logger.warning("message %s failed, attempt %s: %s", message.pk, message.attempts, reason)
        if failures >= MOST_FAILURES:
            self._mark(message, "failed", state=MessageState.FAILED, failures=failures, last_error=reason)
        else:
            pause = PAUSE * 2**failures
            self._mark(message, "retried", failures=failures, last_error=reason, due_at=self.moment() + pause)

    def _mark(self, message: Message, outcome: str, **change: Any) -> None:
        if mark(message, **change):
            self.counts[outcome] += 1
        else:
            logger.warning("message %s: %s, but it is no longer this worker's", message.pk, outcome)

    def _release(
        self, mails: Sequence[tuple[Letter, EmailMultiAlternatives]], due_at: datetime, reason: str = ""
    ) -> None:
        """Let go of what was claimed and not sent; the fence still holds, so each row is asked for."""
        for letter, _mail in mails:
            self._mark(letter.message, "released", due_at=due_at, **({"last_error": reason} if reason else {}))


def _address_of(letter: Letter) -> tuple[int, str] | None:
    """Reader and address as a bounce names them; None for what is sent whatever came back."""
    message = letter.message
    return None if message.resend_of_id else (message.recipient_id, message.recipient.address)


def reason_of(error: Exception) -> str:
    """What went wrong, fit to keep and show: the kind of error and a mail server's own words, without addresses."""
    words = ""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        words = " ".join(f"{code} {text!r}" for code, text in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        words = f"{error.smtp_code} {error.smtp_error!r}"
    words = re.sub(r"\S+(@|://)\S+", "…", words)
    return f"{type(error).__name__} {words}".strip()[:300]
