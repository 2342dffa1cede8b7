"""What the visit page shows: the chain of its states, its agenda in two zones, who answered what, and the next
action."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.translation import gettext as _

from people.models import Host, User
from shadowing import agenda
from shadowing.models import ENDED, PRESENT, Answer, SeasonState, Visit, VisitDay, VisitState
from shadowing.visits import history, rules
from shadowing.visits.rules import Side

CAME_TO: list[str] = [VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED, VisitState.HELD]
OPEN = (VisitState.INVITED, VisitState.CONFIRMED)


class Step(NamedTuple):
    """One segment of the chain."""

    name: str
    detail: str
    state: str  # done, now, next


class Time(NamedTuple):
    """One entry of the agenda: site time, and the reader's where that differs."""

    word: object
    site: str
    mine: str
    now: bool
    over: bool


@dataclass(frozen=True)
class Action:
    """A button: what it says, where it goes; ``post`` ones act at once, others open a form."""

    name: str
    word: str
    url: str
    post: bool = True
    host: bool = False


def chain(visit: Visit) -> list[Step]:
    """Proposed, invited, confirmed, briefed, held: what is done, where it stands, what comes."""
    place = CAME_TO.index(visit.state) if visit.state in CAME_TO else 0
    briefed = bool(visit.executive_briefed_at and visit.host_briefed_at)
    done = [True, place >= 1, place >= 2, briefed, place >= 3]
    details = ["", day_of(visit.invited_at), answers_so_far(visit), "", short_day(visit.date)]
    names = [_("Proposed"), _("Invited"), _("Confirmed"), _("Briefing read"), _("Held")]
    current = next((number for number, reached in enumerate(done) if not reached), None)
    states = ["done" if reached else "now" if number == current else "next" for number, reached in enumerate(done)]
    return [Step(*step) for step in zip(names, details, states, strict=True)]


def answers_so_far(visit: Visit) -> str:
    yes = [visit.executive_answer, visit.host_answer].count(Answer.YES)
    return _("%(yes)d of 2 accepted") % {"yes": yes} if visit.invited_at else ""


def day_of(instant: datetime | None) -> str:
    return short_day(instant.date()) if instant else ""


def short_day(day: date) -> str:
    return formats.date_format(day, "j M").replace(" ", "\N{NO-BREAK SPACE}")


def times(visit: Visit, room: VisitDay | None, *, reader: zoneinfo.ZoneInfo, now: datetime) -> list[Time]:
    """The agenda in site time, with the reader's time beside it when their clock shows another."""
    slots = agenda.slots((room and room.agenda) or visit.season.agenda, day=visit.date, zone=visit.site.zone)
    return [time(slot, reader, now) for slot in slots]


def time(slot: agenda.Slot, reader: zoneinfo.ZoneInfo, now: datetime) -> Time:
    theirs = slot.starts.astimezone(reader)
    differs = theirs.utcoffset() != slot.starts.utcoffset()
    mine = f"{theirs:%H:%M}" if differs else ""
    return Time(slot.word, f"{slot.starts:%H:%M}", mine, slot.runs_at(now), slot.over_at(now))


def room_of(visit: Visit) -> VisitDay | None:
    """The page of its day, with its standby host."""
    days = VisitDay.objects.select_related("standby__user")
    return days.filter(site=visit.site, date=visit.date).first()


def actions_for(user: User, visit: Visit, *, today: date, standby: Host | None = None) -> list[Action]:
    """What this person can do now, the most likely first: that one is the page's filled button."""
    found = [
        *repairing(user, visit, today, standby),
        *answering(user, visit),
        *on_the_day(user, visit, today, standby),
        *preparing(user, visit, today),
        *arranging(user, visit, today),
    ]
    return [action for action in found if action.url]


def answering(user: User, visit: Visit) -> list[Action]:
    """Accept and decline, for the sides the person is; a coordinator does it for others on the same page."""
    if visit.state not in OPEN:
        return []
    found = []
    for side in rules.sides_of(user, visit):
        host, answer = side is Side.HOST, getattr(visit, f"{side}_answer")
        words = _("Yes, come and see") if host else _("Accept this day")
        found += [Action("accept", words, url("accept", visit, side), host=host)] if answer == Answer.NONE else []
        words = _("Not on this day") if host else _("I cannot on this day")
        found.append(Action("decline", words, url("decline", visit, side), post=False))
    return found


def repairing(user: User, visit: Visit, today: date, standby: Host | None) -> list[Action]:
    """For coordinators, once a visit has ended before its time or its answer is late: the standby, or another place. For
    its executive: whether they still want one."""
    found = []
    if (visit.state not in ENDED and not is_late(visit, today)) or today > visit.season.ends_on:
        return []
    if rules.coordinates(user, visit):
        took_over = visit.state in ENDED and today <= visit.date and visit.executive_answer != Answer.NO
        found += [Action("stand-in", step_in(standby), url("stand_in", visit))] if standby and took_over else []
        found.append(Action("replace", _("Choose a replacement"), url("replace", visit), post=False))
    elif Side.EXECUTIVE in rules.sides_of(user, visit):
        found.append(Action("place", _("Your place"), reverse("shadowing:own_places"), post=False))
    return found


