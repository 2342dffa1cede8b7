"""What a line manager reads of an issue without a sign-in: they hear of it, but are no part of it. Nothing acts here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from issues import clocks, rules
from issues.markdown import plain
from issues.models import Issue, IssueUpdate
from notifications.links import LinkGone
from notifications.models import Link


def read(request: HttpRequest, link: Link) -> HttpResponse:
    """The promise, its clocks and the owner's last words, for the owner's line manager or who stands in for them."""
    kind, _colon, number = link.subject.partition(":")
    found = Issue.objects.for_page().filter(pk=number).first() if kind == "issue" and number.isdigit() else None
    reader = link.on_behalf_of_id or link.user_id
    if found is None or not (reader == found.owner.line_manager_id or rules.can_view(link.user, found)):
        raise LinkGone(_("This link no longer works: the issue has changed hands."))
    last = IssueUpdate.objects.filter(issue=found, host_reads=True).order_by("-at", "-pk").first()
    today = clocks.site_day(found.site, timezone.now())
    said = {"day": clocks.site_day(found.site, last.at), "text": plain(last.text)} if last else None
    context = {"issue": found, "last": said, "today": today, "clocks": clocks.read(vars(found), today)}
    return render(request, "issues/link_read.html", context)
