"""How every state looks: word, colour, icon. Colour never speaks alone, so the three always come together."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Look(NamedTuple):
    """``tone`` is a colour of tokens.css, ``icon`` a lucide name; a trailing ``!`` fills it."""

    word: str | Promise
    tone: str
    icon: str


VISIT = {
    "proposed": Look(_("Proposed"), "rest", "circle-dashed"),
    "invited": Look(_("Invited"), "wait", "mail"),
    "confirmed": Look(pgettext_lazy("visit", "Confirmed"), "ok", "circle-check"),
    "held": Look(_("Held"), "ok", "circle-check!"),
    "declined": Look(_("Declined"), "stop", "circle-x"),
    "cancelled": Look(_("Cancelled"), "rest", "circle-minus"),
    "no_show": Look(_("No-show"), "stop", "user-x"),
}
ISSUE = {
    "open": Look(_("Open"), "wait", "circle"),
    "in_progress": Look(_("In progress"), "brand", "contrast!"),
    "delivered": Look(_("Delivered"), "warn", "package"),
    "confirmed": Look(pgettext_lazy("issue", "Confirmed"), "ok", "message-square-check"),
    "confirmed_by_coordinator": Look(_("Confirmed by coordinator"), "rest", "message-square-check"),
    "reopened": Look(_("Reopened"), "stop", "rotate-ccw"),
    "on_hold": Look(_("On hold"), "rest", "circle-pause"),
    "withdrawn": Look(_("Withdrawn"), "rest", "circle-minus"),
    "merged": Look(_("Merged"), "rest", "merge"),
}
CONFLICT = {
    "blocks": Look(_("Blocks"), "stop", "octagon-alert"),
    "warns": Look(_("Warns"), "warn", "triangle-alert"),
    "acknowledged": Look(_("Acknowledged"), "rest", "check"),
    "locked": Look(_("Locked"), "plain", "lock"),
}
PLAN = {
    "proven": Look(_("Proven"), "brand", "badge-check"),
    "best": Look(_("Best so far"), "wait", "hourglass"),
    "running": Look(_("Solving"), "wait", "hourglass"),
    "failed": Look(pgettext_lazy("plan", "Failed"), "stop", "octagon-alert"),
}
SEASON = {
    "draft": Look(_("Draft"), "rest", "circle-dashed"),
    "collecting": Look(_("Collecting"), "wait", "inbox"),
    "planned": Look(_("Planned"), "brand", "calendar"),
    "published": Look(_("Published"), "ok", "circle-check"),
    "closed": Look(_("Closed"), "rest", "circle-minus"),
}
OUTBOX = {
    "queued": Look(_("Queued"), "wait", "hourglass"),
    "sending": Look(_("Sending"), "wait", "send"),
    "sent": Look(_("Sent"), "ok", "check"),
    "failed": Look(pgettext_lazy("message", "Failed"), "stop", "octagon-alert"),
    "held": Look(_("Held back"), "rest", "circle-pause"),
    "cancelled": Look(pgettext_lazy("message", "Cancelled"), "rest", "circle-minus"),
}
QUESTIONNAIRE = {
    "draft": Look(_("Draft"), "rest", "circle-dashed"),
    "published": Look(_("Published"), "ok", "circle-check"),
    "retired": Look(_("Retired"), "rest", "circle-minus"),
}
KINDS = {
    "visit": VISIT, "issue": ISSUE, "conflict": CONFLICT, "plan": PLAN, "season": SEASON, "outbox": OUTBOX,
    "questionnaire": QUESTIONNAIRE,
}  # fmt: skip


def look_of(kind: str, state: object) -> Look:
    """The look of ``state``; hyphens and underscores are the same. An unknown one is shown as it is written."""
    name = str(state).replace("-", "_").lower()
    return KINDS[kind].get(name) or Look(str(state), "rest", "circle")
