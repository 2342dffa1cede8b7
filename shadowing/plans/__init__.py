"""Plans of a season: asking for one, solving it, storing the result, using it."""

from shadowing.plans import what_if
from shadowing.plans.adopting import adopt_plan
from shadowing.plans.asking import ask_other_days
from shadowing.plans.build import build_problem
from shadowing.plans.errors import NoLongerFits, StillSolving
from shadowing.plans.running import ask_plan, give_up_silent, run_plan, solve_season, stop_plan
from shadowing.plans.taking_over import take_over

__all__ = [
    "NoLongerFits",
    "StillSolving",
    "adopt_plan",
    "ask_other_days",
    "ask_plan",
    "build_problem",
    "give_up_silent",
    "run_plan",
    "solve_season",
    "stop_plan",
    "take_over",
    "what_if",
]
