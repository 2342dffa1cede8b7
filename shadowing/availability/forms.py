"""Shapes of what people send about their days."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from shadowing.models import UnavailableSource, Willing

MOST_DATES = 6_000
MARKS = {"away": True, "free": False}


class DayForm(forms.Form):
    """One date to turn around."""

    day = forms.DateField()


class WeekForm(forms.Form):
    """Several dates to mark or to free: "away:2027-03-01,2027-03-02"."""

    week = forms.CharField(max_length=120)

    def clean_week(self) -> tuple[bool, list[date]]:
        mark, _colon, dates = self.cleaned_data["week"].partition(":")
        if mark not in MARKS:
            raise forms.ValidationError(_("Choose a week."))
        return MARKS[mark], iso_dates(dates)


class CalendarForm(forms.Form):
    """A calendar file of one person, or what they pasted."""

    file = forms.FileField(
        label=_("Calendar file"), required=False, widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"})
    )
    text = forms.CharField(
        label=_("Or paste days"), required=False, max_length=2_000_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("“4 March, 5 – 9 March”, a date a line, or the text of a calendar."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("text") and not given.get("file") and not self.errors:
            self.add_error("file", _("Choose a file, or paste days."))
        return given


class TakeOverForm(forms.Form):
    """Days that were read and are to be marked: dates with commas between."""

    source = forms.ChoiceField(choices=[(each, each) for each in (UnavailableSource.ICS, UnavailableSource.CSV)])
    days = forms.CharField(required=False, max_length=MOST_DATES * 11)

    def clean_days(self) -> list[date]:
        return iso_dates(self.cleaned_data["days"])


class SourceForm(forms.Form):
    """A source whose days are to be taken back."""

    source = forms.ChoiceField(choices=UnavailableSource)


def iso_dates(text: str) -> list[date]:
    """Dates in ISO with commas between. Raises ValidationError for anything else."""
    try:
        return [date.fromisoformat(word) for word in text.split(",") if word]
    except ValueError as error:
        raise forms.ValidationError(_("Choose days.")) from error


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


class PersonForm(forms.Form):
    """Somebody who joins a season: their number or e-mail, and for hosts whether they have said yes."""

    key = forms.CharField(label=_("Number or e-mail"), max_length=254)
    willing = forms.BooleanField(label=_("has said yes"), required=False)
