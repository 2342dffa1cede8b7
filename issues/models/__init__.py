"""Issues: what executives took away, their clocks, updates and history."""

from issues.models.history import EventKind, IssueEvent, IssueUpdate, TakeAwayWaiver
from issues.models.issues import CLOSED, NEXT, OPEN, WORKED_ON, Category, Issue, IssueState
from issues.models.regroup import RegroupOrigin
from issues.models.sharing import (
    LIVE_COUNTERPART,
    Attachment,
    Counterpart,
    CounterpartState,
    Handover,
    HandoverState,
    HoldsCheck,
    IssueWatch,
    SavedView,
)
from issues.models.wall import WallLink

__all__ = [
    "CLOSED",
    "LIVE_COUNTERPART",
    "NEXT",
    "OPEN",
    "WORKED_ON",
    "Attachment",
    "Category",
    "Counterpart",
    "CounterpartState",
    "EventKind",
    "Handover",
    "HandoverState",
    "HoldsCheck",
    "Issue",
    "IssueEvent",
    "IssueState",
    "IssueUpdate",
    "IssueWatch",
    "RegroupOrigin",
    "SavedView",
    "TakeAwayWaiver",
    "WallLink",
]
