"""How each notice about a visit reads. Runs in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _

from notifications.kinds import Button, CalendarPart, Section
from shadowing import agenda
from shadowing.calendar.parts import invitation
from shadowing.models import Answer, Visit, VisitDay, VisitEvent, VisitState
from shadowing.notices import foresight, subjects
from shadowing.visits.rules import Side, local_date

if TYPE_CHECKING:
    from notifications.models import Notice

PURPOSE = "shadowing.answer"
MOVES = ("moved", "stood_in")  # verbs of events that give a visit another day or host
NBSP = "\N{NO-BREAK SPACE}"


class Told:
    """One notice with all it is made of: visit, side, day page, and what was there before a move."""

    def __init__(
        self, notice: Notice, visit: Visit, side: Side, day: VisitDay | None, moved: VisitEvent | None
    ) -> None:
        self.notice, self.visit, self.side, self.room, self.moved = notice, visit, side, day, moved

    @property
    def day(self) -> str:
        return long_day(self.visit.date)

    @property
    def today(self) -> date:
        """The day at the site on which the notice arose."""
        return local_date(self.visit.site, self.notice.created_at)

    @property
    def moved_from(self) -> tuple[date, int]:
        """The day and the host's id before the last move."""
        before = self.moved.before if self.moved else {}
        day = before.get("date")
        return date.fromisoformat(day) if day else self.visit.date, before.get("host", self.visit.host_id)

    @property
    def me(self) -> bool:
        """The reader is the executive or host, not the assistant."""
        return self.notice.on_behalf_of_id is None

    def part(self, method: str) -> CalendarPart:
        """The calendar part; DTSTAMP is when the notice arose, so every attempt sends the same bytes."""
        stamp, reader = self.notice.created_at, self.notice.recipient
        return CalendarPart(method, invitation(self.visit, reader, method, now=stamp, day=self.room))


def long_day(day: date) -> str:
    """ "Tuesday 10 November" with its year."""
    return formats.date_format(day, "l j F Y").replace(" ", NBSP)


def sections(notices: Sequence[Notice], say: Callable[[Told], Section]) -> dict[int, Section]:
    """A section per notice id, from three queries for all of them."""
    found = subjects.pairs(notices, subjects.visits_of(notices))
    visits = [visit for _notice, visit, _side in found]
    rooms = {(day.site_id, day.date): day for day in VisitDay.objects.filter(date__in={visit.date for visit in visits})}
    moves = VisitEvent.objects.filter(visit__in=visits, verb__in=MOVES).order_by("at", "pk")
    last = {event.visit_id: event for event in moves}
    told = (Told(notice, visit, side, rooms.get((visit.site_id, visit.date)), last.get(visit.pk))
            for notice, visit, side in found)  # fmt: skip
    return {one.notice.pk: say(one) for one in told}


def invited(notices: Sequence[Notice]) -> dict[int, Section]:
    return sections(notices, lambda one: ask_host(one) if one.side is Side.HOST else ask_executive(one))


def moved(notices: Sequence[Notice]) -> dict[int, Section]:
    return sections(notices, say_moved)


def cancelled(notices: Sequence[Notice]) -> dict[int, Section]:
    return sections(notices, say_cancelled)


def answer_by(notices: Sequence[Notice]) -> dict[int, Section]:
    return sections(notices, say_answer_by)


def visit_coming(notices: Sequence[Notice]) -> dict[int, Section]:
    return sections(notices, say_coming)


def ask_host(one: Told) -> Section:
    names = {"executive": one.visit.executive.user.name, "day": one.day}
    return Section(
        subject_line=_("May %(executive)s spend %(day)s with you?") % names,
        lead=_("%(executive)s asks to spend %(day)s beside you, to see your work as it is.") % names,
        paragraphs=[
            _("You are asked, not told. To decline you need no reason, and nobody is told why."),
            _("Nobody comes to catch a mistake. The day is about what stands in your way."),
        ],
        buttons=answer_buttons(),
        facts=facts(one),
        why=_("You got this because you are on the list of hosts of %(season)s.") % {"season": one.visit.season}
        + " "
        + reminder_words(one),
        calendar=one.part("REQUEST"),
    )


def ask_executive(one: Told) -> Section:
    names = {"host": one.visit.host.user.name, "day": one.day, "site": one.visit.site.name}
    return Section(
        subject_line=for_whom(one, _("Your day on the floor: %(day)s in %(site)s") % names),
        lead=_("%(day)s with %(host)s in %(site)s.") % names,
        paragraphs=[
            _("You sit beside your host for the day, listen, and take away one issue that you will own."),
            _("If the day does not suit, say so now: on the visit's page you can move it."),
        ],
        buttons=answer_buttons(),
        facts=facts(one),
        why=_("You got this because %(season)s was published.") % {"season": one.visit.season}
        + " "
        + reminder_words(one),
        calendar=one.part("REQUEST"),
    )


