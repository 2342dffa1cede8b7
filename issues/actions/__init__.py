"""Every change to an issue, one function per verb: lock, right, state, write, event and messages in one transaction."""

from issues.actions.take_away import take_away, waive_take_away
from issues.actions.word import confirm, host_write, merge, not_yet, withdraw
from issues.actions.work import change_details, deliver, hold, post_update, resume, start

__all__ = [
    "change_details",
    "confirm",
    "deliver",
    "hold",
    "host_write",
    "merge",
    "not_yet",
    "post_update",
    "resume",
    "start",
    "take_away",
    "waive_take_away",
    "withdraw",
]
