"""Asking before a season: hosts whether they are willing, executives for the days they cannot.

Once when it opens, and once more shortly before it closes, while it collects and until they answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from notifications.kinds import Button, Due, Section
from notifications.slots import LONGEST_CLOSURE
from people.models import Site
from shadowing.availability.closing import closes_on, reminder_day
from shadowing.models import Season, SeasonExecutive, SeasonHost, SeasonState, Willing
from shadowing.models.people import SeasonExecutiveQuerySet, SeasonHostQuerySet
from shadowing.seasons.foreseeing import next_working, sent_on

if TYPE_CHECKING:
    from notifications.models import Notice

HOST_PURPOSE = "shadowing.host"
DAYS_PURPOSE = "shadowing.days"
ASKED, REMINDED = 0, 1  # steps
DAY = timedelta(days=1)
PREFIX = "season:"


def subject_of(season_id: int) -> str:
    return f"{PREFIX}{season_id}"


def season_id_of(subject: str) -> int | None:
    """The season a subject names; None for anything else."""
    number = subject.removeprefix(PREFIX)
    return int(number) if subject.startswith(PREFIX) and number.isdecimal() else None


def hosts_due(now: datetime) -> Iterator[Due]:
    """Hosts of collecting seasons who have not answered."""
    for season in _open(now):
        for host, site in waiting_hosts(season).values_list("host", "host__team__site").order_by("pk"):
            yield Due(
                host, subject_of(season.pk), season.starts_on, site_id=site, personal=True, **_step(season, now.date())
            )


def executives_due(now: datetime) -> Iterator[Due]:
    """Executives of collecting seasons who have not named their days, and their assistants."""
    for season in _open(now):
        yield from executives_owed(waiting_executives(season), season, season.starts_on, **_step(season, now.date()))


def executives_owed(rows: SeasonExecutiveQuerySet, season: Season, anchor: date, **more: Any) -> Iterator[Due]:
    """A notice for each of these executives, and one for the assistant on their behalf."""
    columns = ("executive", "executive__assistant", "executive__home_site")
    for executive, assistant, site in rows.values_list(*columns).order_by("pk"):
        yield Due(executive, subject_of(season.pk), anchor, site_id=site, **more)
        if assistant:
            yield Due(assistant, subject_of(season.pk), anchor, on_behalf_of_id=executive, site_id=site, **more)


def waiting_hosts(season: Season) -> SeasonHostQuerySet:
    """Hosts who have not said whether they are willing."""
    return SeasonHost.objects.filter(season=season, willing=Willing.NOT_ASKED, host__user__is_active=True)


def waiting_executives(season: Season) -> SeasonExecutiveQuerySet:
    """Executives who have not named their days, without those who stepped back or left."""
    return SeasonExecutive.objects.taking_part().filter(season=season, answered_at__isnull=True)


def _open(now: datetime) -> list[Season]:
    return list(Season.objects.filter(state=SeasonState.COLLECTING, ends_on__gte=now.date()).order_by("pk"))


def _step(season: Season, today: date) -> dict[str, Any]:
    """Asked when it opens, reminded shortly before it closes. Who comes later than that is asked once, as reminded."""
    if today < reminder_day(season):
        return {"step": ASKED}
    closes = closes_on(season)
    return {"step": REMINDED, "not_after": closes if today < closes else None}


def hosts_hold(notices: Sequence[Notice]) -> set[int]:
    """The season still collects and the host has not answered."""
    waiting = SeasonHost.objects.filter(season__state=SeasonState.COLLECTING, willing=Willing.NOT_ASKED)
    pairs = waiting.filter(host__in={notice.recipient_id for notice in notices}).values_list("host", "season")
    return _still(notices, set(pairs))


def executives_hold(notices: Sequence[Notice]) -> set[int]:
    """The season still collects and the executive's days are not named."""
    taking_part = SeasonExecutive.objects.taking_part()
    waiting = taking_part.filter(season__state=SeasonState.COLLECTING, answered_at__isnull=True)
    people = {notice.on_behalf_of_id or notice.recipient_id for notice in notices}
    return _still(notices, set(waiting.filter(executive__in=people).values_list("executive", "season")))


def _still(notices: Sequence[Notice], waiting: set[tuple[int, int]]) -> set[int]:
    keys = {n.pk: (n.on_behalf_of_id or n.recipient_id, season_id_of(n.subject)) for n in notices}
    return {pk for pk, key in keys.items() if key in waiting}


def ask_hosts(notices: Sequence[Notice]) -> dict[int, Section]:
    return {notice.pk: ask_host(notice, season, site) for notice, season, site in _with_seasons(notices)}


