"""Who may do what with a visit, and until when. Pure: reads the visit in hand with its executive, site and season."""

from __future__ import annotations

import enum
from datetime import date, datetime

from people.models import Site, User
from shadowing.availability.workdays import add_working_days
from shadowing.models import Visit, VisitState

MOST_MOVES = 2  # by the executive; coordinators and hosts are not bound
MOVABLE = frozenset({VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED})


class Side(enum.StrEnum):
    """The two people of a visit, each of whom has an answer."""

    EXECUTIVE = "executive"
    HOST = "host"


def local_date(site: Site, now: datetime) -> date:
    """The calendar date at the site at that aware instant."""
    return now.astimezone(site.zone).date()


def coordinates(user: User, visit: Visit) -> bool:
    """Coordinators of the visit's site, and admins."""
    return user.coordinates(visit.site_id)


def guides(user: User, visit: Visit) -> bool:
    """The executive, their assistant and whoever stands in for them."""
    return user.pk in (visit.executive_id, visit.executive.assistant_id) or visit.executive_id in user.acting_for


def hosts(user: User, visit: Visit) -> bool:
    return user.pk == visit.host_id


def takes_part(user: User, visit: Visit) -> bool:
    """The executive, their assistant and the host, once they were invited."""
    return bool(sides_of(user, visit))


def can_view(user: User, visit: Visit) -> bool:
    """The same as ``Visit.objects.visible_to(user)`` for one visit in hand."""
    return user.reads_everything or coordinates(user, visit) or takes_part(user, visit)


def sides_of(user: User, visit: Visit) -> tuple[Side, ...]:
    """The sides this person is or stands for as the assistant, once invited."""
    if visit.invited_at is None:
        return ()
    return (Side.EXECUTIVE,) * guides(user, visit) + (Side.HOST,) * hosts(user, visit)


def may_answer(user: User, visit: Visit, side: Side) -> bool:
    """A person's own side, an assistant the executive's, a coordinator either."""
    return coordinates(user, visit) or side in sides_of(user, visit)


def stands_for(user: User | None, visit: Visit, side: Side) -> User | None:
    """Whom the person acts for when they act on ``side`` without being it; None when they act for themselves."""
    person = visit.executive.user if side is Side.EXECUTIVE else visit.host.user
    return None if user is not None and user.pk == person.pk else person


def may_move(user: User, visit: Visit) -> bool:
    return coordinates(user, visit) or takes_part(user, visit)


def may_check_in(user: User, visit: Visit) -> bool:
    """A coordinator, the executive or the assistant says that the executive has arrived."""
    return coordinates(user, visit) or Side.EXECUTIVE in sides_of(user, visit)


def bound_by_notice(user: User, visit: Visit) -> bool:
    """Executives and assistants need notice and a reason to move a visit; coordinators and hosts do not."""
    return guides(user, visit) and not coordinates(user, visit) and not hosts(user, visit)


def last_day_to_move(visit: Visit) -> date:
    """The last site-local date on which the executive may still move the visit."""
    site = visit.site
    return add_working_days(visit.date, -visit.season.notice_days, country=site.country, subdivision=site.subdivision)


def in_time_to_move(user: User, visit: Visit, today: date) -> bool:
    """Whether the notice still allows it: always for those it does not bind. ``today`` is the site's date."""
    return not bound_by_notice(user, visit) or (visit.moves < MOST_MOVES and today <= last_day_to_move(visit))


def answer_by(site: Site, *, days: int, visit_date: date, now: datetime) -> date:
    """``days`` working days at the site from now, never after the visit itself."""
    asked = local_date(site, now)
    return min(add_working_days(asked, days, country=site.country, subdivision=site.subdivision), visit_date)
