"""Letting a warning stand: who has seen it, when. A visit that gets another day or host is looked at again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import User
from shadowing.models import Acknowledgement, Season, Visit, VisitState
from shadowing.visits import record, rules, warnings
from shadowing.visits.warnings import Warned


@transaction.atomic
def acknowledge(*, visit: Visit, code: str, by: User, now: datetime) -> Acknowledgement:
    """Let one warning of a visit stand, for the day and host it has. Doing it again keeps the first.

    Raises NotAllowed (somebody must coordinate the site), Refused (what blocks cannot be let stand) or Conflict (there
    is no such warning any more).
    """
    visit = record.lock_visit(visit)
    record.require(rules.coordinates(by, visit))
    require_may_stand(code)
    found = next((one for one in warnings.of_visits(visit.season, [visit], now=now) if one.code == code), None)
    if found is None:
        raise Conflict(_("This warning does not stand any more. Nothing was changed."))
    key = {"visit": visit, "date": visit.date, "host": visit.host, "code": code}
    return Acknowledgement.objects.get_or_create(**key, defaults={"by": by, "at": now})[0]


@transaction.atomic
def acknowledge_many(*, season: Season, keys: Collection[str] = (), code: str = "", by: User, now: datetime) -> int:
    """Let the warnings with these keys, or all of one kind, of the season's proposed visits stand. How many there were.

    Those that do not stand any more, or block, are passed over. Raises NotAllowed (somebody must coordinate all the
    season's sites).
    """
    season = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    record.require(may_acknowledge_all(by, season))
    proposed = Visit.objects.filter(season=season, state=VisitState.PROPOSED).order_by("pk")
    list(proposed.select_for_update(no_key=True).values_list("pk"))
    visits = list(proposed.select_related(*record.WITH_PEOPLE))
    found = [one for one in warnings.of_visits(season, visits, now=now) if one.severity == "warns"]
    wanted = [one for one in found if one.key in keys or one.code == code]
    write(wanted, by=by, now=now)
    return len(wanted)


def may_acknowledge_all(by: User, season: Season) -> bool:
    """Whoever may publish the season."""
    return by.coordinates_all(season.sites.values_list("pk", flat=True))


def require_may_stand(code: str) -> None:
    """Raises Refused for what is no rule, or breaks a must."""
    if code not in warnings.CHECKS:
        raise Refused(_("There is no warning of this kind."))
    if code in warnings.BLOCKING:
        raise Refused(_("This cannot be let stand. Move the visit, or make room for it."))


def write(found: Iterable[Warned], *, by: User, now: datetime) -> None:
    """Rows for warnings nobody has acknowledged yet; who was faster stays. The visits are locked."""
    rows = [
        Acknowledgement(visit=one.visit, date=one.visit.date, host=one.visit.host, code=one.code, at=now, by=by)
        for one in found
    ]
    Acknowledgement.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
