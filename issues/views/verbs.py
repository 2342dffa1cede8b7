"""One address per verb: a GET shows its page, a POST acts. Refused 422, conflict 409, not yours 404."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from issues import rules, timeline
from issues.actions import record
from issues.clocks import site_day
from issues.forms import UpdateForm
from issues.models import Issue
from issues.page import instead, missed
from issues.verbs import VERBS, Verb
from issues.views import issue as page
from issues.views import similar
from issues.views.former import keeps_words
from people.errors import Conflict, NotAllowed, Refused
from people.models import User
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


def find(request: PersonRequest, number: int, verb: Verb) -> Issue:
    """The issue, if this person has the right to the verb. A request is answered also by who can read the issue no more,
    because the offer was taken back meanwhile: they are told so."""
    found = get_object_or_404(Issue.objects.for_page(), pk=number) if verb.asked else page.find(request, number)
    if not rules.may(request.user, verb.name, found):
        raise Http404
    return found


def can_read(request: PersonRequest, number: int) -> bool:
    """Who declined may have nothing to do with the issue any more."""
    return Issue.objects.visible_to(request.user).filter(pk=number).exists()


def act(request: PersonRequest, found: Issue, verb: Verb, form: Any) -> int:
    """Do what the form says; the answer's status."""
    user, now = request.user, timezone.now()
    return attempt(form, lambda: verb.action(issue=found, by=user, now=now, **form.values()))


def _page(request: PersonRequest, number: int, name: str) -> HttpResponse:
    verb = VERBS[name]
    found, status = find(request, number, verb), READY
    if request.method == "POST":
        form = verb.form(request.POST, issue=found)
        status = act(request, found, verb, form)
        if status == READY:
            messages.success(request, verb.words(found)["done"])
            return redirect("home" if verb.asked and not can_read(request, number) else found)
    else:
        form = verb.form(issue=found)
        if conflict := refused(found, verb, request.user):
            return cannot(request, found, verb, conflict)
    between = missed(form, found, request.user, site_day(found.site, timezone.now()))
    context = {"issue": found, "form": form, "verb": verb, "words": verb.words(found), "between": between}
    return render(request, "issues/verb.html", context, status=status)


def refused(found: Issue, verb: Verb, user: User) -> Conflict | None:
    """Why the verb cannot be done as the issue is now; None when it can."""
    try:
        record.check(found, verb.name, by=user)
    except Conflict as conflict:
        return conflict
    return None


def cannot(request: PersonRequest, found: Issue, verb: Verb, conflict: Conflict) -> HttpResponse:
    """Why not, and what can be done instead. Somebody was faster only where the issue changed since the page that led
    here was made; its links say which version it showed (``seen``)."""
    user, today = request.user, site_day(found.site, timezone.now())
    between = timeline.between(found, similar.number(request.GET.get("seen", "")), user, today)
    others = instead(user, found, today) if not verb.asked or can_read(request, found.pk) else None
    context = {
        "issue": found,
        "message": conflict,
        "between": between,
        "instead": others,
        "title": verb.words(found)["title"],
    }
    return render(request, "issues/verb_not.html", context, status=conflict.status)


@require_http_methods(["GET", "POST"])
@keeps_words
def update(request: PersonRequest, number: int) -> HttpResponse:
    """Post an update from the issue's page; with htmx only what changed comes back."""
    if request.method == "GET":
        return _page(request, number, "update")
    verb = VERBS["update"]
    found = get_object_or_404(Issue.objects.visible_to(request.user), pk=number)  # the action reads whom it asks about
    form = UpdateForm(request.POST, issue=found)
    status = act(request, found, verb, form)
    if status == READY and not request.htmx:
        messages.success(request, str(verb.done))
        return redirect(found)
    found = find(request, number, verb)
    if status == READY:
        form = UpdateForm(issue=found, initial={"host_reads": True})
    template = "issues/_swap.html" if request.htmx else "issues/issue.html"
    return render(request, template, page.context(request, found, form), status=status)


def _verb(name: str, words: str) -> Callable[[PersonRequest, int], HttpResponse]:
    def view(request: PersonRequest, number: int) -> HttpResponse:
        return _page(request, number, name)

    view.__name__, view.__doc__ = name, words
    return require_http_methods(["GET", "POST"])(keeps_words(view))


start = _verb("start", "Work has begun.")
hold = _verb("hold", "On hold until a day.")
resume = _verb("resume", "Off hold.")
deliver = _verb("deliver", "Delivered: the host is asked.")
confirm = _verb("confirm", "The host says that it helps.")
not_yet = _verb("not_yet", "The host says what is missing.")
write = _verb("write", "The host writes to the owner.")
change = _verb("change", "Title, obstacle or category.")
withdraw = _verb("withdraw", "Given up, with a reason.")
remind = _verb("remind", "The coordinator asks the owner where it stands.")
ask_withdrawal = _verb("ask_withdrawal", "The owner asks a coordinator to withdraw it.")
refuse_withdrawal = _verb("refuse_withdrawal", "The coordinator lets it go on.")
handover = _verb("handover", "Offered to another executive.")
accept_handover = _verb("accept_handover", "The one who was asked owns it now.")
decline_handover = _verb("decline_handover", "The one who was asked declines.")
take_back = _verb("take_back", "The offer is taken back.")
transfer = _verb("transfer", "A coordinator gives it a new owner.")
hand_back = _verb("hand_back", "The new owner hands it back to the coordinator.")
ask_counterpart = _verb("ask_counterpart", "Somebody is asked to work on it too.")
accept_counterpart = _verb("accept_counterpart", "They work on it too.")
decline_counterpart = _verb("decline_counterpart", "They decline.")
leave_counterpart = _verb("leave_counterpart", "They hand their part back.")
end_counterpart = _verb("end_counterpart", "They are no longer asked.")
snooze = _verb("snooze", "Its reminders wait.")
check = _verb("check", "The host says whether it still holds.")
watch = _verb("watch", "Followed.")
unwatch = _verb("unwatch", "Followed no longer.")
