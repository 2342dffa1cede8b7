"""Every verb a visit knows, in one place to import from.

Lock order everywhere: visit day row, visit row, then people by ascending id (a season's row before all of them).
"""

from shadowing.visits.acknowledging import acknowledge
from shadowing.visits.answering import acknowledge_briefing, answer_invitation
from shadowing.visits.attendance import check_in, correct_attendance, mark_no_show
from shadowing.visits.booking import cancel_visit, invite, lock_pair, move_visit, propose_visit
from shadowing.visits.publishing import publish_season

__all__ = [
    "acknowledge",
    "acknowledge_briefing",
    "answer_invitation",
    "cancel_visit",
    "check_in",
    "correct_attendance",
    "invite",
    "lock_pair",
    "mark_no_show",
    "move_visit",
    "propose_visit",
    "publish_season",
]
