"""What a plan takes for granted instead of its season: in words, what of it the season does not say, and how it is asked.

The shape is assumptions.py's. Two keys are added here when a plan is asked for, so that it can be told later whether the
season has come to say it: ``visits`` of a place (what the site would take on that day) and ``visits`` of a host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.models import User
from shadowing.models import PairRule, Plan, Season, SeasonSite, UnavailableDay
from shadowing.plans.assumptions import RULES
from shadowing.plans.load import HostRow, read_hosts
from shadowing.plans.words import short

WhatIf = Mapping[str, Any]
BY_HAND = frozenset({"met", "language", "unit", "tenure"})  # using the plan puts this pair on the board, locked
OF_PEOPLE = frozenset({"own_days", "host_days", "host_visits", "cover"})  # somebody must be asked first

RULE_WORDS: Mapping[str, str | Promise] = {
    "host_min_tenure_months": gettext_lazy("Least tenure of a host, months"),
    "other_business_unit": gettext_lazy("Another business unit required"),
    "shared_language": gettext_lazy("Shared language required"),
    "no_repeat_seasons": gettext_lazy("No pair that met in the last seasons"),
    "days_between_host_visits": gettext_lazy("Days between two visits of one host"),
}
WEIGHT_WORDS: Mapping[str, str | Promise] = {
    "tenure": gettext_lazy("Weight of tenure"),
    "other_unit_distance": gettext_lazy("Weight of another unit"),
    "home_site": gettext_lazy("Weight of the home site"),
    "fair_load": gettext_lazy("Weight of a fair load"),
}


@dataclass(frozen=True)
class Assumption:
    """One thing a plan takes for granted: in words, whether the season says it by now, and who can make it say so:
    ``season`` (take it over), ``people`` (somebody is asked first), ``use`` (it comes true when the plan is used)."""

    words: str
    said: bool
    by: str = "season"


@dataclass(frozen=True)
class Facts:
    """What the words and the comparison with the season need. Teams are (name, how many may be away at once)."""

    season: Season
    places: Mapping[str, SeasonSite]
    people: Mapping[str, str]
    teams: Mapping[str, tuple[str, int | None]]
    most: Mapping[str, int]
    away: frozenset[tuple[str, date]]
    forbidden: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Known:
    """What a page has read already: sites, the season's hosts, names of executives by id."""

    places: Sequence[SeasonSite]
    hosts: Sequence[HostRow]
    executives: Mapping[int, str]


def read_known(season: Season, what_if: WhatIf) -> Known:
    """The same, read here. One query, three with changes of remedies."""
    places = list(SeasonSite.objects.filter(season=season).select_related("site"))
    keys = {int(change["executive"]) for change in what_if.get("changes", ()) if "executive" in change}
    if not what_if.get("changes"):
        return Known(places, [], {})
    return Known(places, read_hosts(season), dict(User.objects.filter(pk__in=keys).values_list("pk", "name")))


def read_facts(season: Season, what_if: WhatIf, known: Known | None = None) -> Facts:
    """The facts behind the assumptions. At most two queries more than what is known already."""
    known = known or read_known(season, what_if)
    changes = list(what_if.get("changes", ()))
    people = {str(row.host): row.name for row in known.hosts}
    return Facts(
        season=season,
        places={place.site.slug: place for place in known.places},
        people=people | {str(pk): name for pk, name in known.executives.items()},
        teams={str(row.team): (row.team_name, row.away_at_once) for row in known.hosts},
        most={str(row.host): row.most for row in known.hosts},
        away=days_away(season, [change for change in changes if change["kind"] in ("own_days", "host_days")]),
        forbidden=ruled_out(season, [change for change in changes if change["kind"] == "pair_rule"]),
    )


def days_away(season: Season, changes: Sequence[Mapping[str, Any]]) -> frozenset[tuple[str, date]]:
    """The days these people cannot. No query without changes."""
    keys = {int(change.get("executive", change.get("host", 0))) for change in changes}
    rows = UnavailableDay.objects.filter(user__in=keys, date__range=(season.starts_on, season.ends_on))
    return frozenset((str(user), day) for user, day in rows.values_list("user", "date")) if keys else frozenset()


