"""What is owed before an answer is due and before a visit: the latest step only, from one query each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from notifications.kinds import Due
from people.models import Site
from shadowing.availability.workdays import add_working_days
from shadowing.models import Answer, Season, Visit, VisitState
from shadowing.visits.rules import local_date

FURTHEST = timedelta(days=60)  # how far ahead a season's policy may remind


def answer_by(now: datetime) -> Iterator[Due]:
    """Who has not answered, on the season's days before the answer is due, but not on the day they were asked."""
    for visit in _between(Visit.objects.filter(state=VisitState.INVITED), "answer_by", now):
        if visit.answer_by is None or (step := answer_step(visit, visit.answer_by, now)) is None:
            continue
        if visit.executive_answer == Answer.NONE:
            yield from _executives(visit, visit.answer_by, step)
        if visit.host_answer == Answer.NONE:
            yield _host(visit, visit.answer_by, step)


def answer_step(visit: Visit, closes: date, now: datetime) -> int | None:
    """The reminder owed before ``closes``, in days relative to it; a working day after the invitation at the
    earliest, never on its day: who is invited for tomorrow is asked once."""
    today = local_date(visit.site, now)
    if visit.invited_at and today <= local_date(visit.site, visit.invited_at):
        return None
    return step_before_answer(visit.season, visit.site, closes, today)


def step_before_answer(season: Season, site: Site, closes: date, today: date) -> int | None:
    """The same for a day at the site."""
    earliest = add_working_days(closes, 1 - season.answer_by_days, country=site.country, subdivision=site.subdivision)
    if not min(earliest, closes) <= today <= closes:
        return None
    return latest_step(season.policy("answer_by"), closes, today)


def visit_coming(now: datetime) -> Iterator[Due]:
    """Everybody in a confirmed visit, on the season's days before it; never on the day itself."""
    for visit in _between(Visit.objects.filter(state=VisitState.CONFIRMED), "date", now):
        today = local_date(visit.site, now)
        step = latest_step(visit.season.policy("visit_coming"), visit.date, today) if today < visit.date else None
        if step is not None:
            yield from _executives(visit, visit.date, step)
            yield _host(visit, visit.date, step)


def latest_step(steps: list[int], event: date, today: date) -> int | None:
    """The newest of ``steps`` (days relative to ``event``, negative before it) reached today; None when none is."""
    return max((step for step in steps if event + timedelta(days=step) <= today), default=None)


def _between(visits: QuerySet[Visit], field: str, now: datetime) -> QuerySet[Visit]:
    """Those whose date may lie ahead anywhere on earth, with what the steps need."""
    span = (now.date() - timedelta(days=1), now.date() + FURTHEST)
    return visits.filter(**{f"{field}__range": span}).select_related("executive", "site", "season").order_by("pk")


def _executives(visit: Visit, anchor: date, step: int) -> Iterator[Due]:
    """The executive, and the assistant on their behalf."""
    about: dict[str, Any] = {
        "subject": visit.subject,
        "anchor": anchor,
        "step": step,
        "site_id": visit.site_id,
        "not_after": anchor,
    }
    yield Due(recipient_id=visit.executive_id, **about)
    if assistant := visit.executive.assistant_id:
        yield Due(recipient_id=assistant, on_behalf_of_id=visit.executive_id, **about)


def _host(visit: Visit, anchor: date, step: int) -> Due:
    return Due(visit.host_id, visit.subject, anchor, step, site_id=visit.site_id, not_after=anchor, personal=True)
