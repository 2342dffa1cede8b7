"""Taking back the last thing a coordinator did on the board of a season, as long as nobody was told of it.

What was done is read from the visits' events. All events of one moment by one person are one act; taking it back writes
events of its own, and one that names what it took back, so that the next undo reaches further.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import Host, User
from shadowing.board import actions as board
from shadowing.models import Plan, Season, Visit, VisitEvent
from shadowing.visits import actions, record

VERBS = frozenset({"moved", "proposed", "cancelled", "locked", "unlocked", "forbidden"})
SILENT = frozenset({"acknowledged"})  # changes nothing an undo would touch
LOOKED_AT = 60  # events; further back than that nobody remembers what "the last thing" was
UNDONE = "undone"
TOLD = frozenset({"moved", "proposed", "cancelled"})  # verbs that people hear of once they were invited


@transaction.atomic
def undo_last(*, season: Season, by: User, now: datetime) -> list[Visit]:
    """Take back the person's own last act on this season's board; the visits as they are then.

    Raises Refused (there is nothing to take back, or people were told) or Conflict (a visit was changed since).
    """
    past = Past.of(season, by)
    act = past.last_act()
    if not act:
        raise Refused(_("You have changed nothing on this board that could be taken back."))
    require_by_hand(season, act)
    visits = [past.require_untouched(event) for event in act]
    changed = [TAKE_BACK[verb](events, by, now) for verb, events in by_verb(act)]
    record.add_event(visits[0], verb=UNDONE, by=by, now=now, after={"events": [event.pk for event in act]})
    return [visit for some in changed for visit in some]


@dataclass(frozen=True)
class Past:
    """The person's latest events on a season's board, newest first, and which of them were taken back, when."""

    events: list[VisitEvent]
    undone: set[int]
    moments: set[datetime]

    @classmethod
    def of(cls, season: Season, by: User) -> Past:
        """Read it. One query."""
        rows = VisitEvent.objects.filter(visit__season=season, by=by, verb__in=[*VERBS, UNDONE])
        events = list(rows.select_related("visit").order_by("-at", "-pk")[:LOOKED_AT])
        taken = [event for event in events if event.verb == UNDONE]
        undone = {pk for event in taken for pk in event.after["events"]}
        return cls(events, undone, {event.at for event in taken})

    def last_act(self) -> list[VisitEvent]:
        """The events of the last act that was not taken back, oldest first; empty when there is none."""
        left = [event for event in self.events if event.at not in self.moments and event.pk not in self.undone]
        return [event for event in left if event.at == left[0].at][::-1] if left else []

    def require_untouched(self, event: VisitEvent) -> Visit:
        """The event's visit, locked. Raises Conflict when something happened to it since but acts taken back, Refused
        when people were told."""
        visit = record.lock_visit(event.visit)
        others = VisitEvent.objects.filter(visit=visit).exclude(verb__in=SILENT).exclude(pk__in=self.undone)
        others = others.exclude(at__in=self.moments, by=event.by_id)
        last = others.select_related("by").order_by("-at", "-pk").first()
        if last is None or last.at != event.at or last.by_id != event.by_id:
            name = last.by.name if last and last.by else _("the program")
            words = _("The visit of %(who)s was changed since by %(name)s. Nothing was changed.")
            raise Conflict(words % {"who": visit.executive, "name": name})
        if visit.invited_at and event.verb in TOLD:
            raise Refused(
                _("Both people were told of this change. Move the visit again if it must be: they hear of it.")
            )
        return visit


def require_by_hand(season: Season, act: Sequence[VisitEvent]) -> None:
    """Raises Refused when the last act was taking a whole plan."""
    plan = Plan.objects.filter(season=season, adopted_at=act[0].at).first()
    if plan:
        words = _("The last change was plan %(number)d. Use another plan instead.")
        raise Refused(words % {"number": plan.number})


def by_verb(act: Sequence[VisitEvent]) -> list[tuple[str, list[VisitEvent]]]:
    """The act's events by verb, in the order in which they are taken back: rules before the visits they took away."""
    order = ["forbidden", "proposed", "locked", "unlocked", "moved", "cancelled"]
    found = {verb: [event for event in act if event.verb == verb] for verb in order}
    return [(verb, events) for verb, events in found.items() if events]


def put_back(events: Sequence[VisitEvent], by: User, now: datetime) -> list[Visit]:
    """Move visits to where they were, all at once."""
    hosts = Host.objects.select_related("user", "team__site").in_bulk({event.before["host"] for event in events})
    steps = [
        (event.visit, None, date.fromisoformat(event.before["date"]), hosts[event.before["host"]]) for event in events
    ]
    return board.rearrange(steps, by=by, now=now)


def take_away(events: Sequence[VisitEvent], by: User, now: datetime) -> list[Visit]:
    """Cancel what was proposed."""
    return [actions.cancel_visit(visit=event.visit, by=by, now=now, reason="") for event in events]


def propose_again(events: Sequence[VisitEvent], by: User, now: datetime) -> list[Visit]:
    """Propose what was taken off, as it was."""
    found = (record.lock_visit(event.visit) for event in events)
    return [
        actions.propose_visit(
            season=visit.season, executive=visit.executive, host=visit.host, date=visit.date, locked=visit.locked,
            by=by, now=now,
        )
        for visit in found
    ]  # fmt: skip


def turn_lock(events: Sequence[VisitEvent], by: User, now: datetime) -> list[Visit]:
    """Free what was locked, lock what was freed."""
    return [actions.lock_pair(visit=event.visit, locked=event.verb == "unlocked", by=by, now=now) for event in events]


def allow_again(events: Sequence[VisitEvent], by: User, now: datetime) -> list[Visit]:
    """Take the rule back that the act made; one that stood before stays."""
    visits = [record.lock_visit(event.visit) for event in events]
    for event, visit in zip(events, visits, strict=True):
        if event.after.get("new"):
            board.allow_pair(season=visit.season, executive=visit.executive, host=visit.host, by=by, now=now)
    return visits


TakeBack = Callable[[Sequence[VisitEvent], User, datetime], list[Visit]]
TAKE_BACK: dict[str, TakeBack] = {
    "moved": put_back, "proposed": take_away, "cancelled": propose_again, "locked": turn_lock,
    "unlocked": turn_lock, "forbidden": allow_again,
}  # fmt: skip
