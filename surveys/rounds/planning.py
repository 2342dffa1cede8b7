"""A round before it opens: planned, changed and deleted freely, for nobody was promised anything yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, NotAllowed, Refused
from people.models import Site, User
from shadowing.models import Season
from surveys.models import Audience, Phase, QuestionnaireVersion, Round, RoundState
from surveys.rounds.rights import locked_round, may_ask, record

LEAST_K, LEAST_K_TEXT = 5, 8
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class RoundPlan:
    """Everything a respondent is promised, and when. ``site`` only for the front line, None there for all sites."""

    version: QuestionnaireVersion
    audience: str
    opens_on: date
    closes_on: date
    site: Site | None = None
    phase: str = ""
    anonymous: bool = True
    k: int = LEAST_K
    k_text: int = LEAST_K_TEXT

    def as_fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def as_words(self) -> dict[str, Any]:
        """For the audit trail: ids and ISO dates."""
        dates = {"opens_on": self.opens_on.isoformat(), "closes_on": self.closes_on.isoformat()}
        refs = {"version": self.version.pk, "site": self.site.pk if self.site else None}
        return self.as_fields() | dates | refs


@transaction.atomic
def plan_round(*, season: Season, plan: RoundPlan, by: User, now: datetime) -> Round:
    """Plan a round of a season. Nobody is told before it opens. Raises Refused, Conflict (there is one), NotAllowed."""
    season = Season.objects.select_for_update().get(pk=season.pk)
    _check(plan, season, by)
    survey_round = Round(season=season, state=RoundState.DRAFT, created_at=now, created_by=by, **plan.as_fields())
    _save(survey_round)
    record(survey_round, "planned", by=by, now=now, **plan.as_words())
    return survey_round


@transaction.atomic
def change_round(*, round_id: int, plan: RoundPlan, by: User, now: datetime) -> Round:
    """Replace the plan of a draft. Once a round is open its promise stands: raises Conflict."""
    survey_round = draft(round_id, by)
    _check(plan, survey_round.season, by)
    for name, value in plan.as_fields().items():
        setattr(survey_round, name, value)
    _save(survey_round)
    record(survey_round, "changed", by=by, now=now, **plan.as_words())
    return survey_round


@transaction.atomic
def delete_round(*, round_id: int, by: User, now: datetime) -> None:
    """Delete a draft. What was opened stays: raises Conflict."""
    survey_round = draft(round_id, by)
    record(survey_round, "deleted", by=by, now=now)
    survey_round.delete()


def draft(round_id: int, by: User) -> Round:
    """The draft, locked. Raises Conflict when it has been opened."""
    survey_round = locked_round(round_id, by)
    if survey_round.state != RoundState.DRAFT:
        raise Conflict(_("This survey has been opened. What people were promised stays as it is."))
    return survey_round


def _check(plan: RoundPlan, season: Season, by: User) -> None:
    if not may_ask(season, plan.site.pk if plan.site else None, by):
        raise NotAllowed("Only a coordinator of all sites a survey asks at sets it up.")
    for wrong, message, field in _refusals(plan, season):
        if wrong:
            raise Refused(message, field=field)


def _refusals(plan: RoundPlan, season: Season) -> list[tuple[bool, str, str]]:
    """(does it apply, what to say, which field): the rules of a plan."""
    version = plan.version
    return [
        (version.published_at is None, _("Only a published version can be asked."), "version"),
        (version.questionnaire.retired_at is not None, _("This questionnaire is retired."), "version"),
        (plan.audience not in Audience.values, _("Choose who is asked."), "audience"),
        (
            plan.site is not None and plan.audience != Audience.FRONT_LINE,
            _("A single site is chosen for its front line only."),
            "site",
        ),
        (
            plan.site is not None and not season.sites.filter(pk=plan.site.pk).exists(),
            _("This site is not part of the season."),
            "site",
        ),
        (plan.phase not in ("", *Phase.values), _("Choose before or after the season."), "phase"),
        (plan.k < LEAST_K, _("Figures need at least 5 answers."), "k"),
        (plan.k_text < LEAST_K_TEXT, _("Free text needs at least 8 people who wrote some."), "k_text"),
        (plan.k_text < plan.k, _("Free text needs at least as many people as figures."), "k_text"),
        (plan.k_text > 1000, _("More than 1,000 people would hide every word."), "k_text"),
        (plan.closes_on < plan.opens_on, _("Choose a last day on or after the first."), "closes_on"),
        (plan.closes_on - plan.opens_on > LONGEST, _("A survey is open for a year at most."), "closes_on"),
    ]


def _save(survey_round: Round) -> None:
    try:
        with transaction.atomic():
            survey_round.save()
    except IntegrityError as error:
        raise Conflict(_("The season has this survey for the same people already. Open that one.")) from error
