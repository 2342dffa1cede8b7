"""What a field of a form offers, set once the form knows its reader."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet


def offer(form: forms.BaseForm, name: str, choices: Any) -> None:
    """These choices, for a field made of choices."""
    cast("forms.ChoiceField", form.fields[name]).choices = choices


def offer_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """These rows, for a field made of rows."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows
