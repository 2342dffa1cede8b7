"""What a coordinator does to the issues ticked in the list, or to all its filter finds: a page that says what follows, then
all of them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from issues.actions.bulk import Left, Outcome
from issues.bulk import BULK, MOST, Bulk, found, ticked
from issues.errors import Conflict, Refused
from issues.filters import Filters
from issues.models import Issue
from issues.views.verbs import READY
from people.requests import PersonRequest

SHOWN = 50  # issues named on the page


@require_http_methods(["GET", "POST"])
def bulk(request: PersonRequest, name: str) -> HttpResponse:
    """A GET shows the issues and asks what it needs, a POST does it to those that were shown. Those refused are named with
    the reason."""
    if name not in BULK:
        raise Http404
    asked, what = request.POST if request.method == "POST" else request.GET, BULK[name]
    back = replace(Filters.of(asked.get("back", "")), has_default=True)  # all of them stay all of them
    issues, more = _issues(request, asked, back)
    if not issues:
        messages.warning(request, _("Tick the issues it is about first. Nothing was changed."))
        return redirect(back.address())
    form = what.form(request.POST if request.method == "POST" else None)
    outcome = _do(request, what, form, issues) if request.method == "POST" and form.is_valid() else None
    if outcome and not outcome.refused:
        messages.success(request, what.done(outcome))
        return redirect(back.address())
    wrong = Refused if _mistyped(what, outcome) else Conflict
    status = READY if request.method == "GET" else wrong.status
    context = {"what": what, "form": form, "back": back} | _shown(what, issues, outcome, more=more)
    template = "issues/bulk_done.html" if outcome and not form.errors else "issues/bulk.html"
    return render(request, template, context, status=status)


def _issues(request: PersonRequest, asked: QueryDict, back: Filters) -> tuple[list[Issue], bool]:
    """Those that were shown, ticked, or found by the filter; whether the filter finds more than can be changed at once."""
    if request.method == "GET" and asked.get("all"):
        return found(request.user, back, timezone.localdate())
    return ticked(request.user, [*asked.getlist("number"), *asked.get("numbers", "").split()]), False


def _shown(what: Bulk, issues: list[Issue], outcome: Outcome | None, *, more: bool) -> dict[str, Any]:
    """The first of them, how many there are, how many their state leaves out, and what was done."""
    return {
        "issues": [(issue, not what.fits(issue)) for issue in issues[:SHOWN]],
        "count": len(issues),
        "rest": max(len(issues) - SHOWN, 0),
        "left_out": sum(not what.fits(issue) for issue in issues),
        "numbers": " ".join(str(issue.pk) for issue in issues),
        "most": MOST if more else 0,
        "outcome": outcome,
        "done": what.done(outcome) if outcome else "",
    }


def _do(request: PersonRequest, what: Bulk, form: Form, issues: list[Issue]) -> Outcome:
    """What refuses all whose state would allow it is the form's error, at the field it is about: one reason, or several
    that are all about what was typed."""
    outcome = what.do(issues, by=request.user, now=timezone.now(), **form.cleaned_data)
    reasons = dict.fromkeys((left.field, left.words) for left in _refused(what, outcome))
    if not outcome.changed and (len(reasons) == 1 or _mistyped(what, outcome)):
        for field, words in reasons:
            form.add_error(field if field in form.fields else None, words)
    return outcome


def _refused(what: Bulk, outcome: Outcome) -> list[Left]:
    """Those whose state would allow it."""
    return [left for left in outcome.refused if what.fits(left.issue)]


def _mistyped(what: Bulk, outcome: Outcome | None) -> bool:
    """Whether nothing is wrong but what was typed: then the answer is that of the single form. Else some moved on."""
    if outcome is None:
        return True
    refused = _refused(what, outcome)
    return not outcome.changed and bool(refused) and all(left.status == Refused.status for left in refused)
