"""The page of one issue."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from issues import page
from issues.actions.record import WITH_PEOPLE
from issues.attachments.forms import FileForm
from issues.clocks import site_day
from issues.forms import UpdateForm
from issues.models import Issue
from people.requests import PersonRequest


def find(request: PersonRequest, number: int) -> Issue:
    """The issue, with all its page names, if this person may see it. Raises Http404."""
    return get_object_or_404(page.seen(request.user), pk=number)


def find_to_act(request: PersonRequest, number: int) -> Issue:
    """The same with the people and the site that an action asks about, and no more. Raises Http404."""
    return get_object_or_404(Issue.objects.visible_to(request.user).select_related(*WITH_PEOPLE), pk=number)


@require_safe
def issue(request: PersonRequest, number: int) -> HttpResponse:
    """One issue: what was promised, its clocks, its chain, what can be done now, what happened."""
    found = find(request, number)
    form = UpdateForm(issue=found, initial={"host_reads": True})
    return render(request, "issues/issue.html", context(request, found, form))


def context(request: PersonRequest, found: Issue, form: UpdateForm, file_form: Form | None = None) -> dict[str, Any]:
    """All the page shows; the same for its first paint, a swap after an update, and a refused form."""
    today = site_day(found.site, timezone.now())
    shown = page.Page(found, request.user, today)
    return {
        "issue": found, "form": form, "file_form": file_form or FileForm(), "today": today, "page": shown,
        "between": page.missed(form, found, request.user, today),
        **shown.shown(request.GET.get("show", ""), everything="earlier" in request.GET),
    }  # fmt: skip
