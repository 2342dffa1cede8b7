"""The last lines of a message: why it came, who has it too, and when the next would come if nothing happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import dateformat
from django.utils.translation import gettext as _

from issues.clocks import WORD_DAYS
from issues.models import Issue
from issues.notices import steps
from issues.notices.promised import written
from issues.telling import PLACES
from notifications.models import Notice
from people.models import Site
from shadowing.seasons.foreseeing import next_working

DAY = timedelta(days=1)


def ordinal(place: int) -> str:
    """ "first" for 0; from the fifth on a figure."""
    words = (_("first"), _("second"), _("third"), _("fourth"))
    return words[place] if place < len(words) else _("%(number)d.") % {"number": place + 1}


def next_on(day: date, site: Site) -> str:
    """A sentence with the first working day at the site from ``day`` on."""
    said = written(next_working(site, day - DAY), "j F Y").replace(" ", "\N{NO-BREAK SPACE}")
    return _("The next would come on %(day)s.") % {"day": said}


def last_time() -> str:
    return _("This is the last one.")


def next_listed(days: Sequence[int], place: int, anchor: date, site: Site) -> str:
    """The same for kinds that come on listed days after ``anchor``."""
    later = sorted(days)[place + 1 :]
    return next_on(anchor + timedelta(days=later[0]), site) if later else last_time()


def update_due(issue: Issue, notice: Notice) -> str:
    every = issue.season.policy("update_due_every")
    return " ".join(
        [
            _who_has_it_too(issue, notice),
            next_on(notice.anchor + DAY + timedelta(days=every * (notice.step + 1)), issue.site),
        ]
    )


def _who_has_it_too(issue: Issue, notice: Notice) -> str:
    told = {"ordinal": ordinal(notice.step)}
    manager, levels = issue.owner.line_manager, steps.levels(notice.step)
    if steps.SPONSOR in levels:
        return _("This is the %(ordinal)s reminder, so coordinators and sponsors have it too.") % told
    if levels and manager:
        told["manager"] = manager.name
        return _("This is the %(ordinal)s reminder, so the line manager, %(manager)s, has it too.") % told
    if levels:
        return _("This is the %(ordinal)s reminder, so the coordinator has it too.") % told
    return _("This is the %(ordinal)s reminder. Any update ends them; the third goes to the line manager too.") % told


def word_due(issue: Issue, notice: Notice) -> str:
    told, every = {"weeks": WORD_DAYS // 7}, issue.season.policy("word_due_every")
    because = _("Hosts hear something every %(weeks)d weeks. An update they can read ends these reminders.") % told
    return f"{because} {next_on(notice.anchor + DAY + timedelta(days=every * (notice.step + 1)), issue.site)}"


def target(issue: Issue, notice: Notice, *, mine: bool) -> str:
    because = _("You get this because you coordinate the site and the date has passed.")
    if mine:
        because = _("You get this because you own the issue. Delivering it or giving another date ends it.")
    return f"{because} {next_on(_next_target(issue, notice), issue.site)}"


def _next_target(issue: Issue, notice: Notice) -> date:
    if notice.step >= 0:
        return notice.anchor + timedelta(days=notice.step + issue.season.policy("target_passed_every"))
    nearer = [day for day in issue.season.policy("target_near") if day > notice.step]
    return notice.anchor + timedelta(days=min(nearer, default=0))


def put_off(issue: Issue, today: date) -> str:
    """For those above: the owner put their own reminders off."""
    snooze = (issue.target_date, issue.snoozed_until, issue.snoozed_target)
    if not steps.put_off(*snooze, today=today) or issue.snoozed_until is None:
        return ""
    day = dateformat.format(issue.snoozed_until, "j F")
    return _("%(owner)s has put their own reminders off until %(day)s.") % {"owner": issue.owner.user.name, "day": day}


def confirm_asked(issue: Issue, notice: Notice) -> str:
    because = _("You get this because it was promised to you. Only your answer closes it. Both are fine.")
    if notice.step:
        because = _("You get this because only your answer closes it. Both are fine, and your manager is not told.")
    return f"{because} {next_listed(issue.season.policy('confirm_asked'), notice.step, notice.anchor, issue.site)}"


def asked(issue: Issue, notice: Notice) -> str:
    """For who was asked to own it or to help: when they are asked again."""
    return next_listed(issue.season.policy("hands_asked"), notice.step % PLACES, notice.anchor, issue.site)


def holds_check(issue: Issue, notice: Notice) -> str:
    """When the host would be asked the next time whether it holds, answered or not."""
    days, place = divmod(notice.step, PLACES)
    again = [days + more for more in sorted(issue.season.policy("holds_again"))[place:]]
    later = again or [check for check in issue.season.policy("holds_after") if check > days]
    return next_on(notice.anchor + timedelta(days=min(later)), issue.site) if later else last_time()


def moved(issue: Issue) -> str:
    told = {"owner": issue.owner.user.first_name}
    return _("You get this because it was promised to you. The next comes when %(owner)s writes again.") % told


def answered(issue: Issue) -> str:
    day = {"day": dateformat.format(issue.next_update_due, "j F")}
    return (
        _("You get this because you own the issue. Nobody above you was told. The next update is due on %(day)s.") % day
    )


def take_away_owed(notice: Notice, site: Site, days: Sequence[int]) -> str:
    because = _(
        "Every visit that was held is followed by an issue somebody owns. Taking one away ends these reminders."
    )
    if notice.step:
        because = _("This is the %(ordinal)s reminder, so the site's coordinator has it too.") % {
            "ordinal": ordinal(notice.step)
        }
    return f"{because} {next_listed(days, notice.step, notice.anchor, site)}"
