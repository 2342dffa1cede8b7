"""Taking what a what-if plan assumes over into its season, so that the plan can be used and the next solve counts on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Refused
from people.models import AuditEvent, User
from shadowing.models import PairRule, Plan, Season, SeasonSite
from shadowing.plans import what_if
from shadowing.plans.assumptions import RULES
from shadowing.seasons import rights


@transaction.atomic
def take_over(*, plan: Plan, by: User, now: datetime) -> list[str]:
    """Write a what-if's rules, weights, places and allowed pairs into the season; what it took over, in words.

    A place more on one day makes the site take that many visits on every day: a season knows no other. What depends on
    people (their days, their visits, a team's cover) is left: they are asked. Raises NotAllowed (somebody must
    coordinate all the season's sites) or Refused (published, or there is nothing to take over).
    """
    season = Season.objects.select_for_update(no_key=True).get(pk=plan.season_id)
    rights.require_change(by, season)
    if season.is_published:
        raise Refused(_("This season is published: its rules stand."))
    taken = [one.words for one in what_if.assumptions(season, plan.what_if) if not one.said and one.by == "season"]
    if not taken:
        raise Refused(_("The season says all of this already, or people have to be asked first."))
    before = rules_of(season)
    write_rules(season, plan.what_if)
    write_places(season, plan.what_if)
    allow_pairs(season, plan.what_if)
    AuditEvent.objects.create(
        at=now, by=by, verb="season.what_if_taken_over", subject=f"season:{season.pk}",
        changes={"plan": plan.number, "taken": taken, "rules": [before, rules_of(season)]},
    )  # fmt: skip
    return taken


def rules_of(season: Season) -> dict[str, Any]:
    """Rules, weights and places as the audit trail holds them."""
    places = dict(SeasonSite.objects.filter(season=season).values_list("site__slug", "visits_a_day"))
    return {name: getattr(season, name) for name in RULES} | {"weights": season.weights, "places": places}


def write_rules(season: Season, assumed: Mapping[str, Any]) -> None:
    """The rules and weights; a shorter rest wanted for somebody becomes the season's rest."""
    for name, value in assumed.get("rules", {}).items():
        if name in RULES:
            setattr(season, name, value)
    rests = [int(change["days"]) for change in assumed.get("changes", ()) if change["kind"] == "rest"]
    season.days_between_host_visits = min([season.days_between_host_visits, *rests])
    season.weights = season.weights | dict(assumed.get("weights", {}))
    season.save(update_fields=[*RULES, "weights"])


def write_places(season: Season, assumed: Mapping[str, Any]) -> None:
    """Visits a day of the sites: as assumed for every day, or the most assumed for one."""
    for place in assumed.get("places", ()):
        rows = SeasonSite.objects.filter(season=season, site__slug=place["site"])
        if place.get("date"):
            rows = rows.filter(visits_a_day__lt=place["visits"])
        rows.update(visits_a_day=place["visits"])


def allow_pairs(season: Season, assumed: Mapping[str, Any]) -> None:
    """Pairs that were ruled out are ruled out no more."""
    for change in assumed.get("changes", ()):
        if change["kind"] == "pair_rule":
            PairRule.objects.filter(season=season, executive=change["executive"], host=change["host"]).delete()