def ruled_out(season: Season, changes: Sequence[Mapping[str, Any]]) -> frozenset[tuple[str, str]]:
    """The pairs of these executives that are ruled out. No query without changes."""
    keys = {int(change["executive"]) for change in changes}
    rows = PairRule.objects.filter(season=season, executive__in=keys).values_list("executive", "host")
    return frozenset((str(one), str(other)) for one, other in rows) if keys else frozenset()


def assumptions(season: Season, what_if: WhatIf, known: Known | None = None) -> list[Assumption]:
    """Everything a plan takes for granted, in words. ``known`` is what was read already."""
    if not what_if:
        return []
    facts = read_facts(season, what_if, known)
    rules = [rule_words(facts, name, value) for name, value in what_if.get("rules", {}).items() if name in RULES]
    weights = [weight_words(facts, name, value) for name, value in what_if.get("weights", {}).items()]
    places = [place_words(facts, one) for one in what_if.get("places", ())]
    changes = [change_words(facts, change) for change in what_if.get("changes", ())]
    return [*rules, *weights, *places, *changes]


def unsaid(season: Season, plan: Plan) -> list[Assumption]:
    """What the plan takes for granted, the season does not say, and using the plan would not make true."""
    return [one for one in assumptions(season, plan.what_if) if not one.said and one.by != "use"]


def by_hand(what_if: WhatIf) -> set[tuple[int, int]]:
    """The pairs (executive, host) a plan lets be whatever a rule says: using it locks them, or the next plan would not
    keep them."""
    changes = [change for change in what_if.get("changes", ()) if change["kind"] in BY_HAND]
    return {(int(change["executive"]), int(change["host"])) for change in changes}


def rule_words(facts: Facts, name: str, value: Any) -> Assumption:
    """ "Least tenure of a host, months: 3 instead of 6"."""
    now = getattr(facts.season, name)
    return Assumption(instead(RULE_WORDS[name], value, now), now == value)


def weight_words(facts: Facts, name: str, value: Any) -> Assumption:
    """ "Weight of tenure: 2 instead of 1"."""
    now = facts.season.weights.get(name, 1)
    return Assumption(instead(WEIGHT_WORDS.get(name, name), value, now), float(now) == float(value))


def instead(name: str | Promise, value: Any, now: Any) -> str:
    """A rule's assumed value beside the season's."""
    if value == now:
        return _("%(name)s: %(value)s") % {"name": name, "value": shown(value)}
    return _("%(name)s: %(value)s instead of %(now)s") % {"name": name, "value": shown(value), "now": shown(now)}


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:g}" if isinstance(value, float) else str(value)


def place_words(facts: Facts, place: Mapping[str, Any]) -> Assumption:
    """ "Leeds: one more place on 4 March"; said once the site takes as many visits a day."""
    opened = facts.places.get(place["site"])
    name = opened.site.name if opened else place["site"]
    more = int(place.get("more", 1))
    count = ngettext("%(number)+d place", "%(number)+d places", abs(more)) % {"number": more}
    said = bool(opened and "visits" in place and opened.visits_a_day == place["visits"])
    if not place.get("date"):
        return Assumption(_("%(site)s: %(count)s on every day") % {"site": name, "count": count}, said)
    words = _("%(site)s: %(count)s on %(day)s") % {"site": name, "count": count, "day": day_of(place)}
    enough = bool(opened and more > 0 and opened.visits_a_day >= place.get("visits", 10**9))
    return Assumption(words, enough)


def day_of(change: Mapping[str, Any]) -> str:
    return short(date.fromisoformat(change["date"]))


CHANGE_WORDS: Mapping[str, str | Promise] = {
    "host_visits": gettext_lazy("%(host)s takes one more visit"),
    "cover": gettext_lazy("%(team)s can miss one more host at once"),
    "rest": gettext_lazy("%(days)s days between two visits of one host"),
    "host_days": gettext_lazy("%(host)s is free on %(day)s"),
    "own_days": gettext_lazy("%(executive)s is free on %(day)s"),
    "met": gettext_lazy("%(executive)s and %(host)s may meet again"),
    "pair_rule": gettext_lazy("%(executive)s and %(host)s are no longer ruled out"),
    "language": gettext_lazy("%(executive)s visits %(host)s on %(day)s without a known shared language"),
    "unit": gettext_lazy("%(executive)s visits %(host)s of the same unit on %(day)s"),
    "tenure": gettext_lazy("%(executive)s visits %(host)s on %(day)s, whatever the tenure"),
}


