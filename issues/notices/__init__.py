"""The kinds of notice about issues: what is owed when, whether it still holds, how it reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from issues.notices import due, hands, hands_words, holds
from issues.notices.urgency import URGENCY
from issues.notices.words import CONFIRM, READ, RENDER, UPDATE
from notifications.kinds import Kind, register
from notifications.links import Purpose, register_purpose

LABELS = {
    "take_away_owed": _("take-away owed"),
    "update_due": _("update due"),
    "word_due": _("word to the host due"),
    "target": _("target date near or passed"),
    "confirm_asked": _("confirmation asked"),
    "moved": _("news for the host"),
    "not_yet": _("the host says not yet"),
    "host_wrote": _("the host wrote"),
}
AT_ONCE = {"not_yet", "host_wrote"}
# (label, whether it still holds, what is owed when): without the last it is told at once by what was done
HANDS = {
    "handover_asked": (_("asked to own it"), hands.still_offered, hands.handover_asked),
    "handover_answered": (_("answer about owning it"), holds.answered, None),
    "counterpart_asked": (_("asked to work on it too"), hands.still_asked, hands.counterpart_asked),
    "counterpart_answered": (_("a counterpart's answer"), holds.answered, None),
    "transferred": (_("moved to a new owner"), hands.still_moved, hands.transferred),
    "new_owner": (_("another owner, for the host"), hands.still_theirs, hands.new_owner),
    "handed_back": (_("handed back to the coordinator"), hands.still_handed_back, None),
    "holds_check": (_("does it still hold"), hands.still_to_check, hands.holds_check),
    "holds_no_more": (_("it holds no more"), holds.answered, None),
    "withdrawal_asked": (_("withdrawal asked for"), hands.still_to_withdraw, None),
    "withdrawal_refused": (_("it is not withdrawn"), holds.answered, None),
}


def register_all() -> None:
    """Called once when the app is ready."""
    from issues.views import asked, link_read, links

    for name, label in LABELS.items():
        still = holds.answered if name in AT_ONCE else getattr(holds, name)
        owed = None if name in AT_ONCE else getattr(due, name)
        at_once, before = name in AT_ONCE, name == "target"
        more = {"before": before, "urgency": URGENCY.get(name, 0)}
        register.add(Kind(f"issues.{name}", label, RENDER[name], still, owed, at_once, **more))  # type: ignore[arg-type]
    for name, (label, still, owed) in HANDS.items():
        more = {"immediate": owed is None, "urgency": URGENCY[name]}
        register.add(Kind(f"issues.{name}", label, hands_words.RENDER[name], still, owed, **more))  # type: ignore[arg-type]
    by_hand = _("asked where it stands"), hands_words.reminded, holds.reminded
    register.add(Kind("issues.reminded", *by_hand, urgency=URGENCY["reminded"]))  # type: ignore[arg-type]
    register_purpose(Purpose(hands_words.HANDOVER, asked.handover, private=True))
    register_purpose(Purpose(hands_words.COUNTERPART, asked.counterpart))
    register_purpose(Purpose(hands_words.CHECK, asked.check, private=True))
    register_purpose(Purpose(UPDATE, links.update))
    register_purpose(Purpose(READ, link_read.read))
    register_purpose(Purpose(CONFIRM, links.confirm, private=True))