def ask_executives(notices: Sequence[Notice]) -> dict[int, Section]:
    return {notice.pk: ask_executive(notice, season, site) for notice, season, site in _with_seasons(notices)}


def _with_seasons(notices: Sequence[Notice]) -> list[tuple[Notice, Season, Site]]:
    """Each with its season and the site whose working days count; without one only weekends are free. Two queries."""
    ids = {season_id_of(notice.subject) for notice in notices} - {None}
    sites = Site.objects.in_bulk({notice.site_id for notice in notices if notice.site_id})
    seasons = Season.objects.in_bulk([pk for pk in ids if pk])
    found = [(notice, seasons.get(season_id_of(notice.subject) or 0)) for notice in notices]
    return [(notice, season, sites.get(notice.site_id or 0) or Site()) for notice, season in found if season]


def ask_host(notice: Notice, season: Season, site: Site) -> Section:
    lead = _("In %(season)s senior managers spend a day on the floor. May one of them sit with you?")
    again = _(
        "%(season)s is planned soon, and your answer is still missing. May a senior manager sit with you for a day?"
    )
    return Section(
        subject_line=_("Would you host a visit in %(season)s?") % {"season": season},
        lead=(again if notice.step else lead) % {"season": season},
        paragraphs=[
            _("You are asked, not told. No needs no reason, and nobody who might sit with you hears of it."),
            _("Nobody comes to catch a mistake. The day is about what stands in your way."),
        ],
        buttons=[
            Button(_("Yes, I would"), purpose=HOST_PURPOSE, data="yes", primary=True, days=_open_days(notice, season)),
            Button(_("Not this season"), purpose=HOST_PURPOSE, data="no", days=_open_days(notice, season)),
        ],
        facts=_facts(season),
        why=_("You got this because you are on the list of hosts of %(season)s.") % {"season": season}
        + " "
        + again_words(notice, season, site),
    )


def ask_executive(notice: Notice, season: Season, site: Site) -> Section:
    names = {"season": season, "closes": _long(closes_on(season))}
    lead = _("%(season)s is about to be planned: one day on the floor, beside a host.")
    again = _("%(season)s is planned after %(closes)s, and no day is named yet.")
    behalf = notice.on_behalf_of
    line = _("Which days in %(season)s are impossible?") % names
    return Section(
        subject_line=_("For %(executive)s: %(words)s") % {"executive": behalf.name, "words": line} if behalf else line,
        lead=(again if notice.step else lead) % names,
        paragraphs=[
            _("Name the days that cannot be, a press each. The button opens them without a sign-in, on a phone too."),
            _("Days that are not named count as free."),
        ],
        buttons=[
            Button(_("Name the days"), purpose=DAYS_PURPOSE, path=_page(notice), primary=True,
                   days=_open_days(notice, season)),
        ],
        facts=_facts(season),
        why=_("You got this because %(season)s is being prepared.") % {"season": season}
        + " " + again_words(notice, season, site),
    )  # fmt: skip


def again_words(notice: Notice, season: Season, site: Site) -> str:
    """When the next would come, if no answer has."""
    if notice.step or not season.policy("days_asked"):
        return _("This is the last time we ask.")
    day = reminded_on(season, site, notice.created_at.date())
    return _("Without an answer the next comes on %(day)s.") % {"day": _long(day)}


def reminded_on(season: Season, site: Site, asked: date) -> date:
    """The working day of the site on which who was ``asked`` on that day and has not answered is reminded: from the day the
    season's policy names on, earlier where only closed days are left until it closes, and after that at the latest."""
    closes = closes_on(season)
    first = max(asked, min(reminder_day(season), closes) - LONGEST_CLOSURE * DAY) + DAY
    days = sent_on(site, first, closes, lambda day: int(_step(season, day)["step"]), before=closes)
    reminders = (day for day, step in days if step == REMINDED)
    return next(reminders, None) or next_working(site, max(asked, closes - DAY))


def _page(notice: Notice) -> str:
    behalf = notice.on_behalf_of_id
    return reverse("shadowing:person_availability", args=[behalf]) if behalf else reverse("shadowing:availability")


def _open_days(notice: Notice, season: Season) -> int:
    """How long a link of this message works: until the season begins."""
    return max((season.starts_on - notice.created_at.date()).days, 1)


def _facts(season: Season) -> list[tuple[str, str]]:
    return [(_("Between"), window(season)), (_("Answer by"), _long(closes_on(season)))]


def window(season: Season) -> str:
    """The season's first and last day."""
    return _("%(first)s and %(last)s") % {"first": _long(season.starts_on), "last": _long(season.ends_on)}


def _long(day: date) -> str:
    return formats.date_format(day, "j F Y")
