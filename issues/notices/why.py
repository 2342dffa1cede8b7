"""The last lines of a message: why it came, who has it too, and when the next would come."""

from __future__ import annotations

from django.utils.translation import gettext as _

from issues.clocks import WORD_DAYS
from issues.models import Issue
from issues.notices.due import EVERYBODY, LINE_MANAGER
from notifications.models import Notice


def ordinal(place: int) -> str:
    """ "first" for 0; from the fifth on a figure."""
    words = (_("first"), _("second"), _("third"), _("fourth"))
    return words[place] if place < len(words) else _("%(number)d.") % {"number": place + 1}


def update_due(issue: Issue, notice: Notice) -> str:
    told = {"ordinal": ordinal(notice.step)}
    manager = issue.owner.line_manager
    if notice.step >= EVERYBODY:
        return _("This is the %(ordinal)s reminder, so coordinators and sponsors have it too.") % told
    if notice.step == LINE_MANAGER and manager:
        told["manager"] = manager.name
        return _("This is the %(ordinal)s reminder, so the line manager, %(manager)s, has it too.") % told
    if notice.step == LINE_MANAGER:
        return _("This is the %(ordinal)s reminder, so the coordinator has it too.") % told
    return _("This is the %(ordinal)s reminder. Any update ends them; the third goes to the line manager too.") % told


def word_due() -> str:
    told = {"weeks": WORD_DAYS // 7}
    return _("Hosts hear something every %(weeks)d weeks. An update they can read ends these reminders.") % told


def target(mine: bool) -> str:
    if mine:
        return _("You get this because you own the issue. Delivering it or giving another date ends it.")
    return _("You get this because you coordinate the site and the date has passed.")


def confirm_asked(notice: Notice) -> str:
    if notice.step:
        return _("Only your answer closes it. Both are fine, and your manager is not told.")
    return _("You get this because it was promised to you. Only your answer closes it. Both are fine.")


def moved() -> str:
    return _("You get this because it was promised to you.")


def answered() -> str:
    return _("You get this because you own the issue. Nobody else was told.")


def take_away_owed(notice: Notice) -> str:
    if notice.step:
        return _("This is the %(ordinal)s reminder, so the site's coordinator has it too.") % {
            "ordinal": ordinal(notice.step)
        }
    return _("Every visit that was held is followed by an issue somebody owns. Taking one away ends these reminders.")
