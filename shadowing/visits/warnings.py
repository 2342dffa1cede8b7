"""What deserves a look before people are invited, visit by visit.

Every rule but the musts only warns, and a coordinator may let a warning stand (acknowledging.py). What breaks a must
(a full day, a host's season, the season's sites and window) blocks: no lock was held when the limit was lowered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import DateField, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.keys import fold
from shadowing.availability.workdays import holiday_name, is_visit_day
from shadowing.models import (
    Acknowledgement,
    Season,
    SeasonHost,
    SeasonSite,
    UnavailableDay,
    Visit,
    VisitDay,
    Willing,
)
from shadowing.planner.scoring import whole_months
from shadowing.visits import rules
from shadowing.visits.room import short


@dataclass(frozen=True)
class Warned:
    """One doubt about one visit. ``key`` changes with the day and the host, so a moved visit is looked at again."""

    visit: Visit
    code: str
    text: str
    acknowledged: Acknowledgement | None = None

    @property
    def key(self) -> str:
        return f"{self.visit.uuid}:{self.visit.date}:{self.visit.host_id}:{self.code}"

    @property
    def severity(self) -> str:
        """blocks, warns or acknowledged: the words of the look's table of conflicts."""
        if self.code in BLOCKING:
            return "blocks"
        return "acknowledged" if self.acknowledged else "warns"


@dataclass
class Facts:
    """Everything the warnings of many visits of one season need, read in five queries."""

    season: Season
    now: datetime
    places: dict[int, SeasonSite] = field(default_factory=dict)
    away: set[tuple[int, date]] = field(default_factory=set)
    unwilling: set[int] = field(default_factory=set)
    willing: set[int] = field(default_factory=set)
    most_visits: dict[int, int] = field(default_factory=dict)
    host_days: dict[int, list[tuple[int, date]]] = field(default_factory=lambda: defaultdict(list))
    host_season: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    site_days: dict[tuple[int, date], list[int]] = field(default_factory=lambda: defaultdict(list))
    team_days: Counter[tuple[int, date]] = field(default_factory=Counter)
    met: dict[tuple[int, int], str] = field(default_factory=dict)
    standby: dict[tuple[int, date], int] = field(default_factory=dict)
    seen: dict[tuple[int, date, int, str], Acknowledgement] = field(default_factory=dict)


def read_facts(
    season: Season, visits: Sequence[Visit], now: datetime, places: Iterable[SeasonSite] | None = None
) -> Facts:
    """The facts behind the warnings of these visits, all of one season. ``places`` are its sites where they are read
    already."""
    people = {visit.executive_id for visit in visits} | {visit.host_id for visit in visits}
    facts = Facts(season, now)
    opened = season.season_sites.select_related("site") if places is None else places
    facts.places = {place.site_id: place for place in opened}
    add_people(facts, people, visits)
    add_live_visits(facts, people, visits)
    acknowledgements = Acknowledgement.objects.filter(visit__in=[visit.pk for visit in visits]).select_related("by")
    facts.seen = {(one.visit_id, one.date, one.host_id, one.code): one for one in acknowledgements}
    return facts


def add_people(facts: Facts, people: Iterable[int], visits: Sequence[Visit]) -> None:
    """Who is away, who hosts how often, who stands by, and which of them met before, with the season of their last
    meeting. In one query: three more would be a fifth of the visit page."""
    no_day, none, no_word = Value(None, output_field=DateField()), Value(0), Value("")
    days = {visit.date for visit in visits}
    away = UnavailableDay.objects.filter(user__in=people, date__in=days).annotate(
        kind=Value("away"), n=none, word=no_word
    )
    asked = SeasonHost.objects.filter(season=facts.season, host__in=people).annotate(kind=Value("asked"), day=no_day)
    standing = VisitDay.objects.filter(date__in=days, standby__in=people).annotate(kind=Value("standby"), word=no_word)
    met = Visit.objects.held().filter(executive__in=people, host__in=people)
    met = met.exclude(pk__in=[visit.pk for visit in visits]).annotate(kind=Value("met"))
    found = away.values_list("kind", "user", "date", "n", "word").union(
        asked.values_list("kind", "host", "day", "max_visits", "willing"),
        standing.values_list("kind", "standby", "date", "site", "word"),
        met.values_list("kind", "executive", "date", "host", "season__name"), all=True,
    )  # fmt: skip
    for kind, person, day, number, word in sorted(found, key=lambda row: row[2] or date.min):
        if kind == "away":
            facts.away.add((person, day))
        elif kind == "met":
            facts.met[person, number] = word
        elif kind == "standby":
            facts.standby[number, day] = person
        else:
            facts.most_visits[person] = number
            facts.unwilling.update([person] if word == Willing.NO else [])
            facts.willing.update([person] if word == Willing.YES else [])


