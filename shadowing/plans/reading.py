"""What the plan page shows: the proof, figures, load per host, spread, who is left out and why, all pairs."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Site, User
from people.paging import page_of
from shadowing.models import Plan, PlanPair, PlanState, Season
from shadowing.planner.scoring import LEFT_OUT, SCALE
from shadowing.plans import grounds, load, remedies, what_if
from shadowing.plans.assumptions import assumed_places
from shadowing.plans.pairs import Pair, Wanted, read_pairs, seen_by
from shadowing.plans.spread import places_of, spread
from shadowing.plans.words import Words, words_of
from shadowing.seasons import changes, rights

MOST_LISTED = 12  # earlier plans


def plan_page(season: Season, user: User, query: QueryDict) -> dict[str, Any]:
    """Everything the page of a season's plans shows. ``plan`` in the query is a number; without it see ``chosen``."""
    plans = newest_plans(season)
    plan = chosen(season, plans, query.get("plan", ""))
    may_change = rights.may_change(user, season) and not season.is_published
    context = {"season": season, "plans": plans, "plan": plan, "may_change": may_change}
    running = next((one for one in plans if one.is_running), None)
    context |= {"running": running, "known": running and known(running)}
    if plan is None or not plan.is_finished:
        return context | assumed(season, plan, None, may_change)
    if may_change:
        context["outdated"] = grounds.changed_since(plan, season) or changes.changed_after(season, plan.asked_at)
    return context | result(plan, plans, season, user, query)


def newest_plans(season: Season) -> list[Plan]:
    """The season's newest plans, each with ``placed``: how many pairs it has. One query."""
    pairs = PlanPair.objects.filter(plan=OuterRef("pk")).order_by().values("plan")
    number = Coalesce(Subquery(pairs.annotate(number=Count("pk")).values("number")), 0)
    rows = Plan.objects.filter(season=season).annotate(placed=number).select_related("adopted_by")
    return list(rows.order_by("-number")[:MOST_LISTED])


def assumed(season: Season, plan: Plan | None, read: what_if.Known | None, may_change: bool) -> dict[str, Any]:
    """What a what-if takes for granted, and what of it the season does not say; nothing for other plans."""
    found = what_if.assumptions(season, plan.what_if, read) if plan else []
    unsaid = [one for one in found if not one.said and one.by != "use"]
    takes = may_change and any(one.by == "season" for one in unsaid)
    return {"assumed": found, "unsaid": unsaid, "may_take_over": takes}


def chosen(season: Season, plans: list[Plan], number: str) -> Plan | None:
    """The plan of that number, else the newest finished one that is no what-if, else the newest."""
    newest = next((plan for plan in plans if plan.is_finished and not plan.what_if), plans[0] if plans else None)
    if not number.isdecimal() or len(number) > 9:
        return newest
    listed = next((plan for plan in plans if plan.number == int(number)), None)
    return listed or Plan.objects.filter(season=season, number=int(number)).first() or newest


def result(plan: Plan, plans: list[Plan], season: Season, user: User, query: QueryDict) -> dict[str, Any]:
    """A finished plan in full; pairs, load and spread of the sites the person works with or reads about."""
    earlier = next((one for one in plans if one.number < plan.number and one.is_finished), None)
    other = earlier or next((one for one in plans if one.number != plan.number and one.is_finished), None)
    names, hosts, full = names_of(season), load.read_hosts(season), rights.may_change(user, season)
    left_out, everything = left_out_of(plan, names), read_pairs(plan, earlier)
    pairs = seen_by(user, everything)
    return {
        **assumed(season, plan, read_already(season, hosts, everything, left_out), full and not season.is_published),
        "left_out": remedies.waiting(left_out, plan, season.slug, remedies.names_of(hosts, names), full=full),
        "placed": len(everything),
        "total": len(everything) + len(left_out),
        "figures": figures(plan, everything, len(left_out), earlier),
        "percent": percent(plan.gap or 0),
        "kept": sum(pair.locked for pair in everything),
        "proof": proof(plan, len(everything) + len(left_out)),
        "relied": relied_on(plan),
        "grounds": grounds.grounds(plan, season),
        "other": other,
        "strips": (strips := load.strips(hosts, pairs)),
        "load_hosts": sum(strip.hosts for strip in strips),
        "spread": spread_of(season, plan, user, pairs, left_out),
        **listed(pairs, query),
    }


def read_already(season: Season, hosts: list[load.HostRow], pairs: list[Pair], left_out: list[Words]) -> what_if.Known:
    """What the page read and the words of a what-if need too."""
    executives = {pair.executive_id: pair.executive for pair in pairs}
    executives |= {one.row.executive_id: one.row.executive.user.name for one in left_out}
    return what_if.Known(list(season.season_sites.all()), hosts, executives)


