"""Step 4: the day's timetable in rows, and the days to answer and to move."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from shadowing.agenda import WORDS
from shadowing.seasons import day_plan
from shadowing.seasons.setup.base import StepForm, number
from shadowing.seasons.spec import MOST_PARTS

PARTS: dict[str, Any] = {
    "kind": gettext_lazy("part"),
    "starts": gettext_lazy("start"),
    "minutes": gettext_lazy("minutes"),
}


class AgendaForm(StepForm):
    """As many rows as ``rows`` says. Buttons add, remove and move rows without saving."""

    KEYS = frozenset({"agenda", "answer_by_days", "notice_days"})
    rows = forms.IntegerField(required=False, widget=forms.HiddenInput)
    answer_by_days = forms.IntegerField(
        label=_("Working days to answer an invitation"), help_text=_("Unanswered after that, you are offered others.")
    )
    notice_days = forms.IntegerField(
        label=_("Working days of notice to move a visit"),
        help_text=_("Until then executives may move their own visit."),
    )

    def build(self) -> None:
        self.count = self._count()
        for place in range(self.count):
            for name in PARTS:
                self.fields[f"{name}_{place}"] = _field(name, place)

    def _count(self) -> int:
        if not self.is_bound:
            return len(self.initial.get("day", self.season.agenda))
        typed = str(self.data.get("rows", ""))
        return min(int(typed), MOST_PARTS) if typed.isdecimal() else 0

    def stored(self) -> dict[str, Any]:
        season, day = self.season, self.initial.get("day", self.season.agenda)
        values = {"answer_by_days": season.answer_by_days, "notice_days": season.notice_days, "rows": len(day)}
        return values | {f"{name}_{place}": row[name] for place, row in enumerate(day) for name in PARTS}

    def typed(self) -> list[day_plan.Row]:
        """The rows as they stand in the form, right or wrong."""
        return [{name: str(self[f"{name}_{place}"].value() or "") for name in PARTS} for place in range(self.count)]

    @property
    def day_rows(self) -> Iterator[tuple[int, BoundField, BoundField, BoundField]]:
        """Number, part, start and minutes of each row."""
        for place in range(self.count):
            yield place, self[f"kind_{place}"], self[f"starts_{place}"], self[f"minutes_{place}"]

    @property
    def blocks(self) -> list[day_plan.Block]:
        """The day as it would be, for its drawing."""
        return day_plan.blocks(self.typed())

    def part(self) -> dict[str, Any]:
        given = self.cleaned_data
        rows = [{name: given[f"{name}_{place}"] for name in PARTS} for place in range(self.count)]
        agenda = [row | {"minutes": number(str(row["minutes"]))} for row in rows]
        return {"agenda": agenda, "answer_by_days": given["answer_by_days"], "notice_days": given["notice_days"]}

    def field_of(self, path: str) -> str | None:
        place = re.match(r"agenda\[(\d+)\]\.?(\w*)", path)
        return f"{place[2] or 'starts'}_{place[1]}" if place else super().field_of(path)


def _field(name: str, place: int) -> forms.Field:
    words = {"number": place + 1, "what": PARTS[name]}
    label = gettext("Part %(number)d, %(what)s") % words
    if name == "kind":
        kinds = [(kind, WORDS[kind]) for kind in WORDS]
        return forms.ChoiceField(label=label, choices=kinds, widget=forms.Select(attrs={"class": "form-select"}))
    if name == "starts":
        return forms.CharField(
            label=label, max_length=5, widget=forms.TimeInput(attrs={"type": "time", "class": "form-control"})
        )
    return forms.IntegerField(
        label=label, widget=forms.NumberInput(attrs={"min": 5, "max": 720, "step": 5, "class": "form-control"})
    )


def asked_row(data: Mapping[str, str]) -> tuple[str, int] | None:
    """Which row button was pressed: ("add", 0), ("remove", 2), ("up", 1), ("down", 0); None for none."""
    found = re.fullmatch(r"(add|remove|up|down|show)(?:-(\d{1,2}))?", data.get("do", ""))
    return (found[1], int(found[2] or 0)) if found else None


def turned(rows: list[day_plan.Row], verb: str, place: int) -> list[day_plan.Row]:
    """The rows after a row button."""
    if verb == "add":
        return day_plan.add(rows) if len(rows) < MOST_PARTS else rows
    if verb == "show":
        return rows
    if verb == "remove":
        return day_plan.remove(rows, place)
    return day_plan.move(rows, place, -1 if verb == "up" else 1)
