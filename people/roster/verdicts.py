"""What each line would do: add, change, leave or reject, with its reason; and the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from people.roster.entries import Remark


class Verdict(StrEnum):
    """What becomes of a line."""

    ADD = "add"
    CHANGE = "change"
    LEAVE = "leave"
    REJECT = "reject"


@dataclass(slots=True)
class Line:
    """One line's verdict. ``changes`` is field → [before, after] as text."""

    number: int
    verdict: Verdict
    name: str = ""
    key: str = ""
    column: str = ""
    reason: str = ""
    changes: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Report:
    """What a dry run found or an import did."""

    lines: list[Line] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    leavers: list[tuple[int, str, str]] = field(default_factory=list)  # id, name, key
    created: dict[str, list[str]] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Lines by verdict, and the leavers."""
        seen = Counter(line.verdict for line in self.lines)
        return {verdict.value: seen[verdict] for verdict in Verdict} | {
            "leavers": len(self.leavers),
            "warnings": len(self.warnings),
        }

    def as_json(self) -> dict[str, Any]:
        """The object that import_roster prints."""
        counts = self.counts()
        rejected = [line for line in self.lines if line.verdict == Verdict.REJECT]
        return {
            "added": counts["add"],
            "changed": counts["change"],
            "unchanged": counts["leave"],
            "leavers": counts["leavers"],
            "rejected": [{"line": line.number, "column": line.column, "reason": line.reason} for line in rejected],
            "warnings": [remark._asdict() for remark in self.warnings],
            "left": [{"name": name, "key": key} for _pk, name, key in self.leavers],
            "created": self.created,
        }

    def as_table(self) -> dict[str, Any]:
        """Everything the dry run's page shows, as JSON: counts, and rows of [line, verdict, name, key, column, words]."""
        rows: list[list[Any]] = []
        names = {line.number: line.name for line in self.lines}
        for line in self.lines:
            words = line.reason or "; ".join(change(name, *texts) for name, texts in line.changes.items())
            rows.append([line.number, line.verdict.value, line.name, line.key, line.column, words])
        rows += [
            [note.line, "warning", names.get(note.line, ""), "", note.column, note.reason] for note in self.warnings
        ]
        rows.sort(key=lambda row: row[0])
        rows += [[0, "leaver", name, key, "", ""] for _pk, name, key in self.leavers]
        return {"counts": self.counts(), "rows": rows, "created": self.created}


def change(name: str, before: str, after: str) -> str:
    """One difference in words: ``level: SCS1 → SCS2``."""
    return f"{name.replace('_', ' ')}: {before or '–'} → {after or '–'}"


def in_order(remarks: Iterable[Remark]) -> list[Remark]:
    """Remarks by line, each once."""
    return sorted(dict.fromkeys(remarks), key=lambda remark: (remark.line, remark.column))
