"""What a coordinator can do to the issues ticked in the list: form, action, and what the page says before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from issues import actions
from issues.forms import REASON, day_input, lines, offered_categories
from issues.models import Category, Issue
from issues.sharing_forms import new_owner_field


class NextUpdateForm(forms.Form):
    next_update_due = forms.DateField(label=_("Next update"), widget=day_input())
    reason = forms.CharField(label=_("Why"), max_length=REASON, widget=lines(2))


class CategoryForm(forms.Form):
    category = forms.ModelChoiceField(Category.objects.none(), label=_("Category"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["category"].queryset = offered_categories()  # type: ignore[attr-defined]


class NewOwnerForm(forms.Form):
    to = new_owner_field(_("New owner"))
    reason = forms.CharField(label=_("Why"), max_length=REASON, widget=lines(2))


@dataclass(frozen=True)
class Bulk:
    """``follows`` says what happens next and who is told. ``act`` takes the issue, ``by``, ``now``, and the form's values."""

    name: str
    form: type[forms.Form]
    act: Callable[..., Issue]
    word: str | Promise
    title: str | Promise
    follows: str | Promise
    button: str | Promise


_ALL = [
    Bulk("next-update", NextUpdateForm, actions.plan_update, _("Move the next update"), _("When is the next update due?"),
         _("The reminders follow the new day. Each owner reads it in the history; nobody is told now."), _("Move it")),
    Bulk("category", CategoryForm, actions.set_category, _("Put into a category"), _("Which category are they?"),
         _("It stands in their history. Nobody is told."), _("Put them into it")),
    Bulk("new-owner", NewOwnerForm, actions.transfer_issue, _("Give a new owner"), _("Who takes over?"),
         _("Only issues whose owner has left or handed them back. They are the new owner’s at once, who is told and can "
           "hand each back to you within five working days."), _("Give it to them")),
]  # fmt: skip
BULK = {bulk.name: bulk for bulk in _ALL}
