"""How small results are shown, so that no figure tells one person's answer (quality.md, Survey release rule).

An end of a scale of shares always covers at least two people who answered otherwise: else the one who did would know that
everybody else agreed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

SMALL, MEDIUM = 20, 50  # answers from which figures get finer
HISTOGRAM_FROM = 10
OPEN_FROM = 30  # answers from which anything is shown while a round is open


class Precision(Enum):
    """How fine a figure may be."""

    OPEN = "open"  # while more releases may follow: steps so wide that small differences drown in them
    COARSE = "coarse"  # of one cell among several: no parts
    EXACT = "exact"  # of a settled round as a whole: parts from twenty answers on
    PLAIN = "plain"  # of a named round: everything


@dataclass(frozen=True)
class Coded:
    """A figure as everybody sees it. ``numerator`` and ``denominator`` only where they may be told. ``value`` is the number in
    ``text`` (per cent or points), for charts and gaps: at an end it is the end."""

    text: str
    answers: str
    numerator: int | None = None
    denominator: int | None = None
    value: float | None = None


def coded_count(answers: int, precision: Precision = Precision.EXACT) -> str:
    """The number of answers: "5+" under 10, "10+" under 20, then the number."""
    if answers >= SMALL or precision is Precision.PLAIN:
        return str(answers)
    return "10+" if answers >= 10 else "5+"


def coded_share(answers: int, yes: float, precision: Precision = Precision.EXACT) -> Coded:
    """The share of yes among ``answers`` (> 0).

    Exact, from 20 answers on: the whole per cent with its parts. Else steps of 10 %; of 20 % while the round is open and for
    one of several cells under 50. Near all and near none only the end is said: 95 % (exact and from 40 answers), 90 % (from
    14 where steps are 10 %) or 80 %, and 5, 10 or 20 %."""
    share, shown = yes / answers, coded_count(answers, precision)
    if precision is Precision.PLAIN:
        return Coded(_per_cent(share), shown, int(yes), answers, round(share * 100))
    fine = precision is Precision.EXACT and answers >= SMALL
    end = _end(answers, precision)
    per_cent = yes * 100 / answers if fine else stepped(answers, yes, _step(answers, precision))
    if per_cent >= 100 - end:
        return Coded(f"≥\u00a0{100 - end}\u00a0%", shown, value=100 - end)
    if per_cent <= end:
        return Coded(f"≤\u00a0{end}\u00a0%", shown, value=end)
    if fine:
        return Coded(_per_cent(share), shown, int(yes), answers, round(share * 100))
    return Coded(_per_cent(per_cent / 100), shown, value=per_cent)


def stepped(answers: int, chosen: float, step: int) -> int:
    """A share in steps of so many per cent. Halves go to the nearer end, so that opposite steps hold as many counts."""
    if 2 * chosen > answers:
        return 100 - stepped(answers, answers - chosen, step)
    return max(math.ceil(chosen * 100 / answers / step - 0.5), 0) * step


def _step(answers: int, precision: Precision) -> int:
    if precision is Precision.PLAIN:
        return 1
    wide = precision is Precision.OPEN or (precision is Precision.COARSE and answers < MEDIUM)
    return 20 if wide else 10


def _end(answers: int, precision: Precision) -> int:
    if precision is Precision.EXACT and answers >= 40:
        return 5
    return 10 if answers >= 14 and _step(answers, precision) == 10 else 20


def _per_cent(share: float) -> str:
    return f"{round(share * 100)}\u00a0%"


def coded_mean(
    answers: int, total: float, *, low: int = 1, high: int = 5, precision: Precision = Precision.EXACT
) -> Coded:
    """The mean of ``answers`` (> 0) points on a scale from ``low`` to ``high``, in steps of 0.5 under 20 answers and while the
    round is open, 0.25 under 50, else 0.1; within half a point of an end it is only said to be there."""
    shown = coded_count(answers, precision)
    step = 0.5 if answers < SMALL or precision is Precision.OPEN else 0.25 if answers < MEDIUM else 0.1
    if precision is Precision.PLAIN:
        mean = round(total / answers, 2)
        return Coded(f"{mean:.2f}", shown, value=mean)
    mean = round(round(total / answers / step) * step, 2)
    if mean <= low + 0.5:
        return Coded(f"≤\u00a0{low + 0.5}", shown, value=low + 0.5)
    if mean >= high - 0.5:
        return Coded(f"≥\u00a0{high - 0.5}", shown, value=high - 0.5)
    return Coded(f"{mean:.2f}".rstrip("0").rstrip("."), shown, value=mean)


def coded_bar(answers: int, chosen: int, precision: Precision = Precision.EXACT) -> int:
    """One bar of a distribution in whole per cent, in the steps of shares."""
    return stepped(answers, chosen, _step(answers, precision))
