"""What a coordinator does to the issues ticked in the list: a page that says what follows, then all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from issues import rules
from issues.actions.bulk import Outcome, each
from issues.bulk import BULK, Bulk
from issues.errors import Refused
from issues.filters import Filters
from issues.models import Issue
from issues.views.verbs import READY
from people.requests import PersonRequest

MOST = 200  # issues at once
VERB = {"next-update": "plan_update", "category": "change", "new-owner": "transfer"}  # of issues.rules


@require_http_methods(["GET", "POST"])
def bulk(request: PersonRequest, name: str) -> HttpResponse:
    """A GET shows the issues ticked and asks what it needs, a POST does it. Those refused are named with the reason."""
    if name not in BULK:
        raise Http404
    asked, what = request.POST if request.method == "POST" else request.GET, BULK[name]
    back = replace(Filters.of(asked.get("back", "")), has_default=True)  # all of them stay all of them
    issues = _issues(request, asked.getlist("number"))
    if not issues:
        messages.warning(request, _("Tick the issues it is about first. Nothing was changed."))
        return redirect(back.address())
    form = what.form(request.POST if request.method == "POST" else None)
    outcome = _do(request, what, form, issues) if request.method == "POST" and form.is_valid() else None
    if outcome and not outcome.refused:
        messages.success(request, _changed(len(outcome.changed)))
        return redirect(back.address())
    status = READY if request.method == "GET" else 409 if outcome else Refused.status
    context = {"what": what, "form": form, "issues": _foreseen(what, issues), "back": back, "outcome": outcome}
    template = "issues/bulk_done.html" if outcome and not form.errors else "issues/bulk.html"
    return render(request, template, context, status=status)


def _issues(request: PersonRequest, numbers: Iterable[str]) -> list[Issue]:
    """The issues ticked, as far as this person sees them."""
    wanted = {int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 16}
    seen = Issue.objects.visible_to(request.user).filter(pk__in=sorted(wanted)[:MOST])
    return list(seen.select_related("owner__user", "promised_to__user", "site").order_by("number"))


def _foreseen(what: Bulk, issues: list[Issue]) -> list[tuple[Issue, bool]]:
    """Each with whether its state leaves it out."""
    return [(issue, issue.state not in rules.STATES[VERB[what.name]]) for issue in issues]


def _do(request: PersonRequest, what: Bulk, form: Form, issues: list[Issue]) -> Outcome:
    """One transaction an issue. One reason that refuses all whose state would allow it is the form's error."""
    by, now, given = request.user, timezone.now(), form.cleaned_data
    outcome = each(issues, lambda issue: what.act(issue=issue, by=by, now=now, **given))
    reasons = {
        (left.field, left.words) for left in outcome.refused if left.issue.state in rules.STATES[VERB[what.name]]
    }
    if not outcome.changed and len(reasons) == 1:
        field, words = reasons.pop()
        form.add_error(field if field in form.fields else None, words)
    return outcome


def _changed(count: int) -> str:
    return ngettext("%(count)d issue changed", "%(count)d issues changed", count) % {"count": count}
