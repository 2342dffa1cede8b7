"""The planner: a season in, a proven plan out. Pure Python data on both sides; nothing here knows Django.

``solve`` is loaded when it is first asked for: its solvers cost every web process 60 MB that only workers need.
"""

from typing import TYPE_CHECKING

from shadowing.planner.problem import (
    Executive,
    Host,
    LeftOut,
    Locked,
    Placed,
    Problem,
    Progress,
    Reason,
    Rules,
    Site,
    Solution,
    Team,
    Weights,
)

if TYPE_CHECKING:
    from shadowing.planner.solver import solve

__all__ = [
    "Executive",
    "Host",
    "LeftOut",
    "Locked",
    "Placed",
    "Problem",
    "Progress",
    "Reason",
    "Rules",
    "Site",
    "Solution",
    "Team",
    "Weights",
    "solve",
]


def __getattr__(name: str) -> object:
    if name == "solve":
        from shadowing.planner.solver import solve

        return solve
    raise AttributeError(name)
