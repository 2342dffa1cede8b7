"""Step 1: what the season is called, when it runs, which earlier one it is copied from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import User
from shadowing.models import Program, Season
from shadowing.seasons import suggesting
from shadowing.seasons.setup.base import DayField, StepForm

MOST_OFFERED = 6  # earlier seasons to copy from


class WindowForm(StepForm):
    """``season`` is a new one without a key while there is none yet."""

    KEYS = frozenset({"program", "name", "slug", "starts_on", "ends_on"})
    program = forms.CharField(label=_("Program"), max_length=120)
    name = forms.CharField(label=_("Name of the season"), max_length=120, help_text=_("Like Spring 2027"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    slug = forms.SlugField(
        label=_("Short name"), max_length=60, required=False, help_text=_("For addresses. Empty: made of the name.")
    )
    copy_from = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def stored(self) -> dict[str, Any]:
        season = self.season
        if self.is_new:
            return {"program": usual_program()}
        names = ("name", "slug", "starts_on", "ends_on")
        return {name: getattr(season, name) for name in names} | {"program": season.program.name}

    def part(self) -> dict[str, Any]:
        given = self.cleaned_data
        part = {
            "program": given["program"],
            "name": given["name"],
            "slug": given["slug"] or slugify(given["name"])[:60],
            "starts_on": given["starts_on"].isoformat(),
            "ends_on": given["ends_on"].isoformat(),
        }
        return part | ({"copy_from": given["copy_from"]} if given["copy_from"] and self.is_new else {})

    def field_of(self, path: str) -> str | None:
        return "starts_on" if path == "copy_from" else super().field_of(path)


def usual_program() -> str:
    """The program of the newest season, or the name such a program mostly has."""
    newest = Program.objects.order_by("-seasons__starts_on", "-pk").first()
    return newest.name if newest else gettext("Back to the Floor")


def earlier(user: User) -> list[Season]:
    """Seasons a new one may be copied from, the latest first."""
    return list(Season.objects.visible_to(user).order_by("-starts_on", "-pk")[:MOST_OFFERED])


def from_earlier(
    source: Season, asked: Mapping[str, str], *, today: date
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the form says first when it copies ``source``, and the windows offered, the one taken marked ``chosen``.

    ``asked["when"]`` picks half a year or a year later; without it the nearer one is taken that another time of the year
    would not rename.
    """
    old = suggesting.Window(source.starts_on, source.ends_on)
    half, year = suggesting.windows(old, today=today)
    chosen = half if asked.get("when") == "half" else year
    offered = [
        {"when": "year", "word": gettext("The same time next year"), "window": year, "chosen": chosen == year},
        {"when": "half", "word": gettext("Half a year on"), "window": half, "chosen": chosen == half},
    ]
    values = {
        "program": source.program.name,
        "name": suggesting.name_after(source.name, old, chosen),
        "starts_on": chosen.starts_on,
        "ends_on": chosen.ends_on,
        "copy_from": source.slug,
    }
    return values, offered
