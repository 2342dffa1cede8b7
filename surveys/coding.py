"""How small results are shown, so that no figure tells one person's answer (quality.md, Survey release rule)."""

from __future__ import annotations

from dataclasses import dataclass

SMALL, MEDIUM = 20, 50  # answers from which figures get finer
HISTOGRAM_FROM = 10


@dataclass(frozen=True)
class Coded:
    """A figure as everybody sees it. ``numerator`` and ``denominator`` only where they may be told."""

    text: str
    answers: str
    numerator: int | None = None
    denominator: int | None = None


def coded_count(answers: int) -> str:
    """The number of answers: "5+" under 10, "10+" under 20, then the number."""
    if answers >= SMALL:
        return str(answers)
    return "10+" if answers >= 10 else "5+"


def coded_share(answers: int, yes: int) -> Coded:
    """The share of yes among ``answers`` (> 0).

    Under 20: steps of 10 %, the ends as "≤ 10 %" and "≥ 90 %". From 20: the whole per cent with its parts, but 95 % and
    more (5 % and less) as one figure without parts, or "all of them" would be readable."""
    share = yes / answers
    if answers < SMALL:
        tens = round(share * 10) * 10
        return Coded(_ends(tens, 10, 90), coded_count(answers))
    if share >= 0.95 or share <= 0.05:
        return Coded(_ends(round(share * 100), 5, 95), coded_count(answers))
    return Coded(f"{round(share * 100)}\u00a0%", coded_count(answers), yes, answers)


def _ends(per_cent: int, low: int, high: int) -> str:
    if per_cent <= low:
        return f"≤\u00a0{low}\u00a0%"
    return f"≥\u00a0{high}\u00a0%" if per_cent >= high else f"{per_cent}\u00a0%"


def coded_mean(answers: int, total: int, *, low: int = 1, high: int = 5) -> Coded:
    """The mean of ``answers`` (> 0) points on a scale from ``low`` to ``high``, in steps of 0.5 under 20 answers, 0.25 under
    50, else 0.1; within half a point of an end it is only said to be there."""
    step = 0.5 if answers < SMALL else 0.25 if answers < MEDIUM else 0.1
    mean = round(total / answers / step) * step
    if mean <= low + 0.5:
        return Coded(f"≤\u00a0{low + 0.5}", coded_count(answers))
    if mean >= high - 0.5:
        return Coded(f"≥\u00a0{high - 0.5}", coded_count(answers))
    return Coded(f"{mean:.2f}".rstrip("0").rstrip("."), coded_count(answers))
