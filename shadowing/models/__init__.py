"""Seasons, who takes part in them, plans, visits and what happens on their days."""

from shadowing.models.floor import FloorNote, NoteKind, VisitDay
from shadowing.models.people import SeasonExecutive, SeasonHost, UnavailableDay, UnavailableSource, Willing
from shadowing.models.plans import PairRule, Plan, PlanLeftOut, PlanPair, PlanState
from shadowing.models.regroup import OUTCOMES, PRESENT, GroupOutcome, RegroupGroup, RegroupNote
from shadowing.models.seasons import ExecutivesFrom, HostsFrom, Program, Season, SeasonSite, SeasonState
from shadowing.models.visits import (
    ENDED,
    LIVE,
    NEXT,
    Acknowledgement,
    Answer,
    CalendarFeed,
    Visit,
    VisitEvent,
    VisitState,
)

__all__ = [
    "ENDED",
    "LIVE",
    "NEXT",
    "OUTCOMES",
    "PRESENT",
    "Acknowledgement",
    "Answer",
    "CalendarFeed",
    "ExecutivesFrom",
    "FloorNote",
    "GroupOutcome",
    "HostsFrom",
    "NoteKind",
    "PairRule",
    "Plan",
    "PlanLeftOut",
    "PlanPair",
    "PlanState",
    "Program",
    "RegroupGroup",
    "RegroupNote",
    "Season",
    "SeasonExecutive",
    "SeasonHost",
    "SeasonSite",
    "SeasonState",
    "UnavailableDay",
    "UnavailableSource",
    "Visit",
    "VisitDay",
    "VisitEvent",
    "VisitState",
    "Willing",
]
