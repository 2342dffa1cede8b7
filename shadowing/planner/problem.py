"""What the planner is asked and what it answers: plain, frozen values without Django.

Scores are integers in thousandths of a point (``score=1250`` is 1.25); a Solution's objective and bound are in points.
Days are calendar dates at the site.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

Day = date  # for classes that have a field of that name


@dataclass(frozen=True)
class Executive:
    """Somebody who wants one visit. ``unit`` is a path from the root; None and empty sets mean "not known"."""

    key: str
    unit: tuple[str, ...] | None = None
    home_site: str | None = None
    languages: frozenset[str] = frozenset()
    unavailable: frozenset[date] = frozenset()
    preferred: frozenset[date] = frozenset()
    met: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Host:
    """Somebody who can be visited up to ``max_visits`` times in the season.

    ``visits`` are days already taken by visits outside this problem: they block the day, the rest days around it and
    count for the team's floor cover. ``season_visits`` of them belong to this season and count towards ``max_visits``
    and the load.
    """

    key: str
    site: str
    team: str | None = None
    unit: tuple[str, ...] | None = None
    hired_on: date | None = None
    languages: frozenset[str] = frozenset()
    unavailable: frozenset[date] = frozenset()
    max_visits: int = 1
    nominated: bool = False
    visits: tuple[date, ...] = ()
    season_visits: int = 0


@dataclass(frozen=True)
class Site:
    """Places a day on open days only, less the visits outside this problem."""

    slug: str
    capacity: Mapping[date, int]


@dataclass(frozen=True)
class Team:
    """``away_at_once``: how many hosts may have a visit on one day; None means any number."""

    key: str
    away_at_once: int | None = None


@dataclass(frozen=True)
class Rules:
    """The season's rules. A tenure of 0 months and rest of 0 days switch those rules off."""

    starts_on: date
    host_min_tenure_months: int = 0
    other_business_unit: bool = False
    shared_language: bool = False
    days_between_host_visits: int = 0


@dataclass(frozen=True)
class Weights:
    """How much each term counts; 1 is the default."""

    tenure: float = 1
    other_unit_distance: float = 1
    home_site: float = 1
    fair_load: float = 1


@dataclass(frozen=True)
class Locked:
    """A pair and its day that every plan must keep, whatever the rules say."""

    executive: str
    host: str
    date: date


@dataclass(frozen=True)
class Problem:
    """One season to plan. ``forbidden`` holds (executive key, host key) pairs."""

    executives: tuple[Executive, ...]
    hosts: tuple[Host, ...]
    sites: tuple[Site, ...]
    rules: Rules
    teams: tuple[Team, ...] = ()
    weights: Weights = Weights()
    locked: tuple[Locked, ...] = ()
    forbidden: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Placed:
    """One pair of the plan. ``score`` is the sum of ``terms``, all in thousandths."""

    executive: str
    host: str
    site: str
    date: date
    score: int
    terms: dict[str, int]


@dataclass(frozen=True)
class Reason:
    """Why somebody is left out: a code of reasons.py and the data its words need."""

    code: str
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class LeftOut:
    """An executive without a place."""

    executive: str
    reason: Reason


@dataclass(frozen=True)
class Progress:
    """Where a solve stands. ``fraction`` runs from 0 to 1; ``bound`` and ``objective`` in points, None if not known yet."""

    stage: str
    fraction: float
    placed: int = 0
    objective: float | None = None
    bound: float | None = None


@dataclass(frozen=True)
class Solution:
    """A plan with its proof: no plan can score above ``bound``. ``gap`` is (bound − objective) / sum of scores."""

    status: str
    pairs: tuple[Placed, ...]
    left_out: tuple[LeftOut, ...]
    objective: float
    bound: float
    gap: float
    seconds: float
    relied_on_unknown: dict[str, int]


@dataclass(frozen=True)
class Standing:
    """A visit that stands while a season is repaired. ``price`` in thousandths: what asking its two people again costs
    on top of what the scores lose; None: it stays where it is."""

    executive: str
    host: str
    date: date
    price: int | None = None


@dataclass(frozen=True)
class Move:
    """A standing visit that gets another day, another host, or both."""

    executive: str
    host: str
    date: date
    new_host: str
    new_date: Day


@dataclass(frozen=True)
class Alternative:
    """A place for one executive, and the visits that have to move for it.

    ``score`` is the pair's, ``worth`` the same less fair load and the prices of the moves, ``change`` what the objective
    changes by against today; all in thousandths."""

    host: str
    site: str
    date: date
    score: int
    worth: int
    change: int
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Repair:
    """Places found for executives who had none, the fewest moves that makes room for them, and who is still left out."""

    placed: tuple[Placed, ...]
    moves: tuple[Move, ...]
    left_out: tuple[LeftOut, ...]
    change: int
    seconds: float


Report = Callable[[Progress], bool]
OPTIMAL, FEASIBLE, CANCELLED = "optimal", "feasible", "cancelled"
