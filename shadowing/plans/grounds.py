"""What a plan was made with: the season's rules and weights at the moment of the solve, what-if included.

Kept with the plan (``Plan.made_with``), because a season can be changed afterwards: an old plan is explained by what it
was made with. ``{"starts_on": iso date, "rules": {field: value}, "weights": {term: number}}``; empty in plans made before
this was kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shadowing.models import Plan, Season
from shadowing.planner.problem import Problem
from shadowing.plans.assumptions import RULES, assumed
from shadowing.plans.build import WEIGHTS
from shadowing.plans.what_if import RULE_WORDS, WEIGHT_WORDS, shown


def made_with(season: Season, what_if: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """The rules and weights of a problem that was built from the season, as they are kept. What the problem says wins
    over the season: a remedy may have shortened the rest."""
    rules = {name: getattr(assumed(season, what_if), name) for name in RULES}
    asked = asdict(problem.rules)
    return {
        "starts_on": problem.rules.starts_on.isoformat(),
        "rules": {name: asked.get(name, value) for name, value in rules.items()},
        "weights": asdict(problem.weights),
    }


def weights_of(plan: Plan) -> dict[str, float]:
    """The weights the plan was made with; of plans that keep none, the season's with what was taken for granted."""
    kept = plan.made_with.get("weights", plan.season.weights | plan.what_if.get("weights", {}))
    return {name: float(kept.get(name, 1)) for name in WEIGHTS}


def starts_on(plan: Plan) -> date:
    """The first day of the season as the plan knew it: tenure is counted up to there."""
    kept = plan.made_with.get("starts_on")
    return date.fromisoformat(kept) if kept else plan.season.starts_on


@dataclass(frozen=True)
class Ground:
    """One rule or weight a plan was made with, in words; ``now`` is what the season says where that is something else."""

    name: str | Promise
    value: str
    now: str = ""


def grounds(plan: Plan, season: Season) -> list[Ground]:
    """Every rule and weight of the plan beside the season's; nothing for plans that keep none."""
    return [
        Ground(name, shown(value), shown(now) if now != value else "")
        for name, value, now in ((name, value, said_by(season, key)) for key, name, value in kept_by(plan))
    ]


def changed_since(plan: Plan, season: Season) -> bool:
    """Whether the season has other rules or weights by now. Never for a what-if: it is another season by intent."""
    return not plan.what_if and any(one.now for one in grounds(plan, season))


@dataclass(frozen=True)
class Difference:
    """A rule or weight in which two plans differ."""

    name: str | Promise
    one: str
    other: str
    is_weight: bool = False


def differences(one: Plan, other: Plan) -> list[Difference] | None:
    """The rules and weights in which two plans differ; None where one of them keeps none."""
    if not one.made_with or not other.made_with:
        return None
    values = {key: value for key, _name, value in kept_by(other)}
    return [
        Difference(name, shown(value), shown(values[key]) if key in values else _("not kept"), key in WEIGHT_WORDS)
        for key, name, value in kept_by(one)
        if values.get(key) != value
    ]


def kept_by(plan: Plan) -> Iterator[tuple[str, str | Promise, Any]]:
    """Key, name and value of everything the plan was made with. Weights are numbers with a point, rules are not."""
    for part, words in (("rules", RULE_WORDS), ("weights", WEIGHT_WORDS)):
        for key, name in words.items():
            if key in plan.made_with.get(part, {}):
                yield key, name, plan.made_with[part][key]


def said_by(season: Season, key: str) -> Any:
    """What the season says of a rule or weight."""
    return float(season.weights.get(key, 1)) if key in WEIGHT_WORDS else getattr(season, key)