def say_moved(one: Told) -> Section:
    day, host = one.moved_from
    words = {"before": long_day(day), "day": one.day, "other": other(one), "host": one.visit.host.user.name}
    reason = one.moved.words if one.moved else ""
    subject, lead = _("Visit moved to %(day)s"), _("The visit with %(other)s moves from %(before)s to %(day)s.")
    if host != one.visit.host_id and day == one.visit.date:
        subject, lead = _("%(day)s: your host is %(host)s"), _("The day stays, %(day)s. Your host is %(host)s now.")
    elif host != one.visit.host_id:
        lead = _("Your visit moves from %(before)s to %(day)s, and your host is %(host)s now.")
    open_ = one.visit.state == VisitState.INVITED
    asked = _("Both of you are asked again.") if open_ else _("You need not do anything.")
    return Section(
        subject_line=for_whom(one, subject % words),
        lead=lead % words,
        quote_caption=_("Why") if reason else "",
        quote=reason,
        paragraphs=[asked + " " + _("The calendar entry changes with this message.")],
        buttons=answer_buttons() if open_ else [],
        facts=facts(one),
        why=_("You got this because your own visit changed.") + " " + reminder_words(one),
        calendar=one.part("REQUEST"),
    )


def say_cancelled(one: Told) -> Section:
    words = {"day": one.day, "other": other(one)}
    reason = one.visit.ended_reason if one.visit.state == VisitState.CANCELLED else ""
    mine = subjects.answer_of(one.visit, one.side) == Answer.NO
    lead = _("You said no to the visit with %(other)s on %(day)s.") if mine and one.me else _(
        "The visit with %(other)s on %(day)s does not take place."
    )  # fmt: skip
    return Section(
        subject_line=for_whom(one, _("Called off: visit on %(day)s") % words),
        lead=lead % words,
        quote_caption=_("Why") if reason else "",
        quote=reason,
        paragraphs=[_("This message takes it out of your calendar. You need not do anything.")],
        why=_("You got this once, because you were invited to it."),
        calendar=one.part("CANCEL"),
    )


def say_answer_by(one: Told) -> Section:
    words = {"other": other(one), "day": one.day, "closes": long_day(one.notice.anchor)}
    next_day = foresight.next_before_answer(one.visit, one.notice.anchor, one.today, one.notice.step)
    return Section(
        subject_line=for_whom(one, _("Can you be there on %(day)s? Answer by %(closes)s") % words),
        lead=for_whom(
            one, _("%(other)s waits to hear whether %(day)s stands. The answer is due by %(closes)s.") % words
        ),
        paragraphs=[_("No is an answer too: then somebody else can have the day.")],
        buttons=answer_buttons(),
        facts=facts(one),
        why=_("You got this because the invitation has no answer yet.") + " " + next_words(next_day),
    )


def say_coming(one: Told) -> Section:
    words = {"other": other(one), "day": one.day, "site": one.visit.site.name}
    next_day = foresight.next_before_visit(one.visit, one.today, one.notice.step)
    return Section(
        subject_line=for_whom(one, _("%(day)s: your visit with %(other)s") % words),
        lead=_("%(day)s is your day with %(other)s in %(site)s.") % words,
        paragraphs=[_("Nobody comes to catch a mistake. The briefing says on one page what the day is and is not.")],
        buttons=[Button(_("Read the briefing"), path=one.visit.get_absolute_url(), primary=True)],
        facts=facts(one),
        why=_("You got this because the visit is near.") + " " + next_words(next_day),
    )


def reminder_words(one: Told) -> str:
    """When an invitation would be followed by a reminder."""
    closes = one.visit.answer_by
    day = foresight.next_before_answer(one.visit, closes, one.today) if closes else None
    if day is None:
        return _("It comes once.")
    return _("Without an answer the next comes on %(day)s.") % {"day": long_day(day)}


def next_words(day: date | None) -> str:
    """When the next reminder before the same date would come."""
    if day is None:
        return _("This is the last one.")
    return _("The next would come on %(day)s.") % {"day": long_day(day)}


def other(one: Told) -> str:
    """Whom the reader meets."""
    host, executive = one.visit.host.user.name, one.visit.executive.user.name
    return host if one.side is Side.EXECUTIVE else executive


def for_whom(one: Told, words: str) -> str:
    """A subject line: an assistant reads at once whose visit it is."""
    if one.me:
        return words
    return _("For %(executive)s: %(words)s") % {"executive": one.visit.executive.user.name, "words": words}


def answer_buttons() -> list[Button]:
    """Both lead to the same page; nothing acts before its button is pressed there."""
    return [
        Button(_("Yes, I will be there"), purpose=PURPOSE, data="yes", primary=True),
        Button(_("I cannot on this day"), purpose=PURPOSE, data="no"),
    ]


def facts(one: Told) -> list[tuple[str, str]]:
    """When, where and with whom; times are the site's."""
    visit, slots = one.visit, day_slots(one.visit, one.room)
    starts, ends = agenda.span(slots)
    times = _("%(from)s to %(to)s in %(site)s") % {"from": f"{starts:%H:%M}", "to": f"{ends:%H:%M}", "site": visit.site}
    found = [(_("Day"), one.day), (_("Time"), times)]
    found += [(_("Room"), one.room.room)] if one.room and one.room.room else []
    found += [
        (_("Host"), f"{visit.host.user.name}, {visit.host.team.name}"),
        (_("Executive"), visit.executive.user.name),
    ]
    if visit.answer_by and visit.state == VisitState.INVITED:
        found.append((_("Answer by"), long_day(visit.answer_by)))
    return found


def day_slots(visit: Visit, room: VisitDay | None) -> list[agenda.Slot]:
    """The day's own agenda, else the season's."""
    return agenda.slots((room and room.agenda) or visit.season.agenda, day=visit.date, zone=visit.site.zone)
