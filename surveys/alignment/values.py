"""A coded figure as a number that may be compared, and the gap between two of them. Pure.

Everything is made of what readers see already (quality.md's coding). Exact means never get here, so that no gap, no theme and
no difference between two seasons can undo the coding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from surveys.coding import Coded
from surveys.models import QuestionType

MINUS, NBSP = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
APART, FAR = 1 / 8, 1 / 4  # shares of the whole scale: half a point and one point of 1 to 5


@dataclass(frozen=True)
class Scale:
    """The ends of a scale and how many decimals an average over several questions gets."""

    low: int
    high: int
    decimals: int

    @property
    def span(self) -> int:
        return self.high - self.low


SCALES = {
    QuestionType.SCALE_5: Scale(1, 5, 1),
    QuestionType.SCALE_10: Scale(0, 10, 1),
    QuestionType.YES_NO: Scale(0, 100, 0),
}


@dataclass(frozen=True)
class Value:
    """A number as it is shown. ``more``: it stands for this much or more ("≥"); ``less``: or less."""

    number: float
    more: bool = False
    less: bool = False

    @property
    def about(self) -> bool:
        return self.more and self.less

    @property
    def exact(self) -> bool:
        return not (self.more or self.less)

    @property
    def text(self) -> str:
        """ "2.5", "≥ 4.5", "≤ −1", or "about 0"."""
        shown = f"{abs(self.number):.2f}".rstrip("0").rstrip(".")
        shown = f"{MINUS}{shown}" if self.number < 0 and shown != "0" else shown
        if self.about:
            return _("about %(number)s") % {"number": shown}
        sign = "≥" if self.more else "≤" if self.less else ""
        return f"{sign}{NBSP}{shown}" if sign else shown

    @property
    def plain(self) -> float | int:
        """For exports: the number that the words say."""
        return int(self.number) if self.number == int(self.number) else round(self.number, 2)


def value_of(coded: Coded) -> Value:
    """The number in a coded figure that has one."""
    return Value(float(coded.value or 0), more=coded.text.startswith("≥"), less=coded.text.startswith("≤"))


def difference(before: Value, now: Value) -> str:
    """How a figure moved between two moments, both as shown; only the direction where one of them is an end."""
    moved = round(now.number - before.number, 2)
    if moved == 0:
        return _("same")
    if not (before.exact and now.exact):
        return _("higher") if moved > 0 else _("lower")
    by = {"by": Value(abs(moved)).text}
    return _("%(by)s higher") % by if moved > 0 else _("%(by)s lower") % by


def gap_between(executives: Value, front_line: Value) -> Value:
    """Executives' figure minus the front line's, both as shown. It can be larger than that where executives' is "at least"
    or the front line's "at most", and smaller the other way round."""
    number = round(executives.number - front_line.number, 2)
    return Value(number, more=executives.more or front_line.less, less=executives.less or front_line.more)


def average(values: Sequence[Value], scale: Scale) -> Value:
    """The average of figures as shown, each question counting once."""
    number = round(sum(value.number for value in values) / len(values), scale.decimals)
    return Value(number, more=any(value.more for value in values), less=any(value.less for value in values))


def band(gap: Value, scale: Scale) -> int:
    """0: much the same; 1: apart; 2: far apart. Negative where the front line's figure is the higher one."""
    share = abs(gap.number) / scale.span
    size = 2 if share >= FAR else 1 if share >= APART else 0
    return size if gap.number >= 0 else -size
