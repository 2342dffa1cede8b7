"""What one-click links about an issue show and do without a sign-in, for this one issue and person: a GET shows, a
POST acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues import actions, forms, rules
from issues.models import EventKind, Issue, IssueUpdate
from issues.views.verbs import READY, attempt
from notifications.links import LinkGone
from notifications.models import Link


@dataclass(frozen=True)
class Answer:
    """One of the four answers of a reminder: its button, the verb whose right and states it needs, its form."""

    name: str
    words: str | Promise
    verb: str
    form: type[forms.IssueForm]
    action: Callable[..., Issue]


ANSWERS = (
    Answer("moved", gettext_lazy("It moved"), "update", forms.MovedForm, actions.post_update),
    Answer("delivered", gettext_lazy("It is delivered"), "deliver", forms.DeliverForm, actions.deliver),
    Answer("stuck", gettext_lazy("It is stuck"), "update", forms.StuckForm, actions.post_update),
    Answer("date", gettext_lazy("It needs another date"), "update", forms.DateForm, actions.post_update),
)


def _issue(link: Link, verb: str) -> Issue:
    """The issue of the link. LinkGone when there is none, or the person has nothing to do with it any more."""
    kind, _colon, number = link.subject.partition(":")
    named = kind == "issue" and number.isdigit()
    found = Issue.objects.for_page().filter(pk=number).first() if named else None
    if found is None or not rules.may(link.user, verb, found):
        raise LinkGone(_("This link no longer works: the issue has changed hands. Sign in to see it."))
    return found


def update(request: HttpRequest, link: Link) -> HttpResponse:
    """Where does it stand? Four answers; the one whose button was pressed is open."""
    found = _issue(link, "update")
    offered = [answer for answer in ANSWERS if found.state in rules.STATES[answer.verb]]
    if "done" in request.GET or not offered:
        return _done(request, found)
    answer = next((one for one in offered if one.name == request.GET.get("answer")), offered[0])
    form = answer.form(request.POST if request.method == "POST" else None, issue=found)
    if request.method != "POST":
        return _answer_page(request, found, form, answer, offered, READY)
    now = timezone.now()
    status = attempt(form, lambda: answer.action(issue=found, by=link.user, now=now, **form.values()))
    if status == READY:
        return redirect(f"{request.path}?done={answer.name}")
    return _answer_page(request, found, form, answer, offered, status)


def _answer_page(
    request: HttpRequest, found: Issue, form: forms.IssueForm, answer: Answer, offered: list[Answer], status: int
) -> HttpResponse:
    context = {"issue": found, "form": form, "answer": answer, "offered": offered}
    return render(request, "issues/link_update.html", context, status=status)


def confirm(request: HttpRequest, link: Link) -> HttpResponse:
    """Does it help? Yes, or not yet with words. Only the host's own link comes here."""
    found = _issue(link, "confirm")
    if "done" in request.GET or found.state != Issue.State.DELIVERED:
        return _done(request, found)
    not_yet = "not_yet" in (request.POST.get("answer"), request.GET.get("answer"))
    form: Any = (forms.NotYetForm if not_yet else forms.IssueForm)(request.POST or None, issue=found)
    status = READY
    if request.method == "POST":
        act, now = actions.not_yet if not_yet else actions.confirm, timezone.now()
        status = attempt(form, lambda: act(issue=found, by=link.user, now=now, **form.values()))
        if status == READY:
            return redirect(f"{request.path}?done={'not_yet' if not_yet else 'yes'}")
    context = {"issue": found, "form": form, "not_yet": not_yet, "said": _said(found)}
    return render(request, "issues/link_confirm.html", context, status=status)


def _said(found: Issue) -> str:
    """What the owner says is done."""
    words = IssueUpdate.objects.filter(issue=found, event__kind=EventKind.DELIVERED).order_by("-at", "-pk")
    return words.values_list("text", flat=True).first() or ""


def _done(request: HttpRequest, found: Issue) -> HttpResponse:
    """What became of it, without anything to press."""
    return render(request, "issues/link_done.html", {"issue": found, "done": request.GET.get("done", "")})
