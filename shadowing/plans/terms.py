"""One pair of a plan explained: each term of its score in words and numbers, the load it adds, the next best host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.keys import fold
from people.models import BusinessUnit, User
from shadowing.models import PlanPair, Season
from shadowing.planner import scoring
from shadowing.planner.problem import Weights
from shadowing.planner.scoring import FULL_TENURE, SCALE, whole_months
from shadowing.plans.grounds import starts_on, weights_of

WITH_ALL = (
    "plan__season", "executive__user", "executive__business_unit", "executive__home_site", "host__user",
    "host__team__site", "host__team__business_unit", "site", "runner_up__user", "runner_up__team__site",
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A term of the score: its name, what it rests on, its weight, and the points it brought."""

    name: str
    words: str
    weight: float
    points: float
    changed: bool = False

    @property
    def share(self) -> float | None:
        """0 to 1 before the weight; None when the weight is 0."""
        return self.points / self.weight if self.weight else None


def terms_of(pair: PlanPair) -> list[Term]:
    """The three terms of the pair, by the weights its plan was made with. ``changed`` says that today's data would give
    another value than the plan's."""
    weights, first = weights_of(pair.plan), starts_on(pair.plan)
    today = scoring.tenure(pair.host.hired_on, first)
    home = pair.executive.home_site
    at_home = scoring.home_site(home.slug if home else None, pair.site.slug)
    distance = scoring.unit_distance(steps(pair.executive.business_unit), steps(pair.host.team.business_unit))
    found = pair.term_points
    return [
        term(_("Tenure"), tenure_words(pair.host.hired_on, first), weights["tenure"],
             found.get("tenure", 0), today),
        term(_("Other unit"), unit_words(pair, distance), weights["other_unit_distance"],
             found.get("other_unit_distance", 0)),
        term(_("Home site"), home_words(pair), weights["home_site"], found.get("home_site", 0), at_home),
    ]  # fmt: skip


def term(name: str, words: str, weight: float, points: float, today: float | None = None) -> Term:
    """A term, compared with today's value where that is known."""
    changed = today is not None and scoring.points(today, weight) != round(points * SCALE)
    return Term(name, words, weight, points, changed)


def tenure_words(hired_on: date | None, first: date) -> str:
    """ "48 of 60 months", as the term counts them at the season's start."""
    if hired_on is None:
        return _("Hire date not known: counts nothing")
    months = max(whole_months(hired_on, first), 0)
    if months > FULL_TENURE:
        return _("%(months)d months here, %(full)d count") % {"months": months, "full": FULL_TENURE}
    return _("%(months)d of %(full)d months") % {"months": months, "full": FULL_TENURE}


def unit_words(pair: PlanPair, distance: int) -> str:
    """How far apart the two units are."""
    ours, theirs = pair.executive.business_unit, pair.host.team.business_unit
    if ours is None or theirs is None:
        return _("A business unit is not known: counts nothing")
    apart = ngettext("%(number)d step apart", "%(number)d steps apart", distance) % {"number": distance}
    return _("%(theirs)s for %(ours)s: %(apart)s") % {"theirs": theirs.path, "ours": ours.path, "apart": apart}


def home_words(pair: PlanPair) -> str:
    """Whether the visit is at the executive's own site."""
    home = pair.executive.home_site
    if home is None:
        return _("No home site known: counts a half")
    if home.pk == pair.site_id:
        return _("%(site)s is their own site") % {"site": home.name}
    return _("%(site)s, their own site is %(home)s") % {"site": pair.site.name, "home": home.name}


def steps(unit: BusinessUnit | None) -> tuple[str, ...] | None:
    """The unit's path as the planner compares it."""
    return tuple((fold(unit.path) or "").split(" / ")) if unit else None


def find_pair(season: Season, number: int, executive_id: int, user: User) -> PlanPair | None:
    """The pair of an executive in a plan with all that explains it, where the person may see it. One query."""
    rows = PlanPair.objects.filter(plan__season=season, plan__number=number, executive=executive_id)
    if not user.reads_everything:
        rows = rows.filter(site__in=user.coordinated_site_ids)
    return rows.select_related(*WITH_ALL).first()


def pair_page(pair: PlanPair, user: User) -> dict[str, Any]:
    """What the page of a pair shows. One query."""
    visits = list(PlanPair.objects.filter(plan=pair.plan, host=pair.host_id).order_by("date").values_list("date"))
    weights = weights_of(pair.plan)
    terms = terms_of(pair)
    return {
        "pair": pair,
        "plan": pair.plan,
        "terms": terms,
        "changed": any(one.changed for one in terms),
        "load": [scoring.load(number, Weights(**weights)) / SCALE for number in range(1, len(visits) + 1)],
        "host_days": [day for (day,) in visits],
        "fair_load": weights["fair_load"],
        "runner_up": runner_up(pair, user),
    }


def runner_up(pair: PlanPair, user: User) -> dict[str, Any] | None:
    """The next best host, the day and what the plan would lose; unnamed at a site that is not the reader's."""
    host = pair.runner_up
    if host is None or pair.runner_up_change is None:
        return None
    named = user.reads_everything or host.team.site_id in user.coordinated_site_ids
    return {
        "host": host if named else None, "site": host.team.site, "day": pair.runner_up_on,
        "change": pair.runner_up_change / SCALE, "loss": -pair.runner_up_change / SCALE,
    }  # fmt: skip
