"""Every change to an issue, one function per verb: lock, right, state, write, event and messages in one transaction."""

from issues.actions.bulk import plan_update, set_category
from issues.actions.checks import answer_check
from issues.actions.counterparts import (
    accept_counterpart,
    ask_counterpart,
    decline_counterpart,
    end_counterpart,
    leave_counterpart,
)
from issues.actions.handover import accept_handover, decline_handover, offer_handover, take_back_offer
from issues.actions.regroup import raise_from_group
from issues.actions.reminding import remind, remind_owners
from issues.actions.snooze import snooze
from issues.actions.take_away import take_away, waive_take_away
from issues.actions.transfer import hand_back, transfer_issue, transfer_leavers_issues
from issues.actions.watching import unwatch, watch
from issues.actions.word import ask_withdrawal, confirm, host_write, merge, not_yet, refuse_withdrawal, withdraw
from issues.actions.work import change_details, deliver, hold, post_update, resume, start

__all__ = [
    "accept_counterpart",
    "accept_handover",
    "answer_check",
    "ask_counterpart",
    "ask_withdrawal",
    "change_details",
    "confirm",
    "decline_counterpart",
    "decline_handover",
    "deliver",
    "end_counterpart",
    "hand_back",
    "hold",
    "host_write",
    "leave_counterpart",
    "merge",
    "not_yet",
    "offer_handover",
    "plan_update",
    "post_update",
    "raise_from_group",
    "refuse_withdrawal",
    "remind",
    "remind_owners",
    "resume",
    "set_category",
    "snooze",
    "start",
    "take_away",
    "take_back_offer",
    "transfer_issue",
    "transfer_leavers_issues",
    "unwatch",
    "waive_take_away",
    "watch",
    "withdraw",
]
