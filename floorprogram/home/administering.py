"""What waits for an admin besides the coordinator's day: what could not be sent, or is held back."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from floorprogram.home.parts import Home, Moment, Task, link
from notifications.models import Message, MessageState, WebhookDelivery

SOME = 1000


def fill(home: Home, moment: Moment) -> None:
    """A task each while messages are parked as failed or held back, or events of webhooks are parked. Two queries."""
    stuck = Message.objects.visible_to(moment.user).filter(state=MessageState.FAILED)
    stuck |= Message.objects.visible_to(moment.user).filter(state=MessageState.QUEUED, held_back=True)
    counts = Counter(stuck.order_by().values_list("state", flat=True)[:SOME])
    if failed := counts[MessageState.FAILED]:
        home.tasks.append(_failed(failed, moment))
    if held := counts[MessageState.QUEUED]:
        home.tasks.append(_held(held, moment))
    parked = WebhookDelivery.objects.filter(state=MessageState.FAILED)[:SOME].values_list("webhook", flat=True)
    if webhooks := list(parked):
        home.tasks.append(_parked(webhooks, moment))


def _failed(count: int, moment: Moment) -> Task:
    words = ngettext("%(count)d message could not be sent", "%(count)d messages could not be sent", count)
    detail = _("Nothing is lost: each one can be sent again from the outbox.")
    return _task(
        words % {"count": count}, detail, _("Open the outbox"), link("notifications:outbox", state="failed"), moment
    )


def _held(count: int, moment: Moment) -> Task:
    words = ngettext("%(count)d message is held back", "%(count)d messages are held back", count)
    detail = _("Mail to these addresses came back. Once they are right, it goes out.")
    return _task(words % {"count": count}, detail, _("See whose"), link("notifications:outbox", state="held"), moment)


def _parked(webhooks: list[int], moment: Moment) -> Task:
    words = ngettext(
        "%(count)d webhook event was not accepted", "%(count)d webhook events were not accepted", len(webhooks)
    )
    detail = _("The log says what was answered. Each one can be sent again.")
    one = len(set(webhooks)) == 1
    url = link("notifications:webhook", webhooks[0], state="failed") if one else link("notifications:webhooks")
    return _task(words % {"count": len(webhooks)}, detail, _("Open the log"), url, moment)


def _task(title: str, detail: str, button: str, url: str, moment: Moment) -> Task:
    return Task(icon="send", tone="stop", title=title, detail=detail, button=button, url=url, expires=moment.today)
