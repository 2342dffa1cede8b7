"""Shapes of what people send about their days."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from shadowing.models import Willing


class DayForm(forms.Form):
    """One date to turn around."""

    day = forms.DateField()


class CalendarForm(forms.Form):
    """A calendar file of one person."""

    file = forms.FileField(label=_("Calendar file"), widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class ListForm(forms.Form):
    """A list of days of several people, pasted or as a file."""

    text = forms.CharField(
        label=_("Days"), required=False, widget=forms.Textarea(attrs={"rows": 8}), max_length=2_000_000,
        help_text=_("A line each: number or e-mail, comma, date like 2027-03-04."),
    )  # fmt: skip
    file = forms.FileField(label=_("Or a file"), required=False, help_text=_("CSV with the same two columns."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("text") and not given.get("file"):
            self.add_error("text", _("Paste some lines, or choose a file."))
        return given

    def content(self) -> bytes:
        """The bytes to read: the file where there is one."""
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["text"].encode()


class WillingForm(forms.Form):
    """A host's answer for a season."""

    willing = forms.ChoiceField(choices=Willing)
    max_visits = forms.IntegerField(required=False, min_value=1, max_value=3)
