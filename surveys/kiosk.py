"""The shared terminal: a PIN opens one survey, nothing is left behind.

No session: between PIN and answers the page carries a ticket, signed, good for twenty minutes and for one sending. The cache
knows how often wrong PINs were tried, by a hash of the address, and which pages were sent already, so that going back and
sending again opens nothing.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from people.errors import Refused
from surveys.models import Invitation
from surveys.slips import slip_of, usable

IDLE = timedelta(minutes=1)
TICKET = timedelta(minutes=20)
WINDOW = 600  # seconds in which wrong PINs are counted
MOST_HERE, MOST_ANYWHERE = 12, 120  # wrong PINs a window: at one address, at all together
CROSSING = 60  # seconds from a form that was sent to the page that answers it
MOST_CARRIED = 3500  # characters of a cookie: browsers keep 4096 bytes with its name and attributes
SALT = "surveys.kiosk"
NO_SUCH_PIN = _("This PIN opens no survey. Check the nine digits; if they are right, ask your coordinator.")
TOO_LONG = _("This took too long, and nothing was stored. Type your PIN to start again.")
TOO_MANY = _("Too many PINs were tried. Wait ten minutes, or scan the code of your slip.")
SENT_BEFORE = _("This page was sent before. If those were your answers, they are in; if not, type your PIN again.")


class TooManyTries(Refused):
    """Somebody types one wrong PIN after the other."""

    status = 429


def enter(pin: str, *, once: str, address: str, now: datetime) -> str:
    """The ticket for the survey of this PIN. ``once`` is the page's own number: a page works one time.

    Raises Refused (the same words for every PIN that opens nothing) or TooManyTries."""
    if not once or not cache.add(_key("once", once), 1, 24 * 3600):
        raise Refused(str(SENT_BEFORE))
    counters = [(_counter(address, now), MOST_HERE), (_counter("anywhere", now), MOST_ANYWHERE)]
    over = [_count(name) > most for name, most in counters]
    if any(over):
        raise TooManyTries(str(TOO_MANY))
    slip = slip_of(pin, today=now.date())
    if slip is None:
        raise Refused(str(NO_SUCH_PIN), field="pin")
    for name, _most in counters:
        cache.decr(name)
    return _ticket(slip.pk)


def invitation_of(ticket: str, *, now: datetime) -> Invitation:
    """The invitation a ticket stands for. Raises Refused once it is too old, or its survey was answered or closed."""
    invitation = usable(_slip(ticket), today=now.date())
    if invitation is None:
        raise Refused(str(TOO_LONG))
    return invitation


def renewed(ticket: str) -> str:
    """Spend the ticket of a page that was sent; the next page gets this one. Raises Refused for one too old or spent."""
    slip = _slip(ticket)
    if not cache.add(_key("ticket", ticket), 1, TICKET.total_seconds()):
        raise Refused(str(SENT_BEFORE))
    return _ticket(slip)


def _ticket(slip: uuid.UUID) -> str:
    return signing.dumps([slip.hex, new_once()], salt=SALT)


def _slip(ticket: str) -> uuid.UUID:
    try:
        slip, _once = signing.loads(ticket, salt=SALT, max_age=TICKET)
        return uuid.UUID(slip)
    except (signing.BadSignature, ValueError) as error:
        raise Refused(str(TOO_LONG)) from error


def packed(carried: dict[str, Any]) -> str:
    """What crosses to the next page, as one cookie; empty where it is too long for one."""
    value = signing.dumps(carried, salt=SALT + ".crossing", compress=True)
    return value if len(value) <= MOST_CARRIED else ""


def unpacked(cookie: str) -> dict[str, Any]:
    """What the page before sent along; empty when it sent nothing, or too long ago."""
    try:
        return dict(signing.loads(cookie, salt=SALT + ".crossing", max_age=CROSSING))
    except signing.BadSignature:
        return {}


def new_once() -> str:
    """A number for one page."""
    return secrets.token_urlsafe(12)


def _counter(what: str, now: datetime) -> str:
    return _key("tries", f"{what}:{int(now.timestamp()) // WINDOW}")


def _count(name: str) -> int:
    """Count before looking: whoever tries many at once is counted as often."""
    cache.add(name, 0, 2 * WINDOW)
    tries = cache.incr(name)
    cache.touch(name, 2 * WINDOW)
    return tries


def _key(what: str, value: str) -> str:
    return f"kiosk:{what}:{salted_hmac(SALT, value).hexdigest()}"
