"""What a solve takes for granted, season aside (``Plan.what_if``).

``{"rules": {field: value}, "weights": {term: number}, "places": [{"site": slug, "date": iso date or null, "more": n}],
"changes": [...]}``, every part optional. ``rules`` are fields of Season: host_min_tenure_months, other_business_unit,
shared_language, no_repeat_seasons, days_between_host_visits. ``places`` gives a site so many more (or fewer) visits on a
day, or on each of its open days. ``changes`` are those of a remedy, as planner/remedies.py describes them.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from shadowing.models import Season
from shadowing.planner.changes import applied
from shadowing.planner.problem import Problem

RULES = (
    "host_min_tenure_months", "other_business_unit", "shared_language", "no_repeat_seasons", "days_between_host_visits",
)  # fmt: skip


def assumed(season: Season, what_if: Mapping[str, Any]) -> Season:
    """The season under other rules and weights: a copy that is never saved."""
    rules = {name: value for name, value in what_if.get("rules", {}).items() if name in RULES}
    season = copy.copy(season)
    season.weights = season.weights | dict(what_if.get("weights", {}))
    for name, value in rules.items():
        setattr(season, name, value)
    return season


def with_changes(problem: Problem, what_if: Mapping[str, Any]) -> Problem:
    """The problem with more places and the changes of remedies."""
    return applied(problem, in_order(what_if))


def in_order(what_if: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The places, then the changes of remedies."""
    return [*({"kind": "places", **one} for one in what_if.get("places", ())), *what_if.get("changes", ())]


def assumed_places(what_if: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The changes of places alone."""
    return [change for change in in_order(what_if) if change.get("kind") == "places"]
