"""The sponsor's page: four figures, and what is stuck and with whom."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from floorprogram.home.coordinating import late_words
from floorprogram.home.figures import season_figures
from floorprogram.home.parts import SIDE, Entry, Home, Moment, Side, Task, link
from floorprogram.home.queries import by_first_clock, counted, first
from floorprogram.templatetags.look import capped
from issues.models import Issue

STUCK = timedelta(days=14)


def fill(home: Home, moment: Moment) -> None:
    """Figures of the season under way, and the issues that are longest overdue."""
    running = home.running(moment.today)
    home.large = True
    if running:
        home.figures = season_figures(running, moment)
    stuck(home, moment)
    home.nothing = _("No issue is stuck.") if not home.tasks else ""


def stuck(home: Home, moment: Moment) -> None:
    """Overdue for two weeks or more: a task; all that are overdue: the list with their owners."""
    long_ago = moment.today - STUCK
    late, long_late = Issue.objects.overdue(moment.today), Issue.objects.overdue(long_ago)
    found = first(by_first_clock(late), SIDE)
    counts = counted(total=late, old=long_late) if found else {"total": 0, "old": 0}
    url = link("issues:index", overdue="yes")
    title = _("Stuck, and with whom")
    home.main.append(
        Side(title, [_entry(issue, moment) for issue in found], counts["total"], url, _("Nothing is stuck."))
    )
    if not counts["old"]:
        return
    words = ngettext(
        "%(count)s issue is stuck for two weeks or longer",
        "%(count)s issues are stuck for two weeks or longer",
        counts["old"],
    )
    home.tasks.append(
        Task(
            icon="clock",
            tone="stop",
            title=words % {"count": capped(counts["old"])},
            detail=_("Longest: %(title)s, with %(owner)s.") % {"title": found[0].title, "owner": found[0].owner},
            button=_("See with whom"),
            url=url,
            expires=moment.today,
        )
    )


def _entry(issue: Issue, moment: Moment) -> Entry:
    word, tone = late_words(issue, moment)
    return Entry(
        lead=str(issue.number),
        text=issue.title,
        who=str(issue.owner),
        kind="executive",
        tail=word,
        tone=tone,
        url=link("issues:issue", issue.number),
    )
