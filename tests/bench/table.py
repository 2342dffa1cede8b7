"""What was measured: one row each, printed as it comes and kept in ``var/bench.json``."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HEAD = f"{'what':44} {'at':>9} {'ours':>12} {'reference':>12} {'ratio':>7} {'budget':>9}"


@dataclass(frozen=True)
class Row:
    """``limit`` bounds the ratio where there is a reference, else the figure itself; from below with ``least``.

    ``doubts`` are further budgets this row broke (queries, bytes, status); ``note`` is for the reader."""

    part: str
    what: str
    at: str
    ours: float | None
    unit: str = "ms"
    reference: float | None = None
    limit: float | None = None
    least: bool = False
    doubts: tuple[str, ...] = ()
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the reference; None without one."""
        return self.ours / self.reference if self.ours is not None and self.reference else None

    @property
    def passed(self) -> bool | None:
        """None for a figure that has no budget."""
        if self.ours is None or self.doubts:
            return False
        if self.limit is None:
            return None
        figure = self.ours if self.reference is None else self.ratio
        if figure is None:
            return False
        return figure >= self.limit if self.least else figure <= self.limit

    @property
    def verdict(self) -> str:
        return {True: "PASS", False: "FAIL", None: ""}[self.passed]

    def __str__(self) -> str:
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
        cells = [f"{self.what[:44]:44}", f"{self.at:>9}", f"{self._with_unit(self.ours):>12}"]
        cells += [f"{self._with_unit(self.reference):>12}", f"{ratio:>7}", f"{self._budget():>9}", f"{self.verdict:4}"]
        return " ".join([*cells, "; ".join([*self.doubts, *([self.note] if self.note else [])])]).rstrip()

    def _with_unit(self, figure: float | None) -> str:
        return "" if figure is None else f"{amount(figure)} {self.unit}".rstrip()

    def _budget(self) -> str:
        if self.limit is None:
            return ""
        unit = "×" if self.reference is not None else self.unit
        return f"{'≥' if self.least else '≤'} {amount(self.limit)} {unit}".rstrip()


def amount(figure: float) -> str:
    """A number with as many digits as it deserves."""
    if abs(figure) >= 1000:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if abs(figure) >= 100 else f"{figure:.3g}"


class Table:
    """The rows so far."""

    def __init__(self, say: Callable[[str], None] = print) -> None:
        self.rows: list[Row] = []
        self._say = say

    def head(self, title: str) -> None:
        self._say(f"\n{title}\n{HEAD}")

    def add(self, row: Row) -> Row:
        """Keep a row and print it."""
        self.rows.append(row)
        self._say(str(row))
        return row

    @contextlib.contextmanager
    def guarded(self, part: str, what: str, at: str = "") -> Iterator[None]:
        """A row that cannot be measured is a failed one; the others go on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - shown and counted
            words = f"{type(error).__name__}: {error}".splitlines()[0][:160]
            self.add(Row(part, what, at, None, doubts=(words,)))
            self._say(traceback.format_exc())

    @property
    def failed(self) -> list[Row]:
        return [row for row in self.rows if row.passed is False]

    def save(self, path: Path, *, now: datetime) -> None:
        """Write the rows; those of parts that were not measured this time stay as they were."""
        measured = {row.part for row in self.rows}
        old = json.loads(path.read_text())["rows"] if path.exists() else []
        kept = [row for row in old if row["part"] not in measured]
        rows = kept + [as_dict(row) | {"measured_at": now.astimezone(UTC).isoformat()} for row in self.rows]
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1, ensure_ascii=False) + "\n")


def as_dict(row: Row) -> dict[str, Any]:
    return asdict(row) | {"ratio": row.ratio, "verdict": row.verdict}
