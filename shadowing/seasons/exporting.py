"""A season as the file that would make it: what ``apply_season`` reads, written out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from people.models import User
from shadowing.agenda import WHOLE_DAY
from shadowing.models import ExecutivesFrom, HostsFrom, Season, SeasonExecutive, SeasonSite
from shadowing.models.seasons import default_reminders, default_weights
from shadowing.seasons.spec import RULES


def export_season(season: Season, *, people: bool = True) -> dict[str, Any]:
    """The season as a parsed season file; applied again it changes nothing.

    Without ``people`` nobody is named: the file then says how people are chosen, not who. Preferred days outside the
    window are left out. Four queries, five with people.
    """
    given: dict[str, Any] = {
        "program": season.program.name,
        "name": season.name,
        "slug": season.slug,
        "starts_on": season.starts_on.isoformat(),
        "ends_on": season.ends_on.isoformat(),
        "sites": [_site(place) for place in season.season_sites.select_related("site").order_by("site__slug")],
        "rules": {name: getattr(season, name) for name in RULES},
        "weights": {name: season.weights.get(name, usual) for name, usual in default_weights().items()},
        "agenda": [{name: part[name] for name in ("kind", "starts", "minutes")} for part in season.agenda or WHOLE_DAY],
        "answer_by_days": season.answer_by_days,
        "notice_days": season.notice_days,
        "reminders": {name: season.reminders[name] for name in default_reminders() if name in season.reminders},
        "questionnaires": sorted(season.questionnaires),
    }
    return given | _people(season) if people else given


def _site(place: SeasonSite) -> dict[str, Any]:
    site = place.site
    return {
        "slug": site.slug,
        "name": site.name,
        "time_zone": site.time_zone,
        "country": site.country,
        "subdivision": site.subdivision,
        "visits_a_day": place.visits_a_day,
        "open_days": sorted(place.open_days),
    }


def _people(season: Season) -> dict[str, Any]:
    """Who takes part and their preferred days, by the keys that name each of them alone."""
    rows = list(season.executives.select_related("executive__user").order_by("executive__user__name_key", "pk"))
    hosts = list(season.hosts.select_related("host__user").order_by("host__user__name_key", "pk"))
    keys = keys_of([row.executive.user for row in rows] + [row.host.user for row in hosts])
    named_executives = season.executives_from == ExecutivesFrom.LISTED
    named_hosts = season.hosts_from == HostsFrom.LISTED
    return {
        "executives": [keys[row.executive_id] for row in rows] if named_executives else season.executives_from,
        "hosts": [keys[row.host_id] for row in hosts] if named_hosts else season.hosts_from,
        "preferred": [
            {"executive": keys[row.executive_id], "dates": dates} for row in rows if (dates := _wishes(row, season))
        ],
    }


def _wishes(row: SeasonExecutive, season: Season) -> list[str]:
    first, last = season.starts_on.isoformat(), season.ends_on.isoformat()
    return sorted(day for day in row.preferred if first <= day <= last)


def keys_of(users: Iterable[User]) -> dict[int, str]:
    """User id → the number, or the e-mail where several people share the number, that a season file names them with."""
    users = list(users)
    numbers = [user.employee_number_key for user in users if user.employee_number_key]
    shared = Counter(
        User.objects.filter(employee_number_key__in=numbers).values_list("employee_number_key", flat=True)
        if len(numbers) <= 400
        else User.objects.exclude(employee_number_key=None).values_list("employee_number_key", flat=True)
    )
    return {user.pk: user.email if user.email and shared[user.employee_number_key] > 1 else user.key for user in users}
