"""Who reads a regroup and who changes it. Pure: reads the day's visits in hand, with their executives."""

from __future__ import annotations

from collections.abc import Iterable

from people.models import User
from shadowing.models import PRESENT, Visit, VisitState
from shadowing.visits import rules


def may_read(user: User, site_id: int, visits: Iterable[Visit]) -> bool:
    """Coordinators of the site; executives, their assistants and hosts whose visit of the day takes place. The same as
    ``RegroupGroup.objects.visible_to(user)`` for one day in hand."""
    return user.coordinates(site_id) or any(rules.takes_part(user, visit) for visit in present(visits))


def may_change(user: User, site_id: int, visits: Iterable[Visit]) -> bool:
    """As ``may_read`` without the hosts, who say what they saw and are not asked to sort it."""
    return user.coordinates(site_id) or any(
        visit.invited_at is not None and rules.guides(user, visit) for visit in present(visits)
    )


def takers(user: User, site_id: int, visits: Iterable[Visit]) -> list[Visit]:
    """Held visits whose executive this person can name as the owner of a shared issue: coordinators of the site any,
    others those they or their executive made. Only who was there can own it."""
    held = [visit for visit in visits if visit.state == VisitState.HELD]
    return held if user.coordinates(site_id) else [visit for visit in held if rules.guides(user, visit)]


def present(visits: Iterable[Visit]) -> list[Visit]:
    """The visits that take place: confirmed or held."""
    return [visit for visit in visits if visit.state in PRESENT]
