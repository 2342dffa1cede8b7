"""The end of a round: later than planned, earlier, or on its day. What waits is released by the next release run."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import User
from surveys.models import Round, RoundState
from surveys.rounds.planning import LONGEST
from surveys.rounds.rights import locked_round, record


def close_due_rounds(*, now: datetime) -> list[Round]:
    """Close rounds whose last day has passed everywhere on Earth. Runs may overlap: a round closes once."""
    over = Round.objects.filter(state=RoundState.OPEN, closes_on__lt=_last_day_anywhere(now))
    return [found for pk in over.order_by("pk").values_list("pk", flat=True) if (found := _close_if_due(pk, now=now))]


def _last_day_anywhere(now: datetime) -> date:
    return (now - timedelta(hours=12)).date()


@transaction.atomic
def _close_if_due(round_id: int, *, now: datetime) -> Round | None:
    open_still = Round.objects.select_for_update().filter(pk=round_id, state=RoundState.OPEN)
    survey_round = open_still.filter(closes_on__lt=_last_day_anywhere(now)).first()
    return _close(survey_round, by=None, now=now) if survey_round else None


@transaction.atomic
def close_round(*, round_id: int, by: User, now: datetime) -> Round:
    """Close a round early, for good. Raises Conflict when it is not open, NotAllowed for somebody else's."""
    survey_round = open_one(round_id, by)
    record(survey_round, "closed", by=by, now=now)
    return _close(survey_round, by=by, now=now)


@transaction.atomic
def extend_round(*, round_id: int, closes_on: date, by: User, now: datetime) -> Round:
    """Give people more days. The last day only moves later: those who meant to answer on it still can."""
    survey_round = open_one(round_id, by)
    if closes_on <= survey_round.closes_on:
        raise Refused(_("Choose a day after the present last one."), field="closes_on")
    if closes_on - survey_round.opens_on > LONGEST:
        raise Refused(_("A survey is open for a year at most."), field="closes_on")
    days = [survey_round.closes_on.isoformat(), closes_on.isoformat()]
    survey_round.closes_on = closes_on
    survey_round.save(update_fields=["closes_on"])
    record(survey_round, "extended", by=by, now=now, closes_on=days)
    return survey_round


def open_one(round_id: int, by: User) -> Round:
    """The open round, locked. Raises Conflict in every other state."""
    survey_round = locked_round(round_id, by)
    if survey_round.state == RoundState.CLOSED:
        raise Conflict(_("This survey is closed already."))
    if survey_round.state != RoundState.OPEN:
        raise Conflict(_("This survey is not open yet."))
    return survey_round


def _close(survey_round: Round, *, by: User | None, now: datetime) -> Round:
    survey_round.state, survey_round.closed_at, survey_round.closed_by = RoundState.CLOSED, now, by
    survey_round.save(update_fields=["state", "closed_at", "closed_by"])
    return survey_round
