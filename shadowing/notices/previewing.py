"""What an invitation will say, before anybody gets it: rendered from a notice that is never stored."""

from __future__ import annotations

import copy
from datetime import datetime

from notifications.kinds import Section
from notifications.models import Notice
from shadowing.models import Visit, VisitState
from shadowing.notices import words
from shadowing.visits import rules
from shadowing.visits.rules import Side


def invitations(visit: Visit, *, now: datetime) -> list[tuple[str, Section]]:
    """The name and the message of the executive and of the host of a proposed visit, which comes with its people, site
    and season. Nothing is written."""
    visit, days = copy.copy(visit), visit.season.answer_by_days
    visit.state = VisitState.INVITED
    visit.answer_by = rules.answer_by(visit.site, days=days, visit_date=visit.date, now=now)
    sides = ((Side.EXECUTIVE, visit.executive.user, words.ask_executive), (Side.HOST, visit.host.user, words.ask_host))
    found = []
    for side, reader, say in sides:
        notice = Notice(recipient=reader, subject=visit.subject, anchor=visit.date, created_at=now)
        found.append((reader.name, say(words.Told(notice, visit, side, None, None))))
    return found
