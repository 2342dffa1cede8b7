"""The kinds of notice about issues: what is owed when, whether it still holds, how it reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from issues.notices import due, holds
from issues.notices.words import CONFIRM, RENDER, UPDATE
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


def register_all() -> None:
    """Called once when the app is ready."""
    from issues.views import links

    for name, label in LABELS.items():
        still = holds.answered if name in AT_ONCE else getattr(holds, name)
        owed = None if name in AT_ONCE else getattr(due, name)
        at_once, before = name in AT_ONCE, name == "target"
        words = RENDER[name]
        register.add(Kind(f"issues.{name}", label, words, still, owed, at_once, before=before))  # type: ignore[arg-type]
    register_purpose(Purpose(UPDATE, links.update))
    register_purpose(Purpose(CONFIRM, links.confirm, private=True))
