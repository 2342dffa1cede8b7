"""Opening: by hand, by the calendar, and by itself for the questionnaires a season lists."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import User
from shadowing.models import Season, SeasonState
from surveys.models import Audience, Phase, Round, RoundState
from surveys.questionnaires.builtin import (
    HOSTING,
    PULSE_EXECUTIVES,
    PULSE_FRONT_LINE,
    SILOS,
    VISIT,
    builtin_version,
)
from surveys.rounds.audiences import asks_visitors
from surveys.rounds.cells import make_cells
from surveys.rounds.inviting import invite_everybody
from surveys.rounds.planning import LONGEST, draft
from surveys.rounds.rights import record

OPEN_AFTER_SEASON = timedelta(days=14)  # people of the last day still get both reminders
STANDING_DAYS = timedelta(days=14)


class Listed(NamedTuple):
    """Whom a questionnaire asks when a season lists it, and on which side of the season."""

    audience: Audience
    phase: str = ""


AUTOMATIC = {
    HOSTING: Listed(Audience.VISIT_HOSTS),
    VISIT: Listed(Audience.VISIT_EXECUTIVES),
    PULSE_EXECUTIVES: Listed(Audience.EXECUTIVES, Phase.BEFORE),
    PULSE_FRONT_LINE: Listed(Audience.FRONT_LINE, Phase.BEFORE),
    SILOS: Listed(Audience.EXECUTIVES),
}


@transaction.atomic
def open_round(*, round_id: int, by: User, now: datetime) -> Round:
    """Open a draft today, fix its cells and invite who is there to be asked. From now on its promise stands.

    Raises Conflict when somebody was faster, Refused while nobody would be asked."""
    return _open(draft(round_id, by), by=by, now=now)


def _open(survey_round: Round, *, by: User | None, now: datetime) -> Round:
    """Open a locked draft."""
    today = now.date()
    _check(survey_round, now)
    survey_round.state, survey_round.opened_at, survey_round.opened_by = RoundState.OPEN, now, by
    survey_round.opens_on = min(survey_round.opens_on, today)
    survey_round.save(update_fields=["state", "opened_at", "opened_by", "opens_on"])
    _let_in(survey_round, today=today)
    record(survey_round, "opened", by=by, now=now, cells=survey_round.cells.count())
    return survey_round


def _check(survey_round: Round, now: datetime) -> None:
    if survey_round.closes_on < now.date():
        raise Refused(_("Its last day has passed. Choose a later one first."), field="closes_on")
    if survey_round.closes_on - now.date() > LONGEST:
        raise Refused(_("A survey is open for a year at most. Choose an earlier last day first."), field="closes_on")
    if asks_visitors(survey_round) and not survey_round.season.is_published:
        raise Refused(_("The season is not published yet, so nobody knows who will have a visit."))


def open_due_rounds(*, now: datetime) -> int:
    """Open what is due: drafts whose first day has come, and the surveys that open by themselves; returns how many.

    A draft that cannot open yet (nobody to ask, a season not published) waits, and the next sweep asks again."""
    listed = sum(_open_listed(slug, now=now) for slug in AUTOMATIC)
    due = Round.objects.filter(state=RoundState.DRAFT, opens_on__lte=now.date(), closes_on__gte=now.date())
    return listed + sum(_open_if_still_due(pk, now=now) for pk in due.order_by("pk").values_list("pk", flat=True))


def _open_if_still_due(round_id: int, *, now: datetime) -> bool:
    drafts = Round.objects.select_for_update(of=("self",)).select_related("season", "version")
    try:
        with transaction.atomic():
            found = drafts.filter(pk=round_id, state=RoundState.DRAFT, opens_on__lte=now.date()).first()
            return found is not None and _open(found, by=None, now=now) is not None
    except Refused:
        return False


def _open_listed(slug: str, *, now: datetime) -> int:
    """Open a questionnaire in every published season that lists it and has no round of it."""
    asked = Round.objects.filter(season=OuterRef("pk"), version__questionnaire__slug=slug)
    waiting = Season.objects.filter(~Exists(asked), state=SeasonState.PUBLISHED).order_by("pk")
    listing = [season for season in waiting if slug in season.questionnaires]
    return sum(_open_if_anybody(season, slug, now=now) for season in listing)


def _open_if_anybody(season: Season, slug: str, *, now: datetime) -> bool:
    try:
        return open_listed_round(season=season, slug=slug, now=now) is not None
    except Refused:
        return False


def open_hosting_round(*, season: Season, now: datetime) -> Round:
    """Open the hosting survey of a published season and fix its cells. Raises Conflict when there is one already."""
    return open_listed_round(season=season, slug=HOSTING, now=now)


@transaction.atomic
def open_listed_round(*, season: Season, slug: str, now: datetime) -> Round:
    """Open a questionnaire that goes with every season that lists it. Visitors are asked until two weeks after the last
    day, everybody else for two weeks or up to the first day, whichever is later."""
    season = Season.objects.select_for_update().get(pk=season.pk)
    version = builtin_version(slug, now=now)
    if Round.objects.filter(season=season, version__questionnaire=version.questionnaire).exists():
        raise Conflict(_("The season has this survey already."))
    audience, phase = AUTOMATIC[slug]
    survey_round = Round(season=season, version=version, audience=audience, phase=phase, opened_at=now)
    survey_round.state = RoundState.OPEN
    survey_round.opens_on, survey_round.closes_on = _days(survey_round, now.date())
    survey_round.save()
    _let_in(survey_round, today=now.date())
    record(survey_round, "opened", by=None, now=now, cells=survey_round.cells.count())
    return survey_round


def _days(survey_round: Round, today: date) -> tuple[date, date]:
    season = survey_round.season
    if asks_visitors(survey_round):
        return season.starts_on, season.ends_on + OPEN_AFTER_SEASON
    return today, max(today + STANDING_DAYS, season.starts_on)


def _let_in(survey_round: Round, *, today: date) -> None:
    """Fix the cells; a standing audience is invited at once. Raises Refused when it is empty."""
    people = make_cells(survey_round)
    if asks_visitors(survey_round):
        return
    if not people.total():
        raise Refused(_("Nobody would be asked: the audience is empty."))
    invite_everybody(survey_round, today=today)
