"""Telling somebody that they stand in: once for each absence, as soon as it is noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.kinds import Button, Due, Kind, Section, register
from notifications.models import Notice
from people.models import Absence

NAME, PREFIX = "notifications.stands_in", "absence:"


def due(now: datetime) -> Iterator[Due]:
    """Every substitute of an absence that is not over."""
    rows = Absence.objects.filter(substitute__isnull=False, last_day__gte=now.date() - timedelta(days=1)).order_by("pk")
    for pk, substitute, first in rows.values_list("pk", "substitute", "first_day"):
        yield Due(substitute, f"{PREFIX}{pk}", first)


def holds(notices: Sequence[Notice]) -> set[int]:
    """The absence still stands, and it is still this person who stands in."""
    rows = _absences(notices)
    return {one.pk for one in notices if one.subject in rows and rows[one.subject].substitute_id == one.recipient_id}


def render(notices: Sequence[Notice]) -> dict[int, Section]:
    rows = _absences(notices)
    return {notice.pk: _section(rows[notice.subject]) for notice in notices if notice.subject in rows}


def _absences(notices: Sequence[Notice]) -> dict[str, Absence]:
    """The absences by subject, with the people they name, in one query."""
    ids = {notice.subject.removeprefix(PREFIX) for notice in notices}
    rows = Absence.objects.select_related("user", "created_by").filter(pk__in=ids)
    return {f"{PREFIX}{absence.pk}": absence for absence in rows}


def _section(absence: Absence) -> Section:
    told = {"name": absence.user.name, "first": _day(absence.first_day), "last": _day(absence.last_day)}
    told["by"] = absence.created_by.name
    return Section(
        subject_line=_("You stand in for %(name)s from %(first)s to %(last)s") % told,
        lead=_("%(name)s is away from %(first)s to %(last)s, and you stand in.") % told,
        paragraphs=[
            _("What is due to them comes to you meanwhile, with buttons that answer for them, on record."),
            _("You cannot hand their issues over. After the last day the buttons work no longer."),
        ],
        buttons=[Button(_("Open my day"), path="/", primary=True)],
        why=_("You get this once, because %(by)s named you. If it does not suit, say so to %(name)s.") % told,
    )


def _day(day: date) -> str:
    return dateformat.format(day, "j F Y").replace(" ", "\N{NO-BREAK SPACE}")


def register_all() -> None:
    """Called once when the app is ready."""
    label: Any = gettext_lazy("you stand in")
    register.add(Kind(NAME, label, render=render, holds=holds, due=due, immediate=True))
