"""Asking before a season: hosts whether they are willing, executives for the days they cannot. Once, while it collects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from notifications.kinds import Button, Due, Section
from shadowing.models import Season, SeasonExecutive, SeasonHost, SeasonState, Willing

if TYPE_CHECKING:
    from notifications.models import Notice

HOST_PURPOSE = "shadowing.host"
PREFIX = "season:"


def subject_of(season_id: int) -> str:
    return f"{PREFIX}{season_id}"


def season_id_of(subject: str) -> int | None:
    """The season a subject names; None for anything else."""
    number = subject.removeprefix(PREFIX)
    return int(number) if subject.startswith(PREFIX) and number.isdecimal() else None


def hosts_due(now: datetime) -> Iterator[Due]:
    """Hosts of collecting seasons who were not asked yet, or have not answered."""
    waiting = SeasonHost.objects.filter(**_open(now), willing=Willing.NOT_ASKED)
    rows = waiting.values_list("host", "season", "season__starts_on", "host__team__site").order_by("pk")
    for host, season, starts_on, site in rows:
        yield Due(host, subject_of(season), starts_on, site_id=site)


def executives_due(now: datetime) -> Iterator[Due]:
    """Executives of collecting seasons who have not named their days, and their assistants."""
    waiting = SeasonExecutive.objects.filter(**_open(now), answered_at__isnull=True)
    columns = ("executive", "executive__assistant", "season", "season__starts_on", "executive__home_site")
    for executive, assistant, season, starts_on, site in waiting.values_list(*columns).order_by("pk"):
        yield Due(executive, subject_of(season), starts_on, site_id=site)
        if assistant:
            yield Due(assistant, subject_of(season), starts_on, on_behalf_of_id=executive, site_id=site)


def _open(now: datetime) -> dict[str, object]:
    return {"season__state": SeasonState.COLLECTING, "season__ends_on__gte": now.date()}


def hosts_hold(notices: Sequence[Notice]) -> set[int]:
    """The season still collects and the host has not answered."""
    waiting = SeasonHost.objects.filter(season__state=SeasonState.COLLECTING, willing=Willing.NOT_ASKED)
    pairs = waiting.filter(host__in={notice.recipient_id for notice in notices}).values_list("host", "season")
    return _still(notices, set(pairs))


def executives_hold(notices: Sequence[Notice]) -> set[int]:
    """The season still collects and the executive's days are not named."""
    waiting = SeasonExecutive.objects.filter(season__state=SeasonState.COLLECTING, answered_at__isnull=True)
    people = {notice.on_behalf_of_id or notice.recipient_id for notice in notices}
    return _still(notices, set(waiting.filter(executive__in=people).values_list("executive", "season")))


def _still(notices: Sequence[Notice], waiting: set[tuple[int, int]]) -> set[int]:
    keys = {n.pk: (n.on_behalf_of_id or n.recipient_id, season_id_of(n.subject)) for n in notices}
    return {pk for pk, key in keys.items() if key in waiting}


def ask_hosts(notices: Sequence[Notice]) -> dict[int, Section]:
    return {notice.pk: ask_host(season) for notice, season in _with_seasons(notices)}


def ask_executives(notices: Sequence[Notice]) -> dict[int, Section]:
    return {notice.pk: ask_executive(notice, season) for notice, season in _with_seasons(notices)}


def _with_seasons(notices: Sequence[Notice]) -> list[tuple[Notice, Season]]:
    ids = {season_id_of(notice.subject) for notice in notices} - {None}
    seasons = Season.objects.in_bulk([pk for pk in ids if pk])
    found = [(notice, seasons.get(season_id_of(notice.subject) or 0)) for notice in notices]
    return [(notice, season) for notice, season in found if season]


def ask_host(season: Season) -> Section:
    return Section(
        subject_line=_("Would you host a visit in %(season)s?") % {"season": season},
        lead=_("In %(season)s senior managers spend a day on the floor. May one of them sit with you?")
        % {"season": season},
        paragraphs=[
            _("You are asked, not told. No needs no reason, and nobody who might sit with you hears of it."),
            _("Nobody comes to catch a mistake. The day is about what stands in your way."),
        ],
        buttons=[
            Button(_("Yes, I would"), purpose=HOST_PURPOSE, data="yes", primary=True),
            Button(_("Not this season"), purpose=HOST_PURPOSE, data="no"),
        ],
        facts=[(_("Between"), window(season))],
        why=_("You got this because you are on the list of hosts of %(season)s.") % {"season": season},
    )


def ask_executive(notice: Notice, season: Season) -> Section:
    behalf = notice.on_behalf_of_id
    path = reverse("shadowing:person_availability", args=[behalf]) if behalf else reverse("shadowing:availability")
    return Section(
        subject_line=_("Which days in %(season)s are impossible?") % {"season": season},
        lead=_("%(season)s is about to be planned: one day on the floor, beside a host.") % {"season": season},
        paragraphs=[_("Name the days that cannot be, by a click each or by uploading a calendar file.")],
        buttons=[Button(_("Name the days"), path=path, primary=True)],
        facts=[(_("Between"), window(season))],
        why=_("You got this because %(season)s is being prepared.") % {"season": season},
    )


def window(season: Season) -> str:
    """The season's first and last day."""
    first, last = (formats.date_format(day, "j F Y") for day in (season.starts_on, season.ends_on))
    return _("%(first)s and %(last)s") % {"first": first, "last": last}
