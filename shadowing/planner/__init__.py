"""The planner: a season in, a proven plan out. Pure Python data on both sides; nothing here knows Django."""

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
from shadowing.planner.solve import solve

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
