"""Issues that wait for somebody's answer: an offer, a part asked for, one handed back, one to be withdrawn."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from floorprogram.home.parts import Home, Moment, Task, link
from floorprogram.home.queries import Cut, by_first_clock, first
from issues.models import Issue

MOST = 10  # requests shown one by one; nobody has more at a time


def asked(home: Home, moment: Moment) -> None:
    """What an executive, or the assistant, is asked to own or to work on. One query where it is nothing, else two."""
    for issue in first(by_first_clock(Issue.objects.asked_of(moment.user)), MOST):
        offered = issue.offered
        title = (
            _("%(owner)s asks you to own issue %(number)d") if offered else _("%(owner)s asks for help on %(number)d")
        )
        home.tasks.append(
            Task(
                icon="arrow-right-left" if offered else "users",
                tone="wait",
                title=title % {"owner": issue.owner, "number": issue.number},
                detail=_("%(title)s. Promised to %(host)s.") % {"title": issue.title, "host": issue.promised_to},
                button=_("Accept or decline"),
                url=link("issues:issue", issue.number),
                expires=moment.today,
            )
        )


def settle(home: Home, moment: Moment, handed_back: Cut, to_withdraw: Cut) -> None:
    """What waits for a coordinator's decision."""
    rows, counts = handed_back.top()
    if rows:
        words = ngettext(
            "%(count)d issue was handed back to you", "%(count)d issues were handed back to you", counts["total"]
        )
        detail = _("%(number)d, %(title)s, stays with %(owner)s until you find somebody.")
        home.tasks.append(
            _task("undo-2", words, counts["total"], detail, _("Find another owner"), "transfer", rows[0], moment)
        )
    rows, counts = to_withdraw.top()
    if rows:
        words = ngettext(
            "%(count)d owner asks to withdraw an issue", "%(count)d owners ask to withdraw an issue", counts["total"]
        )
        detail = _("%(number)d, %(title)s, of %(owner)s. Agree, or let it go on.")
        home.tasks.append(_task("circle-minus", words, counts["total"], detail, _("Decide"), "issue", rows[0], moment))


def _task(
    icon: str, words: str, count: int, detail: str, button: str, route: str, issue: Issue, moment: Moment
) -> Task:  # fmt: skip
    told = {"number": issue.number, "title": issue.title, "owner": issue.owner}
    return Task(
        icon=icon, tone="warn", title=words % {"count": count}, detail=detail % told, button=button,
        url=link(f"issues:{route}", issue.number), expires=moment.today,
    )  # fmt: skip
