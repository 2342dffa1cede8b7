"""Rounds from plan to close: who is asked, in which cells, under which promise.

Nobody is told by a signal that a visit was held: the sweep finds held visits whose people have no invitation yet, so a
missed hour heals by itself.
"""

from surveys.rounds.cells import pooled_sites
from surveys.rounds.closing import close_due_rounds, close_round, extend_round
from surveys.rounds.inviting import invite_visitors
from surveys.rounds.opening import AUTOMATIC, open_due_rounds, open_hosting_round, open_round
from surveys.rounds.planning import RoundPlan, change_round, delete_round, plan_round
from surveys.rounds.raising import raise_thresholds
from surveys.rounds.rights import may_manage

__all__ = [
    "AUTOMATIC",
    "RoundPlan",
    "change_round",
    "close_due_rounds",
    "close_round",
    "delete_round",
    "extend_round",
    "invite_visitors",
    "may_manage",
    "open_due_rounds",
    "open_hosting_round",
    "open_round",
    "plan_round",
    "pooled_sites",
    "raise_thresholds",
]
