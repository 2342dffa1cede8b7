"""Issues: what executives took away, their clocks, updates and history."""

from issues.models.history import EventKind, IssueEvent, IssueUpdate, TakeAwayWaiver
from issues.models.issues import CLOSED, NEXT, OPEN, WORKED_ON, Category, Issue, IssueState

__all__ = [
    "CLOSED",
    "NEXT",
    "OPEN",
    "WORKED_ON",
    "Category",
    "EventKind",
    "Issue",
    "IssueEvent",
    "IssueState",
    "IssueUpdate",
    "TakeAwayWaiver",
]
