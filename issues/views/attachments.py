"""Files of an issue: added, fetched, taken off. Fetched only by who may read them, and never shown by a browser in place."""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from issues.attachments import actions, rules
from issues.attachments.forms import FileForm
from issues.forms import UpdateForm
from issues.models import Attachment, Issue
from issues.readers import may_read_file
from issues.views import issue as page
from issues.views.verbs import READY, attempt
from people.requests import PersonRequest

logger = logging.getLogger(__name__)
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_POST
def attach(request: PersonRequest, number: int) -> HttpResponse:
    """Keep a file with the issue; refused, the page says why beside the field."""
    found = page.find_to_act(request, number)
    if not rules.may_attach(request.user, found):
        raise Http404
    form, now = FileForm(request.POST, request.FILES), timezone.now()
    status = attempt(form, lambda: actions.attach(issue=found, by=request.user, now=now, **form.values()))
    if status == READY:
        messages.success(request, _("The file is here now"))
        return redirect(f"{found.get_absolute_url()}#files")
    found = page.find(request, number)
    update = UpdateForm(issue=found, initial={"host_reads": True})
    return render(request, "issues/issue.html", page.context(request, found, update, form), status=status)


def _attachment(request: PersonRequest, number: int, pk: UUID) -> tuple[Issue, Attachment]:
    """The file, if this person may read it and it was not taken off. Raises Http404."""
    found = page.find_to_act(request, number)
    kept = found.attachments.filter(removed_at__isnull=True)
    attachment = get_object_or_404(kept, pk=pk)
    if not may_read_file(request.user, found, attachment):
        raise Http404
    attachment.issue = found
    return found, attachment


@require_safe
def file(request: PersonRequest, number: int, pk: UUID) -> FileResponse:
    """The file itself, to be saved: no browser shows it, guesses at it, runs it or keeps it."""
    _found, attachment = _attachment(request, number, pk)
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        logger.exception("the file of attachment %s is not in the store", attachment.pk)
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def detach(request: PersonRequest, number: int, pk: UUID) -> HttpResponse:
    """Take a file off; that it was there stays on record."""
    found, attachment = _attachment(request, number, pk)
    actions.detach(attachment=attachment, by=request.user, now=timezone.now())
    messages.success(request, _("The file was taken off"))
    return redirect(f"{found.get_absolute_url()}#files")