def add_live_visits(facts: Facts, people: Iterable[int], visits: Sequence[Visit]) -> None:
    """Live visits of the same hosts in the season and around these days, and those at the same sites on them."""
    season, days = facts.season, {visit.date for visit in visits}
    near = timedelta(days=season.days_between_host_visits)
    first, last = min(days, default=season.starts_on) - near, max(days, default=season.ends_on) + near
    hosts = Q(host__in=people) & (Q(date__range=(first, last)) | Q(season=season))
    sites = Q(site__in={visit.site_id for visit in visits}, date__in=days)
    teams = Q(host__team__in={visit.host.team_id for visit in visits}, date__in=days)
    live = Visit.objects.live().filter(hosts | sites | teams).order_by("pk")
    for pk, host, day, site, team, own in live.values_list("pk", "host", "date", "site", "host__team", "season"):
        facts.host_days[host].append((pk, day))
        facts.site_days[site, day].append(pk)
        facts.team_days[team, day] += 1
        if own == season.pk:
            facts.host_season[host].append(pk)


def of_visits(season: Season, visits: Sequence[Visit], *, now: datetime) -> list[Warned]:
    """All warnings of these visits of one season, in their order, acknowledged ones too. They come with their people
    and site."""
    if not visits:
        return []
    return by_facts(read_facts(season, visits, now), visits)


def by_facts(facts: Facts, visits: Sequence[Visit]) -> list[Warned]:
    """The same from facts that are read."""
    found = ((visit, code, check(visit, facts)) for visit in visits for code, check in CHECKS.items())
    return [Warned(visit, code, text, seen(facts, visit, code)) for visit, code, text in found if text]


def seen(facts: Facts, visit: Visit, code: str) -> Acknowledgement | None:
    """Who let this warning stand, for the day and host the visit has now."""
    return facts.seen.get((visit.pk, visit.date, visit.host_id, code))


def left(visit: Visit, facts: Facts) -> str:
    """One of the two has left the company."""
    gone = [str(person) for person in (visit.executive, visit.host) if not person.user.is_active]
    return _("No longer here: %(names)s.") % {"names": ", ".join(gone)} if gone else ""


def executive_away(visit: Visit, facts: Facts) -> str:
    away = (visit.executive_id, visit.date) in facts.away
    return _("%(name)s is away on this day.") % {"name": visit.executive} if away else ""


def host_away(visit: Visit, facts: Facts) -> str:
    away = (visit.host_id, visit.date) in facts.away
    return _("%(name)s is away on this day.") % {"name": visit.host} if away else ""


def not_willing(visit: Visit, facts: Facts) -> str:
    no = visit.host_id in facts.unwilling
    return _("%(name)s does not want to host this season.") % {"name": visit.host} if no else ""


def rest_days(visit: Visit, facts: Facts) -> str:
    """Another visit of the host is nearer than the season's days between two visits."""
    others = [day for pk, day in facts.host_days[visit.host_id] if pk != visit.pk]
    gap = min((abs((day - visit.date).days) for day in others), default=None)
    wanted = facts.season.days_between_host_visits
    if gap is None or gap >= wanted:
        return ""
    words = _("%(name)s has another visit %(gap)d days away. The season asks for %(wanted)d.")
    return words % {"name": visit.host, "gap": gap, "wanted": wanted}


def floor_cover(visit: Visit, facts: Facts) -> str:
    """More of the team's hosts are away from work than the team can miss."""
    team = visit.host.team
    away = facts.team_days[team.pk, visit.date]
    if team.away_at_once is None or away <= team.away_at_once:
        return ""
    words = _("%(away)d hosts of %(team)s have a visit on this day. The team can miss %(most)d.")
    return words % {"away": away, "team": team.name, "most": team.away_at_once}


