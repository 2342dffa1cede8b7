"""Forms of the visit pages. They check shape; whether something may be done is decided by the actions."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.forms.offers import offer
from people.models import User
from shadowing.models import NoteKind, VisitState
from shadowing.visits import listing
from shadowing.visits.notes import LONGEST


class DayInput(forms.DateInput):
    """The device's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "form-control"} | (attrs or {}), format="%Y-%m-%d")


class FilterForm(forms.Form):
    """Filters of the visit list. What makes no sense is left out, so an old bookmark still opens."""

    q = forms.CharField(required=False, label=_("Person"))
    season = forms.ChoiceField(required=False, label=_("Season"), widget=forms.Select(attrs={"class": "form-select"}))
    site = forms.ChoiceField(required=False, label=_("Site"), widget=forms.Select(attrs={"class": "form-select"}))
    state = forms.ChoiceField(choices=[("", ""), *VisitState.choices], required=False, label=_("State"))
    date = forms.DateField(required=False, label=_("Day"), widget=DayInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = listing.choices_for(user)
        self._offer("season", _("All seasons"))
        self._offer("site", _("All sites"))

    def _offer(self, name: str, empty: str | Promise) -> None:
        choices = [("", empty), *((row.slug, row.name) for row in self.rows[name])]
        offer(self, name, choices)

    def _id_of(self, name: str) -> int | None:
        return next((row.pk for row in self.rows[name] if row.slug == self.cleaned_data.get(name)), None)

    def wanted(self) -> dict[str, Any]:
        """The filters that make sense; season and site as ids."""
        self.is_valid()
        chosen = {name: self._id_of(name) for name in self.rows}
        return self.cleaned_data | chosen


class ReasonForm(forms.Form):
    """Some words; the action says whether they are needed."""

    reason = forms.CharField(
        required=False,
        max_length=300,
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class MoveForm(ReasonForm):
    """A day to move to. ``days`` are those with a place, offered first."""

    date = forms.DateField(label=_("New day"), widget=DayInput)
    field_order = ["date", "reason", "version"]

    def __init__(self, *args: Any, days: list[datetime.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days
        kind = "form-control is-invalid" if self.is_bound and "date" in self.errors else "form-control"
        self.fields["date"].widget.attrs |= {"class": kind, "list": "free-days"}


class CorrectForm(ReasonForm):
    """Who came after all."""

    held = forms.TypedChoiceField(
        choices=[("yes", _("The visit was held")), ("no", _("Nobody came"))], coerce=lambda value: value == "yes",
        label=_("What is right"), widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ["held", "reason", "version"]


class NoteForm(forms.Form):
    """A floor note as the phone sends it."""

    note_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=LONGEST, label=_("What did you just see or hear?"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        error_messages={"required": _("Write down what you saw or heard.")},
    )  # fmt: skip
    kind = forms.ChoiceField(choices=NoteKind.choices, initial=NoteKind.OBSTACLE)
    other_teams = forms.BooleanField(required=False, label=_("Other teams have this too"))
    checked = forms.BooleanField(required=False, label=_("No customer can be recognised: keep it"))

    @classmethod
    def blank(cls) -> NoteForm:
        """An empty form with an id of its own."""
        return cls(initial={"note_id": uuid.uuid4(), "kind": NoteKind.OBSTACLE})


class PublishForm(forms.Form):
    """The warnings that stood on the page, and that they were seen."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    acknowledged = forms.BooleanField(required=False)

    def keys(self) -> set[str]:
        """Nothing counts as seen before the box is ticked."""
        return set(self.cleaned_data["seen"].split()) if self.cleaned_data["acknowledged"] else set()
