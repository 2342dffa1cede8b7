"""The caption above a promise in a message: who promised it to whom and when, and who owns it now if that is another."""

from __future__ import annotations

import functools
from datetime import date

from django.utils import dateformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from issues.models import Issue
from issues.promiser import has_moved, promiser
from notifications.models import Notice


def day_words(day: date, today: date) -> str:
    """ "4 November", with the year when it is another."""
    return written(day, "j F" if day.year == today.year else "j F Y")


def written(day: date, pattern: str) -> str:
    """The day in the reader's language."""
    return _written(day, pattern, get_language())


@functools.lru_cache(maxsize=4096)
def _written(day: date, pattern: str, _language: str | None) -> str:
    """Mails name the same days again and again, and each is put into words slowly."""
    return dateformat.format(day, pattern)


def for_owner(issue: Issue, notice: Notice) -> bool:
    """True for the owner and who reads it for them: they get buttons that act; others get a link to the page."""
    return issue.owner_id in (notice.recipient_id, notice.on_behalf_of_id)


def caption(issue: Issue, notice: Notice, today: date) -> str:
    """For anybody but the host it was promised to."""
    told, mine = _told(issue, today), for_owner(issue, notice)
    if not has_moved(issue):
        return (_("What you promised %(host)s on %(day)s") if mine else _said()) % told
    if mine:
        return _("What %(promiser)s promised %(host)s on %(day)s. You own it now") % told
    return _("What %(promiser)s promised %(host)s on %(day)s. %(owner)s owns it now") % told


def caption_to_host(issue: Issue, notice: Notice, today: date) -> str:
    """For the host; hosts of the team who are asked for one who has left read whom it was promised to."""
    if notice.recipient_id != issue.promised_to_id:
        return caption(issue, notice, today)
    if has_moved(issue):
        return _("What %(promiser)s promised you on %(day)s. %(owner)s owns it now") % _told(issue, today)
    return _("What %(promiser)s promised you on %(day)s") % _told(issue, today)


def _said() -> str:
    return _("What %(promiser)s promised %(host)s on %(day)s")


def _told(issue: Issue, today: date) -> dict[str, str]:
    return {
        "host": issue.promised_to.user.first_name, "day": day_words(issue.taken_away_on, today),
        "promiser": promiser(issue), "owner": issue.owner.user.name,
    }  # fmt: skip
