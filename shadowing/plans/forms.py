"""Shapes of what people send about plans."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from people.forms.offers import offer
from shadowing.models import Season, SeasonSite
from shadowing.plans.assumptions import RULES
from shadowing.plans.running import MOST_SECONDS
from shadowing.plans.what_if import RULE_WORDS, WEIGHT_WORDS

MOST_WEIGHT, MOST_PLACES = 10, 99


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


class DayInput(forms.DateInput):
    """The device's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WhatIfForm(PlanForm):
    """Other rules, weights and places than the season's. Fields start with what the season says; one left as it is
    assumes nothing."""

    host_min_tenure_months = forms.IntegerField(min_value=0, max_value=600)
    no_repeat_seasons = forms.IntegerField(min_value=0, max_value=100)
    days_between_host_visits = forms.IntegerField(min_value=0, max_value=366)
    other_business_unit = forms.BooleanField(required=False)
    shared_language = forms.BooleanField(required=False)
    one_day_site = forms.ChoiceField(label=_("Site"), required=False)
    one_day = forms.DateField(label=_("Day"), required=False, widget=DayInput)
    one_day_more = forms.IntegerField(
        label=_("Places more or fewer"), required=False, min_value=-MOST_PLACES, max_value=MOST_PLACES
    )

    def __init__(self, *args: Any, season: Season, places: Sequence[SeasonSite], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.season, self.places = season, places
        for name in RULES:
            self.fields[name].label, self.fields[name].initial = str(RULE_WORDS[name]), getattr(season, name)
        for name, label in WEIGHT_WORDS.items():
            self.fields[f"weight_{name}"] = forms.FloatField(
                label=str(label), min_value=0, max_value=MOST_WEIGHT, initial=season.weights.get(name, 1)
            )
        for place in places:
            words = _("%(site)s, on every day") % {"site": place.site.name}
            self.fields[f"more_{place.site.slug}"] = forms.IntegerField(
                label=words, required=False, min_value=-MOST_PLACES, max_value=MOST_PLACES, initial=0
            )
        sites = [(place.site.slug, place.site.name) for place in places]
        offer(self, "one_day_site", [("", _("None")), *sites])

    def clean_one_day(self) -> datetime.date | None:
        """A day of the season."""
        day: datetime.date | None = self.cleaned_data["one_day"]
        if day and not self.season.starts_on <= day <= self.season.ends_on:
            raise forms.ValidationError(_("Choose a day of the season."))
        return day

    def clean(self) -> dict[str, Any]:
        """A place on one day needs its site and its day."""
        given = super().clean() or {}
        if given.get("one_day_more") and not given.get("one_day_site"):
            self.add_error("one_day_site", _("Choose the site."))
        if given.get("one_day_more") and not given.get("one_day") and "one_day" not in self.errors:
            self.add_error("one_day", _("Choose the day."))
        return given

    def what_if(self) -> dict[str, Any]:
        """What was filled in, in the shape of assumptions.py."""
        given = self.cleaned_data
        slugs = [place.site.slug for place in self.places]
        places = [{"site": slug, "date": None, "more": given[f"more_{slug}"] or 0} for slug in slugs]
        if given["one_day_more"]:
            day = given["one_day"].isoformat()
            places.append({"site": given["one_day_site"], "date": day, "more": given["one_day_more"]})
        return {
            "rules": {name: given[name] for name in RULES},
            "weights": {name: given[f"weight_{name}"] for name in WEIGHT_WORDS},
            "places": places,
        }

    def parts(self) -> dict[str, list[forms.BoundField]]:
        """The fields in the groups of the page."""
        places = [f"more_{place.site.slug}" for place in self.places]
        groups = {
            "rules": RULES, "weights": [f"weight_{name}" for name in WEIGHT_WORDS], "places": places,
            "one_day": ("one_day_site", "one_day", "one_day_more"), "solve": ("seconds", "seed"),
        }  # fmt: skip
        return {group: [self[name] for name in names] for group, names in groups.items()}
