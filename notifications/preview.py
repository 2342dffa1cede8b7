"""How a message is shown to coordinators: what it says now, with every personal link left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from notifications.composing import subject_of
from notifications.kinds import Section, register
from notifications.letters import MOST_SHOWN, find_words, open_letters
from notifications.listing import BOUNCED, HELD, STATES, Filters, label_of
from notifications.models import Message, MessageState, Notice
from people.models import User


@dataclass
class Shown:
    """``sections`` as they read now, of the reader's sites only; ``mine``: the reader may see and change all of it."""

    subject: str
    sections: list[tuple[Notice, Section]]
    notices: list[tuple[Notice, str]]
    more: int
    mine: bool
    error: str


def preview(message: Message, user: User, *, now: datetime) -> Shown:
    """The message as this reader may see it. Notices about other people's sites are left out."""
    letter = open_letters([message])[0]
    mine = message.changeable_by(user)
    letter.notices = [notice for notice in letter.notices if user.coordinates(notice.site_id)]
    listed = [(notice, label_of(notice.kind)) for notice in letter.notices]
    held = [notice for notice in letter.notices if not notice.dropped]
    letter.notices, letter.more = held[:MOST_SHOWN], letter.more + max(len(held) - MOST_SHOWN, 0)
    find_words([letter])
    subject = message.subject_line if mine else ""
    if not subject and letter.sections:
        subject = subject_of(letter)
    more = letter.more if mine else 0
    return Shown(subject, letter.sections, listed, more, mine, letter.error)


def pills(filters: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    """One pill a state, and for those held back or come back; those that wait or went wrong say how many."""
    counted = {MessageState.QUEUED, MessageState.FAILED, HELD}
    words = {state: capfirst(str(state.label)) for state in MessageState} | {
        HELD: _("Held back"),
        BOUNCED: _("Came back"),
    }
    return [
        {
            "word": words[state],
            "url": filters.address(state="" if filters.state == state else state),
            "chosen": filters.state == state,
            "count": counts.get(state, 0) if state in counted else None,
        }
        for state in STATES
    ]


def kind_menu(filters: Filters) -> dict[str, Any]:
    """The kinds a list can be cut down to; anonymous ones are not listed at all."""
    kinds = sorted((label_of(kind.name), kind.name) for kind in register if not kind.anonymous)
    return {
        "word": label_of(filters.kind) if filters.kind else _("Kind"),
        "chosen": bool(filters.kind),
        "drop": filters.address(kind=""),
        "entries": [(label, filters.address(kind=name)) for label, name in kinds],
    }