def listed(pairs: list[Pair], query: QueryDict) -> dict[str, Any]:
    """The page of pairs the address asks for, and what its filters can be."""
    wanted = Wanted.of(query)
    page: Page[Pair] = page_of(wanted.apply(pairs), query.get("page"))
    sites = sorted({(pair.site_slug, pair.site) for pair in pairs}, key=lambda site: site[1])
    units = sorted({pair.unit for pair in pairs if pair.unit})
    days = sorted({pair.date for pair in pairs})
    return {
        "page": page, "wanted": wanted, "all_pairs": len(pairs), "sites": sites, "units": units, "days": days,
        "unit_unknown": any(pair.unit is None for pair in pairs),
    }  # fmt: skip


def spread_of(season: Season, plan: Plan, user: User, pairs: list[Pair], left_out: list[Words]) -> Any:
    """The spread over the season's sites the person may see, with the places the plan counted on."""
    places = [
        place for place in season.season_sites.all()
        if user.reads_everything or place.site_id in user.coordinated_site_ids
    ]  # fmt: skip
    units = [one.row.executive.business_unit for one in left_out] if user.reads_everything else []
    room = places_of(season, places, assumed_places(plan.what_if))
    return spread(pairs, room, places, [unit.path if unit else None for unit in units])


def names_of(season: Season) -> dict[str, str]:
    """The names of the season's sites by short name; no query when the season came with them."""
    return {place.site.slug: place.site.name for place in season.season_sites.all()}


def known(plan: Plan) -> str:
    """What a running solve knows so far."""
    placed, objective, bound = (plan.progress.get(name) for name in ("placed", "objective", "bound"))
    if plan.state == Plan.State.WAITING:
        return waits()
    if not placed or objective is None or bound is None:
        return _("Looks for the best pairs.")
    words = _("%(placed)d placed, at most %(points)s points from the best.")
    return words % {"placed": placed, "points": f"{max(bound - objective, 0):,.1f}"}


def waits() -> str:
    """That the plan waits for a worker, and how many solves those are busy with. One query."""
    number = Plan.objects.filter(state=PlanState.SOLVING).count()
    if not number:
        return _("Waits for a free worker.")
    words = ngettext(
        "Waits for a free worker: %(number)d other season is being solved.",
        "Waits for a free worker: %(number)d other seasons are being solved.", number,
    )  # fmt: skip
    return words % {"number": number}


def percent(share: float) -> str:
    """A share as a percentage with one decimal, rounded up: what is "at most" must be true."""
    return f"{math.ceil(round(share * 1000, 6)) / 10:.1f}"


def left_out_of(plan: Plan, names: dict[str, str] | None = None) -> list[Words]:
    """Who is left out and why, in the order of the waiting list. ``names`` of sites are read when not given."""
    rows = plan.left_out.select_related("executive__user", "executive__business_unit").order_by("position", "pk")
    known_names = dict(Site.objects.values_list("slug", "name")) if names is None else names
    return [words_of(row, known_names) for row in rows]


def figures(plan: Plan, pairs: list[Pair], left_out: int, earlier: Plan | None) -> list[dict[str, Any]]:
    """Four figures: placed, score, gap, and what changed since the plan before."""
    score, bound = (points((value or 0) + left_out * LEFT_OUT) for value in (plan.objective, plan.bound))
    everybody, preferred = f"{len(pairs) + left_out:,}", sum(pair.on_preferred_day for pair in pairs)
    shown = [
        {
            "name": _("Placed"), "number": f"{len(pairs):,}", "parts": _("of %(number)s") % {"number": everybody},
            "note": _("%(number)s on a day they prefer") % {"number": f"{preferred:,}"},
        },
        {"name": _("Plan's score"), "number": score, "note": _("Upper bound %(number)s") % {"number": bound}},
        {
            "name": _("Gap"), "number": f"{percent(plan.gap or 0)} %",
            "note": _("What could still be gained"),
        },
    ]  # fmt: skip
    return [*shown, against(pairs, earlier)] if earlier else shown


def proof(plan: Plan, total: int) -> list[tuple[str, str]]:
    """The figures behind "How it is proven", as pairs of name and value."""
    worth, ceiling = ((value or 0) + total * LEFT_OUT for value in (plan.objective, plan.bound))
    given = _("%(seconds)s of at most %(limit)d") % {"seconds": f"{plan.seconds or 0:.1f}", "limit": plan.limit_seconds}
    return [
        (_("This plan is worth, with 100 points a place"), f"{worth / SCALE:,.3f}"),
        (_("No plan is worth more than"), f"{ceiling / SCALE:,.3f}"),
        (_("Gap, of the pairs' scores"), f"{percent(plan.gap or 0)} %"),
        (_("Seconds"), given),
        (_("Seed: the same one gives the same plan"), str(plan.seed)),
    ]


def points(thousandths: int) -> str:
    return f"{thousandths / SCALE:,.1f}"


def against(pairs: list[Pair], earlier: Any) -> dict[str, Any]:
    """How many more are placed than in an earlier plan, and how many pairs are the same."""
    same, more = sum(pair.as_before for pair in pairs), len(pairs) - earlier.placed
    number = _("as many") if not more else f"{abs(more):,}"
    parts = _("placed") if not more else (_("more placed") if more > 0 else _("fewer placed"))
    kept = _("%(changed)d pairs changed, %(same)d as before") % {"changed": len(pairs) - same, "same": same}
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
