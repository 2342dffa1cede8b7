"""Seasons, who takes part in them, plans, visits and what happens on their days."""

from shadowing.models.floor import FloorNote, NoteKind, VisitDay
from shadowing.models.people import SeasonExecutive, SeasonHost, UnavailableDay, Willing
from shadowing.models.plans import PairRule, Plan, PlanLeftOut, PlanPair, PlanState
from shadowing.models.seasons import Program, Season, SeasonSite, SeasonState
from shadowing.models.visits import ENDED, LIVE, NEXT, Answer, CalendarFeed, Visit, VisitEvent, VisitState

__all__ = [
    "ENDED",
    "LIVE",
    "NEXT",
    "Answer",
    "CalendarFeed",
    "FloorNote",
    "NoteKind",
    "PairRule",
    "Plan",
    "PlanLeftOut",
    "PlanPair",
    "PlanState",
    "Program",
    "Season",
    "SeasonExecutive",
    "SeasonHost",
    "SeasonSite",
    "SeasonState",
    "UnavailableDay",
    "Visit",
    "VisitDay",
    "VisitEvent",
    "VisitState",
    "Willing",
]
