"""What is fixed before a season is planned: visits that stay, days people are away, who met whom, forbidden pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db.models import DateField, Q, QuerySet, Value

from shadowing.models import (
    LIVE,
    Answer,
    PairRule,
    Season,
    SeasonSite,
    UnavailableDay,
    Visit,
    VisitDay,
    VisitState,
)
from shadowing.plans.rows import Booked, booked

MEETING = (VisitState.INVITED, VisitState.CONFIRMED, VisitState.HELD)  # met, or about to


@dataclass
class Facts:
    """Read in two queries. Keys are ids; ``kept`` stay in every plan, ``open`` are proposed and not locked, ``declined``
    are those of this season somebody said no to, ``elsewhere`` belong to other seasons; ``standby`` is the host who stands
    by at a site on a day."""

    season: Season
    kept: list[Booked] = field(default_factory=list)
    open: list[Booked] = field(default_factory=list)
    elsewhere: list[Booked] = field(default_factory=list)
    declined: list[Booked] = field(default_factory=list)
    away: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    met: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    forbidden: list[tuple[int, int]] = field(default_factory=list)
    standby: dict[tuple[int, date], int] = field(default_factory=dict)

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
    add_days_and_pairs(facts)
    add_busy(facts)
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


def add_days_and_pairs(facts: Facts) -> None:
    """Days on which the season's people cannot, the pairs kept apart, and who stands by. In one query: two more would be a
    sixth of a page about one place."""
    season, nobody, no_day = facts.season, Value(0), Value(None, output_field=DateField())
    people = Q(user__in=season.executives.values("executive")) | Q(user__in=season.hosts.values("host"))
    window = Q(date__range=(season.starts_on, season.ends_on))
    away = UnavailableDay.objects.filter(people, window).annotate(kind=Value("away"), other=nobody)
    standing = VisitDay.objects.filter(window, site__in=season.sites.values("pk"), standby__isnull=False)
    apart = (rows.annotate(day=no_day).values_list("kind", "executive", "host", "day") for rows in kept_apart(season))
    found = away.values_list("kind", "user", "other", "date").union(
        standing.annotate(kind=Value("standby")).values_list("kind", "standby", "site", "date"), *apart, all=True
    )
    for kind, person, other, day in found:
        if kind == "away":
            facts.away[person].add(day)
        elif kind == "met":
            facts.met[person].add(other)
        elif kind == "ruled_out":
            facts.forbidden.append((person, other))
        else:
            facts.standby[other, day] = person


def add_busy(facts: Facts) -> None:
    """Days of visits of other seasons, and those of this season somebody said no to."""
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


def kept_apart(season: Season) -> list[QuerySet]:
    """Pairs that a rule keeps apart, of the ``kind`` "ruled_out" by somebody, and "met" in the seasons that count, or to
    meet there."""
    ruled_out = PairRule.objects.filter(season=season).annotate(kind=Value("ruled_out"))
    if not season.no_repeat_seasons:
        return [ruled_out]
    meetings = Visit.objects.filter(season__in=earlier_seasons(season).values("pk"), state__in=MEETING)
    return [ruled_out, meetings.filter(executive__seasons__season=season).annotate(kind=Value("met"))]


def pairs_apart(season: Season) -> set[tuple[int, int]]:
    """Pairs (executive, host) that a rule keeps apart. One query."""
    first, *more = (rows.values_list("executive", "host") for rows in kept_apart(season))
    return set(first.union(*more, all=True))
