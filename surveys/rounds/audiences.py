"""Who a round asks, and at which site each of them counts."""

from __future__ import annotations

from collections import Counter
from datetime import date

from people.models import Executive, Host
from people.models.places import TeamKind
from shadowing.models import Visit, VisitState
from surveys.models import BY_VISIT, Audience, Round


def asks_visitors(survey_round: Round) -> bool:
    """Are people asked one by one as their visits are held, rather than all of them at the opening?"""
    return survey_round.audience in BY_VISIT


def expected(survey_round: Round) -> Counter[int | None]:
    """Site id → people to be asked there, each counted once. All executives count at no site (None)."""
    if asks_visitors(survey_round):
        visits = Visit.objects.live().filter(season=survey_round.season)
        person = BY_VISIT[Audience(survey_round.audience)]
        first = dict(visits.order_by("-date", "-pk").values_list(person, "site_id"))
        return Counter(first.values())
    return Counter(site for _person, site in standing_audience(survey_round))


def standing_audience(survey_round: Round) -> list[tuple[int, int | None]]:
    """(person, site) of everybody who belongs to the audience today, whatever visits there are."""
    if survey_round.audience == Audience.EXECUTIVES:
        active = Executive.objects.filter(user__is_active=True)
        return [(pk, None) for pk in active.order_by("pk").values_list("pk", flat=True)]
    hosts = Host.objects.filter(user__is_active=True, team__kind=TeamKind.FRONT_LINE)
    hosts = hosts.filter(team__site__in=asked_sites(survey_round))
    return list(hosts.order_by("pk").values_list("pk", "team__site_id"))


def visitors(survey_round: Round) -> dict[int, tuple[int, date]]:
    """Person → site and day of the first held visit, for audiences that are asked after their visit."""
    person = BY_VISIT[Audience(survey_round.audience)]
    held = Visit.objects.filter(season=survey_round.season, state=VisitState.HELD)
    found: dict[int, tuple[int, date]] = {}
    for who, site, day in held.order_by("date", "pk").values_list(person, "site_id", "date"):
        found.setdefault(who, (site, day))
    return found


def asked_sites(survey_round: Round) -> list[int]:
    """Ids of the sites a round asks at, in order."""
    if survey_round.site_id:
        return [survey_round.site_id]
    return list(survey_round.season.sites.order_by("pk").values_list("pk", flat=True))
