"""Which messages about an issue went out, to whom: as many as a reader may know of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from issues import rules
from issues.models import Issue
from notifications.kinds import register
from notifications.models import Message, MessageState, Notice
from people.models import User

Row = tuple[datetime, str, str]  # when, what, and the icon


def messages(issue: Issue, user: User, most: int) -> Iterable[Row]:
    """Newest first; the same said to several people at once is one row. One query, none for who sees no message."""
    seen = _visible(issue, user)
    if seen is None:
        return
    notices = seen.filter(subject=issue.subject, dropped=False).exclude(message__state=MessageState.CANCELLED)
    rows = notices.select_related("recipient", "message").order_by("-created_at", "kind", "-pk")[:most]
    for _key, group in groupby(rows, key=lambda notice: (notice.created_at, notice.kind, notice.message.state)):
        yield _row(list(group))


def _visible(issue: Issue, user: User) -> QuerySet[Notice] | None:
    """Coordinators: what the outbox shows them. The owner's side and the sponsor: all about this issue. The host: what
    was sent to them. Others: none."""
    if rules.is_coordinator(user, issue):
        return Notice.objects.filter(message__in=Message.objects.visible_to(user))
    if rules.is_owner_side(user, issue) or user.reads_everything:
        return Notice.objects.all()
    return Notice.objects.filter(recipient=user) if rules.is_host(user, issue) else None


def _row(notices: list[Notice]) -> Row:
    first = notices[0]
    label = str(register[first.kind].label) if first.kind in register.kinds else first.kind
    names = list(dict.fromkeys(notice.recipient.name for notice in notices))
    what = _("%(what)s, to %(whom)s") % {"what": label, "whom": get_text_list(names, _("and"))}
    waits = {MessageState.QUEUED: _("waits to be sent"), MessageState.FAILED: _("could not be sent")}
    state = waits.get(MessageState(first.message.state))
    return timezone.localtime(first.message.sent_at or first.created_at), f"{what}, {state}" if state else what, "mail"
