"""The reminder policy in plain words: what each entry is about, and when it goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shadowing.models.seasons import default_reminders
from shadowing.seasons.spec import comes_before


class Kind(NamedTuple):
    """``name`` is the key in the policy; ``hint`` says what its days count from and who is told."""

    name: str
    label: str | Promise
    hint: str | Promise = ""

    @property
    def repeats(self) -> bool:
        return self.name.endswith("_every")

    @property
    def comes_before(self) -> bool:
        usual = default_reminders()[self.name]
        return not self.repeats and comes_before(usual)


WORDS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "days_close": (
        gettext_lazy("Days are wanted"),
        gettext_lazy("Days before the season's first day: by then people name theirs."),
    ),
    "days_asked": (
        gettext_lazy("Days not named yet"),
        gettext_lazy("Days before that date. To executive, assistant or host who has not answered."),
    ),
    "answer_by": (
        gettext_lazy("Answer is due soon"),
        gettext_lazy("Days before the answer-by date. To executive, assistant or host who has not answered."),
    ),
    "visit_coming": (
        gettext_lazy("Visit is coming"),
        gettext_lazy("Days before the visit. To executive, assistant and host."),
    ),
    "take_away_owed": (
        gettext_lazy("Take-away owed"),
        gettext_lazy("Days after the visit. To the executive; from the second on to the coordinator too."),
    ),
    "update_due_every": (
        gettext_lazy("Update overdue"),
        gettext_lazy(
            "The day it passes, then again after this many days. To the owner; the third also to the manager."
        ),
    ),
    "word_due_every": (
        gettext_lazy("Host waits for word"),
        gettext_lazy("After 21 days of silence, then again after this many days. To the owner."),
    ),
    "target_near": (
        gettext_lazy("Target date is near"),
        gettext_lazy("Days before the target date, unless it was promised at shorter notice. To the owner."),
    ),
    "target_passed_every": (
        gettext_lazy("Target date has come"),
        gettext_lazy("The day itself, to the owner. Then again after this many days, to the coordinator too."),
    ),
    "hands_asked": (
        gettext_lazy("Handover or help asked"),
        gettext_lazy("At once in any case, then these days after. To the one asked, until they answer."),
    ),
    "confirm_asked": (
        gettext_lazy("Host asked whether it helps"),
        gettext_lazy("At once in any case, then these days after it was delivered. To the host."),
    ),
    "holds_after": (
        gettext_lazy("Does it still hold"),
        gettext_lazy("Days after the host confirmed it. To the host; if gone, to the hosts of the team."),
    ),
    "holds_again": (
        gettext_lazy("Does it still hold, no answer"),
        gettext_lazy("Days after each of those. To the same people, until one of them answers."),
    ),
    "survey_open": (
        gettext_lazy("Survey open"),
        gettext_lazy("Days after the visit; 0 is the day itself. Only to those who have not answered."),
    ),
}


def kinds() -> list[Kind]:
    """Every entry a season's policy can have, in the order of the chain."""
    return [Kind(name, *WORDS.get(name, (name.replace("_", " ").capitalize(),))) for name in default_reminders()]


def told(kind: Kind, policy: Any) -> str:
    """When this kind goes out: "1, 3 and 7 days after", "every 7 days", "never"."""
    if kind.repeats:
        return ngettext("every %(number)d day", "every %(number)d days", policy) % {"number": policy}
    days = sorted({abs(day) for day in policy}, reverse=kind.comes_before)
    return _some_days(days, before=kind.comes_before) if days else _("never")


def _some_days(days: Sequence[int], *, before: bool) -> str:
    """ "7 and 1 days before", "at once, 3 and 10 days after"."""
    if days == [0]:
        return _("on the day") if before else _("at once")
    words = (
        ngettext("%(days)s day before", "%(days)s days before", max(days))
        if before
        else ngettext("%(days)s day after", "%(days)s days after", max(days))
    )
    named = [str(day) if day or before else _("at once") for day in days]
    return words % {"days": get_text_list(named, _("and"))}
