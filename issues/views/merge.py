"""Joining an issue with another: the other is looked for, and seen with its owner and state before one decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from issues.clocks import site_day
from issues.forms import MergeForm
from issues.merging import choices
from issues.models import Issue
from issues.page import missed
from issues.verbs import VERBS
from issues.views import verbs
from issues.views.similar import number as number_of
from people.requests import PersonRequest

VERB = VERBS["merge"]


@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest, number: int) -> HttpResponse:
    """Look for the other issue, choose it, merge. Looking judges and keeps nothing."""
    found = verbs.find(request, number, VERB)
    asked = request.POST if request.method == "POST" else request.GET
    form = MergeForm(asked, issue=found) if request.method == "POST" and asked.get("do") != "look" else None
    if form is None and (conflict := verbs.refused(found, VERB, request.user)):
        return verbs.cannot(request, found, VERB, conflict)
    status = verbs.act(request, found, VERB, form) if form else verbs.READY
    if form and status == verbs.READY:
        into = form.cleaned_data["into"]
        messages.success(request, _("Merged. Issue %(number)s goes on for both") % {"number": into.pk})
        return redirect(found)
    form = form or MergeForm(issue=found)
    between = missed(form, found, request.user, site_day(found.site, timezone.now()))
    context = {"issue": found, "form": form, "verb": VERB, "words": VERB.words(found), "between": between}
    return render(request, "issues/merge.html", context | _choices(request, found, asked), status=status)


@require_safe
def merge_choices(request: PersonRequest, number: int) -> HttpResponse:
    """The part of the page that changes while one types."""
    found = verbs.find(request, number, VERB)
    return render(request, "issues/_merge_choices.html", _choices(request, found, request.GET))


def _choices(request: PersonRequest, found: Issue, asked: Any) -> dict[str, Any]:
    text, chosen, today = asked.get("q", ""), number_of(asked.get("into", "")), site_day(found.site, timezone.now())
    offered = choices(request.user, found, text, chosen=chosen, today=today)
    return {"choices": offered, "chosen": chosen, "searched": text}
