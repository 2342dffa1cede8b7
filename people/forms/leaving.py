"""Saying since when somebody is no longer here."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class LeavingForm(forms.Form):
    """A day. Whether it fits is decided by people.actions."""

    left_on = forms.DateField(
        label=gettext_lazy("Left on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
