"""What one-click links about an issue show and do without a sign-in, for this one issue and person: a GET shows, a
POST acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from issues import actions, forms, rules
from issues.clocks import site_day
from issues.models import EventKind, Issue, IssueUpdate
from issues.page import missed
from issues.views.verbs import READY, attempt
from notifications.links import LinkGone
from notifications.models import Link
from people.errors import Conflict
from people.models import User

TYPED = ("text", "words", "reason")  # fields of the forms behind links that hold somebody's words
VERB = {"moved": "update", "stuck": "update", "delivered": "deliver"}  # whose states each answer needs


def _issue(link: Link, verb: str) -> Issue:
    """The issue of the link. LinkGone when there is none, or the person has nothing to do with it any more."""
    kind, _colon, number = link.subject.partition(":")
    named = kind == "issue" and number.isdigit()
    found = Issue.objects.for_page().filter(pk=number).first() if named else None
    if found is None or not rules.may(link.user, verb, found):
        raise LinkGone(_("This link no longer works: the issue has changed hands. Sign in to see it."))
    return found


def update(request: HttpRequest, link: Link) -> HttpResponse:
    """Where does it stand? One form for the three answers; the one whose button was pressed in the mail is chosen."""
    found = _issue(link, "update")
    offered = [answer for answer, verb in VERB.items() if found.state in rules.STATES[verb]]
    if "done" in request.GET or not offered:
        return settled(request, found, "issues/link_done.html", done=request.GET.get("done", ""))
    pressed = request.GET.get("answer", "")
    if request.method != "POST":
        chosen = pressed if pressed in offered else offered[0]
        form = forms.QuickForm(issue=found, answers=offered, initial={"answer": chosen, "host_reads": True})
        return _quick_page(request, link, found, form, READY)
    form = forms.QuickForm(_answered(request.POST, pressed), issue=found, answers=offered)
    status = attempt(form, lambda: _answer(form, found, link.user))
    if status == READY:
        return redirect(f"{request.path}?done={form.cleaned_data['answer']}")
    return _quick_page(request, link, found, form, status)


def _answered(posted: QueryDict, pressed: str) -> QueryDict:
    """What was posted; the mail's button answers where the form did not."""
    data = posted.copy()
    if "answer" not in data:
        data["answer"] = pressed
    return data


def _answer(form: forms.QuickForm, found: Issue, by: User) -> Issue:
    act = actions.deliver if form.is_done else actions.post_update
    return act(issue=found, by=by, now=timezone.now(), **form.values())


def _quick_page(request: HttpRequest, link: Link, found: Issue, form: forms.QuickForm, status: int) -> HttpResponse:
    between = missed(form, found, link.user, site_day(found.site, timezone.now()))
    moves = request.GET.get("answer") == "date" or bool(form["target_date"].value())
    context = {"issue": found, "form": form, "link": link, "between": between, "moves": moves}
    return render(request, "issues/link_update.html", context, status=status)


WORDS = {"yes": forms.IssueForm, "not_yet": forms.NotYetForm, "cannot_say": forms.WordsForm}
WORD: dict[str, Callable[..., Any]] = {
    "yes": actions.confirm,
    "not_yet": actions.not_yet,
    "cannot_say": actions.host_write,
}


def confirm(request: HttpRequest, link: Link) -> HttpResponse:
    """Does it help? Yes, not yet with words, or "I cannot say". Only the host's own link comes here."""
    found = _issue(link, "confirm")
    if "done" in request.GET or found.state != Issue.State.DELIVERED:
        return settled(request, found, "issues/link_done.html", done=request.GET.get("done", ""))
    answer = request.POST.get("answer") or request.GET.get("answer", "")
    answer = answer if answer in WORDS else "yes"
    initial = {"words": _("I cannot say whether it helps. A colleague of mine can.")} if answer == "cannot_say" else {}
    form: Any = WORDS[answer](request.POST or None, issue=found, initial=initial)
    status = READY
    if request.method == "POST":
        act, now = WORD[answer], timezone.now()
        status = attempt(form, lambda: act(issue=found, by=link.user, now=now, **form.values()))
        if status == READY:
            return redirect(f"{request.path}?done={answer}")
    context = {"issue": found, "form": form, "answer": answer, "said": _said(found)}
    return render(request, "issues/link_confirm.html", context, status=status)


def _said(found: Issue) -> dict[str, str]:
    """What is said to be done, and by whom: the owner of that day."""
    rows = IssueUpdate.objects.filter(issue=found, event__kind=EventKind.DELIVERED).order_by("-at", "-pk")
    text, by, behalf = rows.values_list("text", "by__name", "on_behalf_of__name").first() or ("", "", "")
    return {"text": text, "writer": behalf or by}


def settled(request: HttpRequest, found: Issue, template: str, **context: Any) -> HttpResponse:
    """What became of it, without anything to press. Who answers all the same was too late: a conflict, and what they
    typed is shown to them, for it is kept nowhere."""
    typed = next(filter(None, (request.POST.get(name, "").strip() for name in TYPED)), "")
    status = Conflict.status if request.method == "POST" else READY
    return render(request, template, context | {"issue": found, "typed": typed}, status=status)
