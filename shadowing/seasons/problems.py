"""What is wrong with a season, each with the path of the value it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import capfirst

from people.errors import Refused


@dataclass(frozen=True)
class Problem:
    """``path`` names the value as in the file, like ``sites[0].time_zone``; ``text`` says what to put right."""

    path: str
    text: str

    @property
    def sentence(self) -> str:
        """The text by itself, as a form says it beside its field."""
        return capfirst(self.text) + ("" if self.text.endswith((".", "?")) else ".")

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


class SeasonRefused(Refused):
    """A season was not saved; nothing was changed. Holds every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)
