"""Floor notes: what was seen and heard, written down on the spot. Nothing here rates anybody."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import User
from shadowing.models import FloorNote, NoteKind, Visit, VisitState
from shadowing.visits import record, rules

LONGEST = 2000
E_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}")
DATE = re.compile(r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b")
DIGITS = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}")


class LooksLikeCustomerData(Refused):
    """The text may name a customer. Sent again with ``checked`` it is kept."""


def customer_data(text: str) -> str:
    """What in the text looks like a customer's: "card", "e-mail", "phone", "account number"; empty when nothing
    does."""
    if E_MAIL.search(text):
        return "e-mail"
    numbers = [
        (found[0].startswith(("+", "0")), re.sub(r"\D", "", found[0])) for found in DIGITS.finditer(DATE.sub(" ", text))
    ]
    return next(kinds_of(numbers), "")


def kinds_of(numbers: list[tuple[bool, str]]) -> Iterator[str]:
    """The kind of each long number. ``bool``: it starts as phone numbers do."""
    for dialled, digits in numbers:
        if 13 <= len(digits) <= 19 and luhn(digits):
            yield "card"
        elif dialled and len(digits) <= 15:
            yield "phone"
        elif len(digits) >= 8:
            yield "account number"


def luhn(digits: str) -> bool:
    """The check digit of payment cards."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def words_for(kind: str) -> str:
    """What the writer reads before the note is kept."""
    return {
        "card": _("This looks like a card number. Leave it out: the obstacle is enough."),
        "e-mail": _("This looks like an e-mail address. Leave it out: the obstacle is enough."),
        "phone": _("This looks like a phone number. Leave it out: the obstacle is enough."),
        "account number": _("This looks like an account number. Leave it out: the obstacle is enough."),
    }[kind]


def may_write(user: User, visit: Visit) -> bool:
    """The executive and the host of a visit they were invited to, and coordinators of the site."""
    own = visit.invited_at is not None and user.pk in (visit.executive_id, visit.host_id)
    return own or rules.coordinates(user, visit)


@transaction.atomic
def write_note(
    *, visit: Visit, note_id: uuid.UUID, text: str, kind: str, other_teams: bool, by: User, now: datetime,
    checked: bool = False,
) -> FloorNote:  # fmt: skip
    """Keep a note under the id the phone gave it; the same id again adds and changes nothing.

    From the day of the visit on, while it is confirmed or held. ``checked``: the writer has seen the warning. Raises
    NotAllowed, Refused (empty, the day lies ahead), LooksLikeCustomerData, or Conflict (another's note, or the visit
    did not take place).
    """
    visit = record.lock_visit(visit)
    record.require(may_write(by, visit))
    if known := FloorNote.objects.filter(pk=note_id).first():
        return same(known, visit, by)
    check_note(visit, text.strip(), kind, now)
    if not checked and (looks_like := customer_data(text)):
        raise LooksLikeCustomerData(words_for(looks_like), field="text")
    about = {"text": text.strip()[:LONGEST], "kind": kind, "other_teams": other_teams}
    return FloorNote.objects.create(uuid=note_id, visit=visit, author=by, written_at=now, **about)


def same(note: FloorNote, visit: Visit, by: User) -> FloorNote:
    """A resend of a note that is here already. Raises Conflict when the id is another's."""
    if (note.visit_id, note.author_id) != (visit.pk, by.pk):
        raise Conflict(_("This note could not be kept. Write it again."))
    return note


def check_note(visit: Visit, text: str, kind: str, now: datetime) -> None:
    record.require_state(visit, VisitState.CONFIRMED, VisitState.HELD)
    if rules.local_date(visit.site, now) < visit.date:
        raise Refused(_("Notes can be written from the day of the visit on."))
    if not text or kind not in NoteKind.values:
        raise Refused(_("Write down what you saw or heard."), field="text")


def notes_of(visit: Visit, reader: User) -> list[FloorNote]:
    """The visit's notes this person may read, newest first."""
    notes = FloorNote.objects.visible_to(reader).filter(visit=visit)
    return list(notes.select_related("author").order_by("-written_at", "pk"))