def not_a_visit_day(visit: Visit, facts: Facts) -> str:
    """A weekend or public holiday the season does not open, or a day that has passed."""
    place = facts.places.get(visit.site_id)
    if visit.date < rules.local_date(visit.site, facts.now):
        return _("%(day)s has passed.") % {"day": short(visit.date)}
    if place is None or is_visit_day(visit.date, place):
        return ""
    name = holiday_name(visit.date, country=visit.site.country, subdivision=visit.site.subdivision)
    words = _("%(day)s is a public holiday at %(site)s: %(name)s.") if name else _("%(day)s is a weekend at %(site)s.")
    return words % {"day": short(visit.date), "site": visit.site, "name": name}


def tenure(visit: Visit, facts: Facts) -> str:
    wanted, hired_on = facts.season.host_min_tenure_months, visit.host.hired_on
    if not wanted or hired_on is None or (months := whole_months(hired_on, facts.season.starts_on)) >= wanted:
        return ""
    words = _("%(name)s has been here %(months)d months. The season asks for %(wanted)d.")
    return words % {"name": visit.host, "months": months, "wanted": wanted}


def same_unit(visit: Visit, facts: Facts) -> str:
    unit = visit.executive.business_unit_id
    if not facts.season.other_business_unit or unit is None or unit != visit.host.team.business_unit_id:
        return ""
    return _("Both belong to the same business unit.")


def no_shared_language(visit: Visit, facts: Facts) -> str:
    ours = {fold(word) for word in visit.executive.user.languages}
    theirs = {fold(word) for word in visit.host.user.languages}
    if not facts.season.shared_language or not ours or not theirs or ours & theirs:
        return ""
    return _("They have no language in common.")


def met_before(visit: Visit, facts: Facts) -> str:
    season = facts.met.get((visit.executive_id, visit.host_id))
    return _("They met before, in %(season)s.") % {"season": season} if season else ""


def stands_by(visit: Visit, facts: Facts) -> str:
    """The host is the standby of that day: with a visit of their own they cannot step in."""
    mine = facts.standby.get((visit.site_id, visit.date)) == visit.host_id
    return _("%(name)s stands by on this day. Somebody else has to, then.") % {"name": visit.host} if mine else ""


def over_capacity(visit: Visit, facts: Facts) -> str:
    """The site takes fewer visits on this day; those added last are the surplus."""
    place, there = facts.places.get(visit.site_id), facts.site_days[visit.site_id, visit.date]
    if place is None or visit.pk not in there[place.visits_a_day :]:
        return ""
    words = ngettext(
        "%(site)s takes %(most)d visit a day, and %(day)s has %(number)d.",
        "%(site)s takes %(most)d visits a day, and %(day)s has %(number)d.", place.visits_a_day,
    )  # fmt: skip
    number = len(there)
    return words % {"site": visit.site, "most": place.visits_a_day, "day": short(visit.date), "number": number}


def host_full(visit: Visit, facts: Facts) -> str:
    """The host has more visits in this season than they take; those added last are the surplus."""
    most, booked = facts.most_visits.get(visit.host_id, visit.host.max_visits), facts.host_season[visit.host_id]
    if visit.pk not in booked[most:]:
        return ""
    words = ngettext(
        "%(name)s takes %(most)d visit this season, and has %(number)d.",
        "%(name)s takes %(most)d visits this season, and has %(number)d.", most,
    )  # fmt: skip
    return words % {"name": visit.host, "most": most, "number": len(booked)}


def outside(visit: Visit, facts: Facts) -> str:
    """The season does not have this site, or does not reach this day."""
    if visit.site_id not in facts.places:
        return _("%(site)s is not a site of this season.") % {"site": visit.site}
    if facts.season.starts_on <= visit.date <= facts.season.ends_on:
        return ""
    return _("%(day)s lies outside the season.") % {"day": short(visit.date)}


CHECKS = {
    "left": left,
    "executive_away": executive_away,
    "host_away": host_away,
    "not_willing": not_willing,
    "not_a_visit_day": not_a_visit_day,
    "rest_days": rest_days,
    "floor_cover": floor_cover,
    "tenure": tenure,
    "same_unit": same_unit,
    "language": no_shared_language,
    "met_before": met_before,
    "stands_by": stands_by,
    "over_capacity": over_capacity,
    "host_full": host_full,
    "outside": outside,
}
BLOCKING = frozenset({"over_capacity", "host_full", "outside"})
