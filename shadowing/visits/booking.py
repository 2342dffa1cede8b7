"""Placing visits: propose, lock, invite, move, cancel. Locks as ``record`` says: visit day, visit, people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import Executive, Host, User
from shadowing.models import Answer, Season, SeasonState, Visit, VisitState
from shadowing.visits import record, room, rules, telling
from shadowing.visits.room import Place
from shadowing.visits.rules import Side

LONGEST_REASON = 300


@transaction.atomic
def propose_visit(
    *, season: Season, executive: Executive, host: Host, date: date, by: User, now: datetime, locked: bool = False
) -> Visit:
    """Put a proposed visit at the host's site; nobody is told before it is published.

    ``date`` is a calendar day at that site. Raises NotAllowed (coordinators of the site only), Refused (outside the
    season) or Conflict (somebody was faster: the day, the host's season or one of the two people is taken).
    """
    site = host.team.site
    record.require(by.coordinates(site.pk))
    if season.state == SeasonState.CLOSED:
        raise Refused(_("This season is closed."))
    record.lock_day(site, date)
    place = Place(season, executive, host, site, date)
    room.hold_place(place)
    visit = Visit(season=season, executive=executive, host=host, site=site, date=date, locked=locked)
    with room.single_booking(place):
        visit.save()
    record.add_event(visit, verb="proposed", by=by, now=now, after={"date": date.isoformat(), "host": host.pk})
    return visit


@transaction.atomic
def lock_pair(*, visit: Visit, locked: bool, by: User, now: datetime) -> Visit:
    """Keep a pair and its day through the next plans and repairs, or give it free again. Raises NotAllowed, Conflict."""
    visit = record.lock_visit(visit)
    record.require(rules.coordinates(by, visit))
    record.require_state(visit, *rules.MOVABLE)
    return record.write(visit, verb="locked" if locked else "unlocked", by=by, now=now, locked=locked)


@transaction.atomic
def invite(*, visit: Visit, by: User, now: datetime) -> Visit:
    """Invite both people to a visit that was proposed after its season was published.

    Raises NotAllowed, Conflict (not proposed any more) or Refused (the season is still to be published as a whole).
    """
    visit = record.lock_visit(visit)
    record.require(rules.coordinates(by, visit))
    if visit.season.state != SeasonState.PUBLISHED:
        raise Refused(_("Publish the season first: that invites everybody at once."))
    record.require_state(visit, VisitState.PROPOSED)
    closes = answer_by(visit, visit.date, now)
    record.write(visit, verb="invited", by=by, now=now, state=VisitState.INVITED, invited_at=now, answer_by=closes)
    telling.tell_all(visit, "shadowing.invited", now=now)
    return visit


def answer_by(visit: Visit, day: date, now: datetime) -> date:
    return rules.answer_by(visit.site, days=visit.season.answer_by_days, visit_date=day, now=now)


@transaction.atomic
def move_visit(
    *, visit: Visit, date: date, by: User, now: datetime, reason: str = "", version: int | None = None,
    host: Host | None = None,
) -> Visit:  # fmt: skip
    """Move a visit to another day; a coordinator can also give it another host, there or at another site of theirs.

    It stays the same visit. Once people were invited the calendar SEQUENCE rises, it goes back to invited and asks both
    sides again; a host it is taken from gets a cancellation, the new one an invitation. Executives need a reason, notice
    in working days at the site, and may do it twice. Raises NotAllowed, Refused (reason, notice, past or closed day) or
    Conflict (version, state, or the new place is taken).
    """
    place = Place.of(visit, host=host, day=date)
    record.lock_day(place.site, date)
    visit = record.lock_visit(visit, version=version)
    record.require(rules.may_move(by, visit))
    record.require_state(visit, *rules.MOVABLE)
    check_move(visit, date=date, host=host, by=by, now=now, reason=reason)
    return rebook(visit, same_site(Place.of(visit, host=host, day=date), place), by=by, now=now, reason=reason)


def same_site(place: Place, locked: Place) -> Place:
    """The place, where the day that was locked is its own. Raises Conflict when the visit went elsewhere meanwhile."""
    if place.site.pk != locked.site.pk:
        raise Conflict(_("Somebody changed this visit since you opened the page. Nothing was changed."))
    return place


def rebook(
    visit: Visit, place: Place, *, by: User, now: datetime, reason: str = "", verb: str = "moved", **kept: Any
) -> Visit:
    """Take a locked visit to a place whose day is locked, and tell those it touches once people were invited.

    ``kept``: what stays as it was, whatever ``asked_again`` says. Raises Refused or Conflict when the place is closed or taken.
    """
    acts_for, before = behalf(by, visit), visit.host
    room.hold_place(place, moving=visit)
    changes: dict[str, Any] = {"date": place.day, "host": place.host, "site": place.site}
    changes |= (asked_again(visit, place, by, now) if visit.invited_at else {}) | kept
    with room.single_booking(place):
        record.write(visit, verb=verb, by=by, now=now, words=reason.strip(), on_behalf_of=acts_for, **changes)
    if visit.invited_at:
        telling.tell_moved(visit, before, now=now, kind=f"shadowing.{verb}")
    return visit


def asked_again(visit: Visit, place: Place, by: User, now: datetime) -> dict[str, Any]:
    """What a move changes besides the place once people were invited: both answers open, SEQUENCE up, a new answer-by
    date. A new host has not read the briefing."""
    unread = {} if place.host.pk == visit.host_id else {"host_briefed_at": None}
    return unread | {
        "state": VisitState.INVITED,
        "executive_answer": Answer.NONE,
        "host_answer": Answer.NONE,
        "sequence": visit.sequence + 1,
        "moves": visit.moves + rules.bound_by_notice(by, visit),
        "answer_by": rules.answer_by(place.site, days=visit.season.answer_by_days, visit_date=place.day, now=now),
    }


def check_move(visit: Visit, *, date: date, host: Host | None, by: User, now: datetime, reason: str) -> None:
    """Raises Refused for a move that no state forbids but the calendar or the executive's limits do; NotAllowed when
    somebody else than a coordinator of both sites gives it another host."""
    stays = host is None or host.pk == visit.host_id
    if host and not stays:
        record.require(rules.coordinates(by, visit) and by.coordinates(host.team.site_id))
    today = rules.local_date(visit.site if host is None or stays else host.team.site, now)
    if date < today:
        raise Refused(_("This day has passed. Choose a later one."), field="date")
    if date == visit.date and stays:
        raise Refused(_("The visit is on this day already."), field="date")
    if rules.bound_by_notice(by, visit):
        check_executives_move(visit, today=today, reason=reason)


def check_executives_move(visit: Visit, *, today: date, reason: str) -> None:
    """Raises Refused when the executive has moved twice, is too late, or gives no reason."""
    if visit.moves >= rules.MOST_MOVES:
        raise Refused(_("This visit was moved twice already. Ask the coordinator."))
    if today > (last := rules.last_day_to_move(visit)):
        raise Refused(_("It could be moved until %(day)s. Ask the coordinator.") % {"day": room.short(last)})
    if not reason.strip():
        raise Refused(_("Say in a few words why: your host reads it."), field="reason")


def behalf(by: User, visit: Visit) -> User | None:
    """The executive, when it is the assistant who acts."""
    acts_for = rules.guides(by, visit) and not rules.coordinates(by, visit)
    return rules.stands_for(by, visit, Side.EXECUTIVE) if acts_for else None


@transaction.atomic
def cancel_visit(*, visit: Visit, by: User, now: datetime, reason: str, version: int | None = None) -> Visit:
    """Call a visit off. People who were invited get a cancellation, also for their calendar; nobody else is told.

    Raises NotAllowed (coordinators of the site only), Refused (no reason) or Conflict (version, or it has ended or was
    held).
    """
    visit = record.lock_visit(visit, version=version)
    record.require(rules.coordinates(by, visit))
    record.require_next(visit, VisitState.CANCELLED)
    if visit.invited_at and not reason.strip():
        raise Refused(_("Say in a few words why: both people read it."), field="reason")
    return end(visit, VisitState.CANCELLED, verb="cancelled", by=by, now=now, reason=reason)


def end(
    visit: Visit, state: VisitState, *, verb: str, by: User, now: datetime, reason: str,
    on_behalf_of: User | None = None, **changes: Answer,
) -> Visit:  # fmt: skip
    """End a locked visit as cancelled or declined; those who were invited are told while the day lies ahead.

    Raises Refused when the reason is longer than what is kept.
    """
    check_length(reason)
    told = visit.invited_at is not None
    record.write(
        visit, verb=verb, by=by, now=now, on_behalf_of=on_behalf_of, words=reason.strip(),
        state=state, ended_reason=reason.strip(), sequence=visit.sequence + told, **changes,
    )  # fmt: skip
    if told and visit.date >= rules.local_date(visit.site, now):
        telling.tell_all(visit, "shadowing.cancelled", now=now)
    return visit


def check_length(reason: str) -> None:
    """Raises Refused when the reason is longer than what is kept: words cut off mislead."""
    if len(reason.strip()) > LONGEST_REASON:
        words = _("At most %(number)d characters: say it shorter. Nothing was changed.")
        raise Refused(words % {"number": LONGEST_REASON}, field="reason")
