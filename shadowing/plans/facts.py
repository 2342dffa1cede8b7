"""What is fixed before a season is planned: visits that stay, days people are away, who met whom, forbidden pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q, QuerySet, Value

from shadowing.models import LIVE, Answer, PairRule, Season, SeasonSite, UnavailableDay, Visit, VisitState
from shadowing.plans.rows import Booked, booked

MEETING = (VisitState.INVITED, VisitState.CONFIRMED, VisitState.HELD)  # met, or about to


@dataclass
class Facts:
    """Read in three queries. Keys are ids; ``kept`` stay in every plan, ``open`` are proposed and not locked, ``declined``
    are those of this season somebody said no to, ``elsewhere`` belong to other seasons."""

    season: Season
    kept: list[Booked] = field(default_factory=list)
    open: list[Booked] = field(default_factory=list)
    elsewhere: list[Booked] = field(default_factory=list)
    declined: list[Booked] = field(default_factory=list)
    away: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    met: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    forbidden: list[tuple[int, int]] = field(default_factory=list)

    @cached_property
    def places(self) -> list[SeasonSite]:
        """The season's sites by short name, read once."""
        return places_of(self.season)

    @property
    def live(self) -> list[Booked]:
        """The season's live visits: those that stay, then those that a plan may replace."""
        return [*self.kept, *self.open]

    @property
    def host_days(self) -> dict[int, list[date]]:
        """Days of each host's visits in other seasons."""
        days: defaultdict[int, list[date]] = defaultdict(list)
        for visit in self.elsewhere:
            days[visit.host_id].append(visit.date)
        return days

    @property
    def places_taken(self) -> Counter[tuple[int, date]]:
        """Visits of other seasons by site and date."""
        return Counter((visit.site_id, visit.date) for visit in self.elsewhere)


def read_facts(season: Season) -> Facts:
    """All of it."""
    facts = Facts(season)
    add_visits(facts)
    add_away(facts)
    for executive, host, met in pairs_apart(season):
        if met:
            facts.met[executive].add(host)
        else:
            facts.forbidden.append((executive, host))
    return facts


def is_kept(visit: Visit | Booked) -> bool:
    """Whether a live visit of the season stays: it is locked, or people were told of it."""
    return visit.locked or visit.state != VisitState.PROPOSED


def add_visits(facts: Facts) -> None:
    """The season's visits that are live or declined, and live ones of other seasons that touch its people and places."""
    season, rest = facts.season, timedelta(days=facts.season.days_between_host_visits)
    near = Q(date__range=(season.starts_on - rest, season.ends_on + rest))
    people = Q(executive__seasons__season=season) | Q(host__seasons__season=season)
    touching = Visit.objects.live().filter(near & (people | Q(site__in=season.sites.values("pk"))))
    own = Q(season=season, state__in=(*LIVE, VisitState.DECLINED))
    rows = Visit.objects.filter(own | Q(pk__in=touching.values("pk")))
    for visit in booked(rows):
        if visit.season_id != season.pk:
            facts.elsewhere.append(visit)
        elif visit.state == VisitState.DECLINED:
            facts.declined.append(visit)
        elif is_kept(visit):
            facts.kept.append(visit)
        else:
            facts.open.append(visit)


def add_away(facts: Facts) -> None:
    """Days on which the season's people cannot: named by them, declined, or with a visit of another season."""
    season = facts.season
    people = Q(user__in=season.executives.values("executive")) | Q(user__in=season.hosts.values("host"))
    days = UnavailableDay.objects.filter(people, date__range=(season.starts_on, season.ends_on))
    away = facts.away
    for user, day in days.values_list("user", "date"):
        away[user].add(day)
    for visit in facts.elsewhere:
        facts.away[visit.executive_id].add(visit.date)
    add_declined(facts)


def add_declined(facts: Facts) -> None:
    """Days of this season somebody said no to: they are not asked for the same day twice."""
    for visit in facts.declined:
        facts.away[visit.host_id if visit.host_answer == Answer.NO else visit.executive_id].add(visit.date)


def earlier_seasons(season: Season) -> QuerySet[Season]:
    """The program's last seasons before this one, as many as its rule about meeting again looks back."""
    before = Season.objects.filter(program=season.program_id, starts_on__lt=season.starts_on)
    return before.order_by("-starts_on", "-pk")[: season.no_repeat_seasons]


def places_of(season: Season) -> list[SeasonSite]:
    """The season's sites by short name. One query, none where the season came with them."""
    known = getattr(season, "_prefetched_objects_cache", {}).get("season_sites")
    rows = season.season_sites.select_related("site") if known is None else known
    return sorted(rows, key=lambda place: place.site.slug)


def pairs_apart(season: Season) -> list[tuple[int, int, int]]:
    """Pairs (executive, host) that a rule keeps apart, and 1 where it is because they met, or are to meet, in the seasons
    that count, 0 where somebody ruled them out. One query."""
    columns = ("executive", "host", "met")
    ruled_out = PairRule.objects.filter(season=season).annotate(met=Value(0))
    if not season.no_repeat_seasons:
        return list(ruled_out.values_list(*columns))
    meetings = Visit.objects.filter(season__in=earlier_seasons(season).values("pk"), state__in=MEETING)
    met = meetings.filter(executive__seasons__season=season).annotate(met=Value(1))
    return list(ruled_out.values_list(*columns).union(met.values_list(*columns), all=True))
