"""What deserves a look before people are invited. Nothing here blocks: every rule but the musts only warns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from people.keys import fold
from shadowing.availability.workdays import holiday_name, is_visit_day
from shadowing.models import Season, SeasonHost, SeasonSite, UnavailableDay, Visit, Willing
from shadowing.planner.scoring import whole_months
from shadowing.visits import rules
from shadowing.visits.room import short


@dataclass(frozen=True)
class Warned:
    """One doubt about one visit. ``key`` changes with the day and the host, so a moved visit is looked at again."""

    visit: Visit
    code: str
    text: str

    @property
    def key(self) -> str:
        return f"{self.visit.uuid}:{self.visit.date}:{self.visit.host_id}:{self.code}"


@dataclass
class Facts:
    """Everything the warnings of many visits of one season need, read in six queries."""

    season: Season
    now: datetime
    places: dict[int, SeasonSite] = field(default_factory=dict)
    away: set[tuple[int, date]] = field(default_factory=set)
    unwilling: set[int] = field(default_factory=set)
    host_days: dict[int, list[tuple[int, date]]] = field(default_factory=lambda: defaultdict(list))
    team_days: Counter[tuple[int, date]] = field(default_factory=Counter)
    met: dict[tuple[int, int], str] = field(default_factory=dict)


def read_facts(season: Season, visits: Sequence[Visit], now: datetime) -> Facts:
    """The facts behind the warnings of these visits, all of one season."""
    people = {visit.executive_id for visit in visits} | {visit.host_id for visit in visits}
    days = {visit.date for visit in visits}
    facts = Facts(season, now)
    facts.places = {place.site_id: place for place in season.season_sites.select_related("site")}
    facts.away = set(UnavailableDay.objects.filter(user__in=people, date__in=days).values_list("user", "date"))
    declined = SeasonHost.objects.filter(season=season, willing=Willing.NO, host__in=people)
    facts.unwilling = set(declined.values_list("host", flat=True))
    add_live_days(facts, people, days)
    add_meetings(facts, people, visits)
    return facts


def add_live_days(facts: Facts, people: Iterable[int], days: Iterable[date]) -> None:
    """Days of the hosts' other visits, and how many of a team's hosts are away on the days in question."""
    near = timedelta(days=facts.season.days_between_host_visits)
    first, last = min(days, default=facts.season.starts_on) - near, max(days, default=facts.season.ends_on) + near
    live = Visit.objects.live().filter(date__range=(first, last))
    for pk, host, day in live.filter(host__in=people).values_list("pk", "host", "date"):
        facts.host_days[host].append((pk, day))
    teams = live.filter(host__team__away_at_once__isnull=False, site__in=facts.places)
    facts.team_days.update(teams.values_list("host__team", "date"))


def add_meetings(facts: Facts, people: Iterable[int], visits: Sequence[Visit]) -> None:
    """Pairs of these people that met before, with the season of their last meeting."""
    held = Visit.objects.held().filter(executive__in=people, host__in=people)
    earlier = held.exclude(pk__in=[visit.pk for visit in visits])
    for executive, host, name in earlier.order_by("date").values_list("executive", "host", "season__name"):
        facts.met[executive, host] = name


def of_visits(season: Season, visits: Sequence[Visit], *, now: datetime) -> list[Warned]:
    """All warnings of these visits of one season, in their order. They come with their people and site."""
    if not visits:
        return []
    facts = read_facts(season, visits, now)
    found = (Warned(visit, code, check(visit, facts)) for visit in visits for code, check in CHECKS.items())
    return [warned for warned in found if warned.text]


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


CHECKS = {
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
}