def is_late(visit: Visit, today: date) -> bool:
    """The answer-by date has passed, the day has not."""
    return visit.state == VisitState.INVITED and visit.answer_by is not None and visit.answer_by < today <= visit.date


def step_in(standby: Host) -> str:
    return _("%(host)s steps in") % {"host": standby}


def on_the_day(user: User, visit: Visit, today: date, standby: Host | None) -> list[Action]:
    """Checking in, no-shows, the floor page and the take-away."""
    found = []
    ready = visit.state == VisitState.CONFIRMED and today >= visit.date
    if ready and rules.may_check_in(user, visit):
        found.append(Action("check-in", _("Check in"), url("check_in", visit)))
    if visit.state == VisitState.HELD and rules.Side.EXECUTIVE in rules.sides_of(user, visit):
        found.append(Action("take-away", _("Take away an issue"), take_away_url(visit), post=False))
    if (ready or visit.state == VisitState.HELD) and may_note(user, visit):
        found.append(Action("floor", _("Floor notes"), url("floor", visit), post=False))
    if standby and visit.state in OPEN and today == visit.date and rules.coordinates(user, visit):
        found.append(Action("stand-in", step_in(standby), url("stand_in", visit)))
    if ready and rules.coordinates(user, visit):
        found.append(Action("no-show", _("Nobody came"), url("no_show", visit)))
    if visit.state in (VisitState.HELD, VisitState.NO_SHOW) and rules.coordinates(user, visit):
        found.append(Action("correct", _("Correct who came"), url("correct", visit), post=False))
    return found


def preparing(user: User, visit: Visit, today: date) -> list[Action]:
    """The briefing, for those who have not read it."""
    if visit.state not in OPEN or today > visit.date:
        return []
    sides = [side for side in rules.sides_of(user, visit) if not getattr(visit, f"{side}_briefed_at")]
    return [Action("brief", _("I have read the briefing"), url("brief", visit, side)) for side in sides]


def arranging(user: User, visit: Visit, today: date) -> list[Action]:
    """Inviting, answering for others, moving, calling off."""
    found = []
    if rules.coordinates(user, visit) and visit.state == VisitState.PROPOSED:
        published = visit.season.state == SeasonState.PUBLISHED
        found += [Action("invite", _("Invite both"), url("invite", visit))] if published else []
        found += [Action("publish", _("Publish the season"), publish_url(user, visit), post=False)] * (not published)
    movable = visit.state in rules.MOVABLE and rules.in_time_to_move(user, visit, today)
    if movable and rules.may_move(user, visit):
        found.append(Action("move", _("Move to another day"), url("move", visit), post=False))
    if rules.coordinates(user, visit) and visit.state in OPEN and today <= visit.date and not is_late(visit, today):
        found.append(Action("replace", _("Another host or day"), url("replace", visit), post=False))
    if rules.coordinates(user, visit) and visit.may_become(VisitState.CANCELLED):
        found.append(Action("cancel", _("Call it off"), url("cancel", visit), post=False))
    return found


def may_note(user: User, visit: Visit) -> bool:
    """Floor notes belong to the executive, the host and the coordinators, not to the assistant."""
    return rules.coordinates(user, visit) or user.pk in (visit.executive_id, visit.host_id)


def url(name: str, visit: Visit, side: Side | None = None) -> str:
    found = reverse(f"shadowing:{name}", args=[visit.uuid])
    return f"{found}?side={side}" if side else found


def publish_url(user: User, visit: Visit) -> str:
    """Empty for a coordinator of some of the season's sites only."""
    whole = user.coordinates_all(visit.season.sites.values_list("pk", flat=True))
    return reverse("shadowing:publish", args=[visit.season.slug]) if whole else ""


def take_away_url(visit: Visit) -> str:
    """Where an issue is taken away; siblings meet at an address, not an import."""
    try:
        return reverse("issues:take_away", args=[visit.uuid])
    except NoReverseMatch:
        return ""


def regroup_url(user: User, visit: Visit) -> str:
    """Where the notes of its day are sorted, for those who take part in that; empty while nobody comes."""
    takes_part = rules.coordinates(user, visit) or rules.takes_part(user, visit)
    if not takes_part or visit.state not in PRESENT:
        return ""
    return reverse("shadowing:regroup", args=[visit.site.slug, visit.date])


def answers(user: User, visit: Visit) -> list[tuple[str, Any, str]]:
    """(side, person, answer in words) as this reader may know them."""
    hidden = not history.knows_who_declined(user, visit)
    host = _("called off") if hidden else visit.get_host_answer_display()
    return [
        (Side.EXECUTIVE, visit.executive, visit.get_executive_answer_display()),
        (Side.HOST, visit.host, host),
    ]
