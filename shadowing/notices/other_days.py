"""Asking an executive without a place for other days: which days would place them, and a button to name theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.kinds import Button, Section
from shadowing.models import PlanLeftOut, Season, Visit
from shadowing.notices.asking import DAYS_PURPOSE, season_id_of, window
from shadowing.plans.words import days_in_words

if TYPE_CHECKING:
    from notifications.models import Notice


def who(notice: Notice) -> int:
    """The executive a notice is about, whoever gets it."""
    return notice.on_behalf_of_id or notice.recipient_id


def still_wanted(notices: Sequence[Notice]) -> set[int]:
    """The season is not published and the executive has no visit in it. Two queries."""
    seasons = {pk for notice in notices if (pk := season_id_of(notice.subject))}
    draft = {season.pk for season in Season.objects.filter(pk__in=seasons) if not season.is_published}
    people = {who(notice) for notice in notices}
    booked = set(
        Visit.objects.live().filter(season__in=seasons, executive__in=people).values_list("executive", "season")
    )
    pairs = {notice.pk: (who(notice), season_id_of(notice.subject)) for notice in notices}
    return {pk for pk, pair in pairs.items() if pair[1] in draft and pair not in booked}


def ask(notices: Sequence[Notice]) -> dict[int, Section]:
    """How the messages read. Two queries."""
    seasons = Season.objects.in_bulk([pk for notice in notices if (pk := season_id_of(notice.subject))])
    left_out = PlanLeftOut.objects.filter(plan__season__in=seasons, executive__in={who(notice) for notice in notices})
    days = {(row.plan.season_id, row.executive_id, row.plan.number): row for row in left_out.select_related("plan")}
    found = [(notice, seasons.get(season_id_of(notice.subject) or 0)) for notice in notices]
    return {
        notice.pk: section(notice, season, days.get((season.pk, who(notice), notice.step)))
        for notice, season in found if season
    }  # fmt: skip


def section(notice: Notice, season: Season, row: PlanLeftOut | None) -> Section:
    """One message."""
    behalf = notice.on_behalf_of
    line = _("Could you do another day in %(season)s?") % {"season": season}
    return Section(
        subject_line=_("For %(executive)s: %(words)s") % {"executive": behalf.name, "words": line} if behalf else line,
        lead=_("No place in %(season)s fits the days that are open so far.") % {"season": season},
        paragraphs=[
            *days_that_would_do(row),
            _("Look at the days that were ruled out: one that can be after all helps."),
        ],
        buttons=[Button(_("Name the days"), purpose=DAYS_PURPOSE, path=page_of(notice), primary=True)],
        facts=[(_("Between"), window(season))],
        why=_("You got this once, because a coordinator of %(season)s asked for other days.") % {"season": season},
    )


def days_that_would_do(row: PlanLeftOut | None) -> list[str]:
    """A sentence with the days on which the executive would fit, as far as the plan knows any."""
    if row is None:
        return []
    changes = [change for remedy in row.detail.get("remedies", ()) for change in remedy["changes"]]
    own = [change["date"] for change in changes if change["kind"] == "own_days"]
    days = row.detail.get("days", ()) if row.reason == "own_days" else sorted(set(own))
    if not days:
        return []
    open_days = row.detail.get("open") if row.reason == "own_days" else None
    return [_("A place is left on %(days)s.") % {"days": days_in_words(days, open_days)}]


def page_of(notice: Notice) -> str:
    """Where the days are named: one's own page, or the executive's for the assistant."""
    behalf = notice.on_behalf_of_id
    return reverse("shadowing:person_availability", args=[behalf]) if behalf else reverse("shadowing:availability")
