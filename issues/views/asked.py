"""What links to somebody who was asked show and do without a sign-in: a handover, a counterpart's part, a later check.
A GET shows, a POST acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues import actions, forms, rules, sharing_forms
from issues.clocks import site_day
from issues.hands import hands
from issues.models import Issue
from issues.views.links import settled
from issues.views.verbs import READY, attempt
from notifications.links import LinkGone
from notifications.models import Link


@dataclass(frozen=True)
class Reply:
    """One of the two answers: the verb whose right and states it needs, its form, its button, what came of it."""

    verb: str
    form: type[forms.IssueForm]
    action: Callable[..., Issue]
    words: str | Promise
    done: str | Promise
    style: str = "btn-primary"


@dataclass(frozen=True)
class Question:
    """What is asked, and its two answers. ``said``: the words of the one who asks."""

    title: str | Promise
    follows: str | Promise
    yes: Reply
    no: Reply
    said: Callable[[Issue, Link], str]


def _offer(issue: Issue, link: Link) -> str:
    offer = hands(issue).last_offer
    return offer.reason if offer else ""


def _request(issue: Issue, link: Link) -> str:
    asked = hands(issue).asked(link.user)
    return asked.request if asked else ""


def _nothing(issue: Issue, link: Link) -> str:
    return ""


HANDOVER = Question(
    gettext_lazy("Make this issue yours?"),
    gettext_lazy("If you accept, you own it with what was promised. Until then nothing changes."),
    Reply("accept_handover", forms.IssueForm, actions.accept_handover, gettext_lazy("Accept: it is mine"),
          gettext_lazy("It is yours now")),
    Reply("decline_handover", forms.ReasonForm, actions.decline_handover, gettext_lazy("Decline"),
          gettext_lazy("Declined. Nothing changes for you")),
    _offer,
)  # fmt: skip
COUNTERPART = Question(
    gettext_lazy("Work on this issue too?"),
    gettext_lazy("The owner stays the only owner. You can hand your part back later."),
    Reply("accept_counterpart", forms.IssueForm, actions.accept_counterpart, gettext_lazy("Accept"),
          gettext_lazy("Accepted. The owner is told")),
    Reply("decline_counterpart", forms.ReasonForm, actions.decline_counterpart, gettext_lazy("Decline"),
          gettext_lazy("Declined. The owner reads why")),
    _request,
)  # fmt: skip
CHECK = Question(
    gettext_lazy("Does it still help on your floor?"),
    gettext_lazy("Both answers are fine. With a no, the owner reads your words and the issue opens again. No manager is told."),
    Reply("check", sharing_forms.HoldsForm, partial(actions.answer_check, holds=True),
          gettext_lazy("Yes, it still holds"), gettext_lazy("Noted: it still holds"), "btn-host"),
    Reply("check", sharing_forms.HoldsNoMoreForm, partial(actions.answer_check, holds=False),
          gettext_lazy("No, not any more"), gettext_lazy("The owner reads it now"), "btn-host"),
    _nothing,
)  # fmt: skip


def answer(request: HttpRequest, link: Link, *, question: Question) -> HttpResponse:
    """The question with one answer open: its button, or the words it needs. Another is one click away."""
    found = _issue(link, question.yes.verb)
    no = "no" in (request.POST.get("answer"), request.GET.get("answer"))
    reply = question.no if no else question.yes
    if "done" in request.GET or not _open(found, link, reply):
        words = reply.done if "done" in request.GET else _("Nothing is left to answer here")
        return settled(request, found, "issues/link_answered.html", words=words)
    form: Any = reply.form(request.POST if request.method == "POST" else None, issue=found)
    status = READY
    if request.method == "POST":
        now = timezone.now()
        status = attempt(form, lambda: reply.action(issue=found, by=link.user, now=now, **form.values()))
        if status == READY:
            return redirect(f"{request.path}?done=1&answer={'no' if no else 'yes'}")
    context = {"issue": found, "form": form, "question": question, "reply": reply, "no": no}
    return render(request, "issues/link_asked.html", context | {"said": question.said(found, link)}, status=status)


def _issue(link: Link, verb: str) -> Issue:
    """The issue of the link. LinkGone when there is none, or this person was never asked."""
    kind, _colon, number = link.subject.partition(":")
    named = kind == "issue" and number.isdigit()
    found = Issue.objects.for_page().filter(pk=number).first() if named else None
    if found is None or not rules.may(link.user, verb, found):
        raise LinkGone(_("This link no longer works: somebody else is asked now. Sign in to see it."))
    return found


def _open(found: Issue, link: Link, reply: Reply) -> bool:
    """Is an answer still wanted?"""
    return rules.can(link.user, reply.verb, found, today=site_day(found.site, timezone.now()))


handover = partial(answer, question=HANDOVER)
counterpart = partial(answer, question=COUNTERPART)
check = partial(answer, question=CHECK)
