"""What a coordinator can do to the issues ticked in the list, or to all its filter finds: which those are, form, action,
and what the page says before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from issues import actions, rules
from issues.actions.bulk import Outcome, each
from issues.filters import Filters
from issues.forms import REASON, day_input, lines, offered_categories
from issues.models import Category, Issue
from issues.sharing_forms import new_owner_field
from people.forms.offers import offer_rows
from people.models import User

MOST = 1_000  # issues at once


class NextUpdateForm(forms.Form):
    next_update_due = forms.DateField(label=_("Next update"), widget=day_input())
    reason = forms.CharField(label=_("Why"), max_length=REASON, widget=lines(2))


class CategoryForm(forms.Form):
    category = forms.ModelChoiceField(Category.objects.none(), label=_("Category"), empty_label=_("Choose one"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offer_rows(self, "category", offered_categories())


class NewOwnerForm(forms.Form):
    to = new_owner_field(_("New owner"))
    reason = forms.CharField(label=_("Why"), max_length=REASON, widget=lines(2))


class RemindForm(forms.Form):
    words = forms.CharField(
        label=_("A line from you"),
        required=False,
        max_length=REASON,
        widget=lines(2),
        help_text=_("Every owner reads it with each of their issues."),
    )


@dataclass(frozen=True)
class Bulk:
    """``follows`` says what happens next and who is told. ``act`` takes the issue, ``by``, ``now``, and the form's values;
    where ``together`` it takes all ``issues``. ``verb`` is of issues.rules."""

    name: str
    verb: str
    form: type[forms.Form]
    act: Callable[..., Any]
    word: str | Promise
    title: str | Promise
    follows: str | Promise
    button: str | Promise
    together: bool = False

    def fits(self, issue: Issue) -> bool:
        """Whether the issue's state allows it."""
        return issue.state in rules.STATES[self.verb]

    def do(self, issues: Sequence[Issue], *, by: User, now: datetime, **given: Any) -> Outcome:
        """Do it to all of them, each by itself; what is refused stands in the outcome."""
        if self.together:
            done: Outcome = self.act(issues=issues, by=by, now=now, **given)
            return done
        return each(issues, lambda issue: self.act(issue=issue, by=by, now=now, **given))

    def done(self, outcome: Outcome) -> str:
        """What was done, in words."""
        count = len(outcome.changed)
        if not self.together:
            return ngettext("%(count)d issue changed", "%(count)d issues changed", count) % {"count": count}
        people = ngettext("%(count)d owner reminded", "%(count)d owners reminded", outcome.people)
        about = ngettext("of %(count)d issue", "of %(count)d issues", count) % {"count": count}
        return f"{people % {'count': outcome.people}} {about}"


def ticked(user: User, numbers: Iterable[str]) -> list[Issue]:
    """The issues of these numbers, as far as this person sees them."""
    wanted = {int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 16}
    return _with_people(Issue.objects.visible_to(user).filter(pk__in=sorted(wanted)[:MOST]).order_by("number"))


def found(user: User, filters: Filters, today: date) -> tuple[list[Issue], bool]:
    """What the list's filter finds, in its order, and whether there is more than can be changed at once."""
    asked = filters.order(filters.apply(Issue.objects.visible_to(user), user, today))
    issues = _with_people(asked[: MOST + 1])
    return issues[:MOST], len(issues) > MOST


def _with_people(issues: Any) -> list[Issue]:
    return list(issues.select_related("owner__user", "promised_to__user", "site"))


_ALL = [
    Bulk("remind", "remind", RemindForm, actions.remind_owners, _("Remind owners"), _("Ask the owners where they stand?"),
         _("Each owner gets one message about all of theirs, in their working hours, with the buttons to answer. Nobody "
           "twice a day. It stands in each history."), _("Remind them"), together=True),
    Bulk("next-update", "plan_update", NextUpdateForm, actions.plan_update, _("Move the next update"),
         _("When is the next update due?"),
         _("The reminders follow the new day. Each owner reads it in the history; nobody is told now."), _("Move it")),
    Bulk("category", "change", CategoryForm, actions.set_category, _("Put into a category"), _("Which category are they?"),
         _("It stands in their history. Nobody is told."), _("Put them into it")),
    Bulk("new-owner", "transfer", NewOwnerForm, actions.transfer_issue, _("Give a new owner"), _("Who takes over?"),
         _("Only issues whose owner has left or handed them back. They are the new owner’s at once, who is told and can "
           "hand each back to you within five working days."), _("Give it to them")),
]  # fmt: skip
BULK = {bulk.name: bulk for bulk in _ALL}
