"""What the forms of all steps have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from people.models import User
from shadowing.models import Season
from shadowing.seasons.problems import Problem


class StepForm(forms.Form):
    """Shape only: dates, numbers, lines. What a season may be is decided by ``read_spec`` and ``apply_season``.

    ``KEYS`` are the keys of the season file that the step writes; ``seen`` is their stamp when the page was made.
    """

    KEYS: ClassVar[frozenset[str]] = frozenset()
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, season: Season, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.season, self.user = season, user
        self.build()
        self.initial = {**self.stored(), **self.initial}

    @property
    def is_new(self) -> bool:
        """Whether the season is still to be made."""
        return self.season._state.adding

    def build(self) -> None:
        """Add the fields that depend on the season."""

    def stored(self) -> dict[str, Any]:
        """What the form shows first: the season as it is."""
        return {}

    def part(self) -> dict[str, Any]:
        """What was filled in, as the season file has it."""
        raise NotImplementedError

    def given(self) -> dict[str, Any]:
        """What the form says as far as it can be read; before it is sent, what it shows."""
        if not self.is_bound:
            return dict(self.initial)
        self.is_valid()
        return self.cleaned_data

    def context(self) -> dict[str, Any]:
        """What else the step's page shows."""
        return {}

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside the field it is about; those about none stand above the form."""
        for problem in problems:
            field = self.field_of(problem.path)
            self.add_error(field if field in self.fields else None, problem.sentence)

    def field_of(self, path: str) -> str | None:
        """The field a path of the season file came from."""
        return path.partition("[")[0].rpartition(".")[2]


class Lines(forms.CharField):
    """A few lines of text; fields of this kind are never required."""

    def __init__(self, rows: int = 3, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **options)


class DayField(forms.DateField):
    """A date as the browser's own calendar gives it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def lines_of(text: str) -> list[str]:
    """Lines that are not blank, trimmed."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def words_of(text: str) -> list[str]:
    """Words between blanks, commas and "and"."""
    return [word for word in re.split(r"[\s,;]+", text) if word and word != "and"]


def number(word: str) -> int | str:
    """A whole number where the word is one; else the word, for the check of the file to refuse."""
    return int(word) if re.fullmatch(r"-?\d{1,6}", word) else word
