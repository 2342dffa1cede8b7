"""What is said of a visit day's standby: to them that they are or need not be, to coordinators that they cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.kinds import Button, Section
from notifications.models import MessageState, Notice
from shadowing.models import VisitDay
from shadowing.notices.words import long_day

if TYPE_CHECKING:
    Say = Callable[[Notice, VisitDay], Section]

STANDBY, OFF, GONE = "shadowing.standby", "shadowing.standby_off", "shadowing.standby_gone"
PURPOSE = "shadowing.standby"
PREFIX = "visit_day:"


def subject_of(day: VisitDay) -> str:
    """How notices and links name a visit day."""
    return f"{PREFIX}{day.pk}"


def id_of(subject: str) -> int | None:
    """The visit day a subject names; None for anything else."""
    number = subject.removeprefix(PREFIX)
    return int(number) if subject.startswith(PREFIX) and number.isdecimal() else None


def days_of(notices: Sequence[Notice]) -> dict[str, VisitDay]:
    """Subject → visit day with its site and standby, in one query."""
    ids = {found for notice in notices if (found := id_of(notice.subject))}
    rows = VisitDay.objects.filter(pk__in=ids).select_related("site", "standby__user")
    return {subject_of(day): day for day in rows}


def sections(notices: Sequence[Notice], say: Say) -> dict[int, Section]:
    days = days_of(notices)
    return {notice.pk: say(notice, days[notice.subject]) for notice in notices if notice.subject in days}


def named(notices: Sequence[Notice]) -> set[int]:
    """They still stand by."""
    days = days_of(notices)
    return {n.pk for n in notices if n.subject in days and days[n.subject].standby_id == n.recipient_id}


def freed(notices: Sequence[Notice]) -> set[int]:
    """They do not stand by any more, and had been told that they do."""
    asked = Notice.objects.filter(kind=STANDBY, message__state=MessageState.SENT, dropped=False)
    asked = asked.filter(subject__in={notice.subject for notice in notices})
    heard = set(asked.values_list("recipient", "subject"))
    off = {notice.pk for notice in notices} - named(notices)
    return {notice.pk for notice in notices if notice.pk in off and (notice.recipient_id, notice.subject) in heard}


def standby(notices: Sequence[Notice]) -> dict[int, Section]:
    return sections(notices, lambda _notice, day: stand_by(day))


def standby_off(notices: Sequence[Notice]) -> dict[int, Section]:
    return sections(notices, lambda _notice, day: stand_down(day))


def words_for(day: VisitDay) -> dict[str, str]:
    return {"day": long_day(day.date), "site": day.site.name}


def stand_by(day: VisitDay) -> Section:
    names = words_for(day)
    return Section(
        subject_line=_("Would you stand by on %(day)s?") % names,
        lead=_("Senior managers visit %(site)s on %(day)s. If a host falls ill, may one of them sit with you?") % names,
        paragraphs=[
            _("You keep your work as it is. You hear at once when you are needed."),
            _("If it does not suit, say so. You need no reason, and nobody is told why."),
        ],
        buttons=[Button(_("I cannot stand by"), purpose=PURPOSE, data="no", primary=True)],
        why=_("You got this once, because you are on the list of hosts of %(site)s.") % names,
    )


def stand_down(day: VisitDay) -> Section:
    names = words_for(day)
    return Section(
        subject_line=_("You need not stand by on %(day)s") % names,
        lead=_("Somebody else stands by in %(site)s on %(day)s, or nobody needs to.") % names,
        paragraphs=[_("You need not do anything.")],
        why=_("You got this once, because you were asked to stand by."),
    )


def gone(notices: Sequence[Notice]) -> dict[int, Section]:
    return sections(notices, lambda _notice, day: say_gone(day))


def say_gone(day: VisitDay) -> Section:
    path = reverse("shadowing:visit_day", args=[day.site.slug, day.date])
    return Section(
        subject_line=_("Nobody stands by on %(day)s in %(site)s") % words_for(day),
        lead=_("The standby host of %(day)s in %(site)s cannot. No reason was asked.") % words_for(day),
        buttons=[Button(_("Name another"), path=path, primary=True)],
        why=_("You got this once, because you coordinate %(site)s.") % words_for(day),
    )


def gone_holds(notices: Sequence[Notice]) -> set[int]:
    """Still nobody stands by."""
    days = days_of(notices)
    return {notice.pk for notice in notices if notice.subject in days and days[notice.subject].standby_id is None}
