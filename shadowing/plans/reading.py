"""What the plan page shows: the proof, figures, load per host, who is left out and why, all pairs."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Site, User
from people.paging import page_of
from shadowing.models import Plan, PlanPair, Season
from shadowing.planner.scoring import LEFT_OUT, SCALE
from shadowing.plans import load
from shadowing.plans.words import Words, words_of
from shadowing.seasons import rights

MOST_LISTED = 12  # earlier plans


def plan_page(season: Season, user: User, query: QueryDict) -> dict[str, Any]:
    """Everything the page of a season's plans shows. ``plan`` in the query is a number; without it the newest."""
    plans = list(Plan.objects.filter(season=season).select_related("adopted_by").order_by("-number")[:MOST_LISTED])
    plan = chosen(season, plans, query.get("plan", ""))
    may_change = rights.may_change(user, season) and not season.is_published
    context = {"season": season, "plans": plans, "plan": plan, "may_change": may_change}
    running = next((one for one in plans if one.is_running), None)
    context |= {"running": running, "known": running and known(running)}
    return context | result(plan, plans, user, query) if plan and plan.is_finished else context


def chosen(season: Season, plans: list[Plan], number: str) -> Plan | None:
    """The plan of that number, else the newest."""
    newest = plans[0] if plans else None
    if not number.isdecimal() or len(number) > 9:
        return newest
    listed = next((plan for plan in plans if plan.number == int(number)), None)
    return listed or Plan.objects.filter(season=season, number=int(number)).first() or newest


def result(plan: Plan, plans: list[Plan], user: User, query: QueryDict) -> dict[str, Any]:
    """A finished plan in full; pairs and load of the sites the person works with or reads about."""
    earlier = next((one for one in plans if one.number < plan.number and one.is_finished), None)
    left_out = left_out_of(plan)
    whole = plan.pairs.aggregate(placed=Count("pk"), score=Sum("score"))
    pairs = pairs_for(plan, user)
    return {
        "left_out": left_out,
        "placed": whole["placed"],
        "total": whole["placed"] + len(left_out),
        "figures": figures(plan, whole["placed"], len(left_out), earlier),
        "percent": percent(plan.gap or 0),
        "relied": relied_on(plan),
        "strips": load.strips(plan, pairs),
        "page": page_of(with_people(pairs), query.get("page")),
    }


def known(plan: Plan) -> str:
    """What a running solve knows so far."""
    placed, objective, bound = (plan.progress.get(name) for name in ("placed", "objective", "bound"))
    if plan.state == Plan.State.WAITING:
        return _("Waits for the planner.")
    if not placed or objective is None or bound is None:
        return _("Looks for the best pairs.")
    words = _("%(placed)d placed, at most %(points)s points from the best.")
    return words % {"placed": placed, "points": f"{max(bound - objective, 0):,.1f}"}


def percent(share: float) -> str:
    """A share as a percentage with one decimal, rounded up: what is "at most" must be true."""
    return f"{math.ceil(round(share * 1000, 6)) / 10:.1f}"


def pairs_for(plan: Plan, user: User) -> QuerySet[PlanPair]:
    """The pairs at the person's sites, all for those who read everything."""
    return plan.pairs.all() if user.reads_everything else plan.pairs.filter(site__in=user.coordinated_site_ids)


def with_people(pairs: QuerySet[PlanPair]) -> QuerySet[PlanPair]:
    """Pairs with all their row shows, by date."""
    rows = pairs.select_related("executive__user", "executive__business_unit", "host__user", "host__team", "site")
    return rows.order_by("date", "site__name", "pk")


def left_out_of(plan: Plan) -> list[Words]:
    """Who is left out and why, in the order of the waiting list. Two queries."""
    rows = plan.left_out.select_related("executive__user", "executive__business_unit").order_by("position", "pk")
    names = dict(Site.objects.values_list("slug", "name"))
    return [words_of(row, names) for row in rows]


def figures(plan: Plan, placed: int, left_out: int, earlier: Plan | None) -> list[dict[str, Any]]:
    """Four figures: placed, score, gap, and what changed since the plan before."""
    score, bound = (points((value or 0) + left_out * LEFT_OUT) for value in (plan.objective, plan.bound))
    everybody = _("of %(number)s") % {"number": f"{placed + left_out:,}"}
    shown = [
        {"name": _("Placed"), "number": f"{placed:,}", "parts": everybody},
        {"name": _("Plan's score"), "number": score, "note": _("Upper bound %(number)s") % {"number": bound}},
        {"name": _("Gap"), "number": f"{percent(plan.gap or 0)} %", "note": _("What could still be gained")},
    ]
    return [*shown, against(plan, placed, earlier)] if earlier else shown


def points(thousandths: int) -> str:
    return f"{thousandths / SCALE:,.1f}"


def against(plan: Plan, placed: int, earlier: Plan) -> dict[str, Any]:
    """How many more are placed than in an earlier plan, and how many pairs are the same."""
    one, other = (set(p.pairs.values_list("executive", "host", "date")) for p in (plan, earlier))
    more = placed - len(other)
    number = _("the same") if not more else f"{abs(more):,}"
    parts = "" if not more else (_("more placed") if more > 0 else _("fewer placed"))
    kept = _("%(changed)d pairs changed, %(same)d as before") % {"changed": len(one - other), "same": len(one & other)}
    name = _("Against plan %(number)d") % {"number": earlier.number}
    return {"name": name, "number": number, "parts": parts, "note": kept, "url": f"?plan={earlier.number}"}


UNKNOWN = {
    "tenure": lambda number: ngettext(
        "In %(number)d pair the host's hire date is not known.",
        "In %(number)d pairs the host's hire date is not known.", number),
    "unit": lambda number: ngettext(
        "In %(number)d pair a business unit is not known.",
        "In %(number)d pairs a business unit is not known.", number),
    "language": lambda number: ngettext(
        "In %(number)d pair a language is not known.", "In %(number)d pairs a language is not known.", number),
}  # fmt: skip


def relied_on(plan: Plan) -> list[str]:
    """Sentences about rules that were let pass because data is missing."""
    counts = Counter(plan.relied_on_unknown)
    return [words(counts[rule]) % {"number": counts[rule]} for rule, words in UNKNOWN.items() if counts[rule]]
