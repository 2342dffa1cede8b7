"""Of several notices about one issue to one person, which leads: somebody's own words and questions before clocks."""

from __future__ import annotations

ORDER = (
    "not_yet", "holds_no_more", "host_wrote", "withdrawal_refused", "handed_back", "confirm_asked", "holds_check",
    "handover_asked", "counterpart_asked", "withdrawal_asked", "transferred", "handover_answered",
    "counterpart_answered", "reminded", "update_due", "word_due", "target", "new_owner", "moved",
)  # fmt: skip
URGENCY = {name: len(ORDER) - place for place, name in enumerate(ORDER)}
