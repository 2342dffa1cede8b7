"""One address per verb: a GET shows its page, a POST acts. Refused 422, conflict 409, not yours 404."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from issues import rules
from issues.actions.record import wrong_state
from issues.forms import UpdateForm
from issues.models import Issue
from issues.verbs import VERBS, Verb
from issues.views import issue as page
from people.errors import NotAllowed, Refused
from people.requests import PersonRequest

READY = 200


def attempt(form: Form, act: Callable[[], Any]) -> int:
    """Do it if the form has the right shape; a refusal becomes the form's error. The answer's status, 200 when done.

    NotAllowed goes on: it becomes 404, and gives nothing away."""
    if not form.is_valid():
        return Refused.status
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return refusal.status
    return READY


def _find(request: PersonRequest, number: int, verb: Verb) -> Issue:
    found = page.find(request, number)
    if not rules.may(request.user, verb.name, found):
        raise Http404
    return found


def _act(request: PersonRequest, found: Issue, verb: Verb, form: Any) -> int:
    user, now = request.user, timezone.now()
    return attempt(form, lambda: verb.action(issue=found, by=user, now=now, **form.values()))


def _page(request: PersonRequest, number: int, name: str) -> HttpResponse:
    verb = VERBS[name]
    found, status = _find(request, number, verb), READY
    if request.method == "POST":
        form = verb.form(request.POST, issue=found)
        status = _act(request, found, verb, form)
        if status == READY:
            messages.success(request, verb.words(found)["done"])
            return redirect(found)
    else:
        form = verb.form(issue=found)
        if found.state not in rules.STATES[name]:
            raise wrong_state(found)
    context = {"issue": found, "form": form, "verb": verb, "words": verb.words(found)}
    return render(request, "issues/verb.html", context, status=status)


@require_http_methods(["GET", "POST"])
def update(request: PersonRequest, number: int) -> HttpResponse:
    """Post an update from the issue's page; with htmx only what changed comes back."""
    if request.method == "GET":
        return _page(request, number, "update")
    verb = VERBS["update"]
    found = _find(request, number, verb)
    form = UpdateForm(request.POST, issue=found)
    status = _act(request, found, verb, form)
    if status == READY and not request.htmx:
        messages.success(request, verb.words(found)["done"])
        return redirect(found)
    found = page.find(request, number)
    if status == READY:
        form = UpdateForm(issue=found, initial={"host_reads": True})
    template = "issues/_work.html" if request.htmx else "issues/issue.html"
    return render(request, template, page.context(request, found, form), status=status)


def _verb(name: str, words: str) -> Callable[[PersonRequest, int], HttpResponse]:
    def view(request: PersonRequest, number: int) -> HttpResponse:
        return _page(request, number, name)

    view.__name__, view.__doc__ = name, words
    return require_http_methods(["GET", "POST"])(view)


start = _verb("start", "Work has begun.")
hold = _verb("hold", "On hold until a day.")
resume = _verb("resume", "Off hold.")
deliver = _verb("deliver", "Delivered: the host is asked.")
confirm = _verb("confirm", "The host says that it helps.")
not_yet = _verb("not_yet", "The host says what is missing.")
write = _verb("write", "The host writes to the owner.")
change = _verb("change", "Title, obstacle or category.")
withdraw = _verb("withdraw", "Given up, with a reason.")
merge = _verb("merge", "Joined with another issue.")