def change_words(facts: Facts, change: Mapping[str, Any]) -> Assumption:
    """One change of a remedy in words, and whether the season says it by now."""
    kind = change["kind"]
    if kind == "places":
        return place_words(facts, change)
    team = facts.teams.get(str(change.get("team")))
    parts = {
        "executive": facts.people.get(str(change.get("executive")), ""),
        "host": facts.people.get(str(change.get("host")), ""),
        "team": team[0] if team else "",
        "days": change.get("days", ""),
        "day": day_of(change) if change.get("date") else "",
    }
    said = SAID.get(kind, never)(facts, change)
    by = "people" if kind in OF_PEOPLE else "use" if kind in BY_HAND else "season"
    return Assumption(str(CHANGE_WORDS.get(kind, kind)) % parts, said, by)


def never(facts: Facts, change: Mapping[str, Any]) -> bool:
    return False


def is_free(who: str) -> Callable[[Facts, Mapping[str, Any]], bool]:
    """Whether that person is free on the change's day by now."""
    return lambda facts, change: (str(change[who]), date.fromisoformat(change["date"])) not in facts.away


def covers(facts: Facts, change: Mapping[str, Any]) -> bool:
    """Whether the team can miss that many by now."""
    team = facts.teams.get(str(change["team"]))
    return bool(team and (team[1] is None or team[1] >= change.get("away", 10**9)))


SAID: Mapping[str, Callable[[Facts, Mapping[str, Any]], bool]] = {
    "host_visits": lambda facts, change: facts.most.get(str(change["host"]), 0) >= change.get("visits", 10**9),
    "cover": covers,
    "rest": lambda facts, change: facts.season.days_between_host_visits <= int(change["days"]),
    "host_days": is_free("host"),
    "own_days": is_free("executive"),
    "pair_rule": lambda facts, change: (str(change["executive"]), str(change["host"])) not in facts.forbidden,
}


def asked(season: Season, what_if: WhatIf) -> dict[str, Any]:
    """The shape as it is stored: parts that say nothing are dropped, and what a change comes to is written beside it."""
    if not what_if:
        return {}
    facts = read_facts(season, what_if)
    changes = list(what_if.get("changes", ()))
    places = [*what_if.get("places", ()), *(without_kind(one) for one in changes if one["kind"] == "places")]
    whole: dict[str, Any] = {
        "rules": {n: v for n, v in what_if.get("rules", {}).items() if n in RULES and getattr(season, n) != v},
        "weights": {n: v for n, v in what_if.get("weights", {}).items() if season.weights.get(n, 1) != v},
        "places": [with_visits(facts, place) for place in merged(places)],
        "changes": [with_figures(facts, change) for change in changes if change["kind"] != "places"],
    }
    return {part: value for part, value in whole.items() if value}


def without_kind(change: Mapping[str, Any]) -> dict[str, Any]:
    return {name: change[name] for name in ("site", "date", "more") if name in change}


def merged(places: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Places asked for twice become one line with their sum; those that add nothing go."""
    sums: dict[tuple[str, Any], int] = {}
    for place in places:
        key = (place["site"], place.get("date") or None)
        sums[key] = sums.get(key, 0) + int(place.get("more", 1))
    return [{"site": site, "date": day, "more": more} for (site, day), more in sums.items() if more]


def with_visits(facts: Facts, place: dict[str, Any]) -> dict[str, Any]:
    """With the visits the site would take."""
    opened = facts.places.get(place["site"])
    return place | {"visits": max(opened.visits_a_day + place["more"], 0)} if opened else place


def with_figures(facts: Facts, change: Mapping[str, Any]) -> dict[str, Any]:
    """With the visits a host, or the absences a team would have to bear."""
    more, found = int(change.get("more", 1)), dict(change)
    if change["kind"] == "host_visits":
        found["visits"] = facts.most.get(str(change["host"]), 0) + more
    if change["kind"] == "cover" and (team := facts.teams.get(str(change["team"]))):
        found["away"] = (team[1] or 0) + more
    return found
