"""The planner: a season in, a proven plan out. Pure Python data on both sides; nothing here knows Django.

``solve``, ``repair``, ``alternatives`` and ``fitting`` are loaded when they are first asked for: the solvers cost every
web process 60 MB that only workers need. (The last two need numpy only; repairs load SciPy.)
"""

from importlib import import_module
from typing import TYPE_CHECKING

from shadowing.planner.problem import (
    Alternative,
    Executive,
    Host,
    LeftOut,
    Locked,
    Move,
    Placed,
    Problem,
    Progress,
    Reason,
    Repair,
    Rules,
    Site,
    Solution,
    Standing,
    Team,
    Weights,
)

if TYPE_CHECKING:
    from shadowing.planner.places import alternatives, fitting
    from shadowing.planner.repairing import repair
    from shadowing.planner.solver import solve

__all__ = [
    "Alternative",
    "Executive",
    "Host",
    "LeftOut",
    "Locked",
    "Move",
    "Placed",
    "Problem",
    "Progress",
    "Reason",
    "Repair",
    "Rules",
    "Site",
    "Solution",
    "Standing",
    "Team",
    "Weights",
    "alternatives",
    "fitting",
    "repair",
    "solve",
]
# no module is named as its function
LATE = {"solve": "solver", "repair": "repairing", "alternatives": "places", "fitting": "places"}


def __getattr__(name: str) -> object:
    if name in LATE:
        return getattr(import_module(f"{__name__}.{LATE[name]}"), name)
    raise AttributeError(name)
