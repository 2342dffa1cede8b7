"""What is wrong with a definition, and where, in words fit for whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """``path`` leads to the field and counts from 1: ("questions", 4, "options", 2, "key")."""

    path: Path
    message: str

    @property
    def place(self) -> str:
        """ "questions 4, options 2, key"; the names are those of the file."""
        words: list[str] = []
        for step in self.path:
            if isinstance(step, int) and words:
                words[-1] += f" {step}"
            else:
                words.append(str(step))
        return ", ".join(words) or _("the file")

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"
