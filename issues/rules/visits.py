"""Who settles what a visit owes."""

from __future__ import annotations

from issues.rules.who import acts_for
from people.models import User
from shadowing.models import Visit, VisitState


def may_take_away(user: User, visit: Visit) -> bool:
    """The visit's executive, who acts for them, or a coordinator on the executive's behalf."""
    return user.is_active and (acts_for(user, visit.executive) or user.coordinates(visit.site_id))


def owes_take_away(visit: Visit) -> bool:
    """Only a visit that was held is followed by a take-away."""
    return visit.state == VisitState.HELD


def may_waive(user: User, visit: Visit) -> bool:
    return user.is_active and user.coordinates(visit.site_id)
