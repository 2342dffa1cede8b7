"""Adding a file to an issue, and taking it off. Neither raises the issue's version: they contradict nothing typed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from issues import rules as issue_rules
from issues.actions import record
from issues.attachments import kinds, rules
from issues.attachments.errors import Unfit
from issues.attachments.names import clean_name
from issues.errors import Conflict, NotAllowed
from issues.models import Attachment, EventKind, Issue, IssueEvent
from people.models import User

MOST_FILES = 20  # of one issue


def attach(*, issue: Issue, file: BinaryIO, name: str, host_reads: bool, by: User, now: datetime) -> Attachment:
    """Keep a file with an issue, under a cleaned name, after looking into it. At most 10 MB are read.

    Raises NotAllowed, Unfit (kind, size, number, the same file again) or WrongState. When the record cannot be written,
    the stored file goes too."""
    if not rules.may_attach(by, issue):
        raise NotAllowed(_("This issue is not yours to change."))
    data, name = file.read(kinds.LARGEST + 1), clean_name(name)
    kind = kinds.kind_of(data, name)
    name = name if PurePosixPath(name).suffix else name + kind.endings[0]
    made = Attachment(
        issue=issue, name=name, content_type=kind.content_type, size=len(data), added_at=now, added_by=by,
        sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    try:
        return _keep(made, data, host_reads)
    except BaseException:
        if made.file:
            made.file.delete(save=False)
        raise


@transaction.atomic
def _keep(made: Attachment, data: bytes, host_reads: bool) -> Attachment:
    """The row, its file and its event. ``made`` is not saved yet."""
    issue, by = record.lock(made.issue), made.added_by
    if not rules.may_attach(by, issue):
        raise NotAllowed(_("This issue is not yours to change."))
    if issue.state not in rules.STATES:
        raise record.wrong_state(issue)
    kept = issue.attachments.filter(removed_at__isnull=True)
    if kept.count() >= MOST_FILES:
        raise Unfit(_("This issue has 20 files already. Take one off first."))
    if kept.filter(sha256=made.sha256).exists():
        raise Unfit(_("This very file is here already."))
    made.host_reads = rules.is_for_host(by, issue, host_reads)
    made.file.save(str(made.pk), ContentFile(data), save=False)
    made.save(force_insert=True)
    _write(issue, EventKind.ATTACHED, made, by=by, now=made.added_at)
    return made


@transaction.atomic
def detach(*, attachment: Attachment, by: User, now: datetime) -> Attachment:
    """Take a file off an issue: nobody reads it any more, and the record that it was there stays.

    Raises NotAllowed, or Conflict when it was taken off already."""
    issue = record.lock(attachment.issue)
    if not rules.may_detach(by, issue, attachment):
        raise NotAllowed(_("This file is not yours to take off."))
    changed = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True)
    if not changed.update(removed_at=now, removed_by=by):
        raise Conflict(_("This file was taken off already."))
    _write(issue, EventKind.DETACHED, attachment, by=by, now=now)
    return attachment


def _write(issue: Issue, kind: EventKind, attachment: Attachment, *, by: User, now: datetime) -> None:
    works = issue_rules.works_on(by, issue) and not issue_rules.is_host(by, issue)
    behalf = issue_rules.behalf(by, issue.owner.user) if works else None
    after = {"attachment": str(attachment.pk)}
    IssueEvent.objects.create(issue=issue, kind=kind, at=now, by=by, on_behalf_of=behalf, after=after)
