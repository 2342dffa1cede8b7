"""What waits for an admin besides the coordinator's day: messages that could not be sent."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from floorprogram.home.parts import Home, Moment, Task, link
from notifications.models import Message, MessageState

SOME = 1000


def fill(home: Home, moment: Moment) -> None:
    """One task while messages are parked as failed. One query."""
    failed = Message.objects.visible_to(moment.user).filter(state=MessageState.FAILED)[:SOME].count()
    if not failed:
        return
    words = ngettext("%(count)d message could not be sent", "%(count)d messages could not be sent", failed)
    home.tasks.append(
        Task(
            icon="send",
            tone="stop",
            title=words % {"count": failed},
            detail=_("Nothing is lost: each one can be sent again from the outbox."),
            button=_("Open the outbox"),
            url=link("notifications:outbox", state="failed"),
            expires=moment.today,
        )
    )
