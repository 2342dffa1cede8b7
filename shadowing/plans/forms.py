"""Shapes of what people send about plans."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from shadowing.plans.running import MOST_SECONDS


class PlanForm(forms.Form):
    """How long to solve at most, and the seed: the same seed and season give the same plan."""

    seconds = forms.IntegerField(label=_("Seconds at most"), min_value=1, max_value=MOST_SECONDS, initial=60)
    seed = forms.IntegerField(
        label=_("Seed"), required=False, min_value=0, max_value=2**31 - 1, initial=0,
        help_text=_("The same seed gives the same plan again."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_seed(self) -> int:
        return self.cleaned_data["seed"] or 0
