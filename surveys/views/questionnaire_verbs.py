"""What is done with a questionnaire as a whole: publish, discard, a new version, a copy, retire and bring back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.requests import PersonRequest
from surveys.questionnaires import lifecycle, rights
from surveys.questionnaires.pages import version_page
from surveys.questionnaires.refusals import EditedMeanwhile, Incomplete
from surveys.views.questionnaires import fetch, fetch_draft, get_or_post, page


def revision_of(request: PersonRequest) -> int:
    """The revision the person saw; one that cannot be read is never the right one."""
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else -1


@get_or_post
def publish(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask whether a draft is to be frozen for good, and do it."""
    version = fetch_draft(request, pk)
    if request.method != "POST":
        return render(request, "surveys/questionnaire_publish.html", version_page(version, request.user))
    try:
        lifecycle.publish(version_id=pk, revision=revision_of(request), by=request.user, now=timezone.now())
    except (EditedMeanwhile, Incomplete) as refusal:
        return page(request, fetch(request, pk), refusal=refusal, status=refusal.status)
    messages.success(request, _("Version %(number)d is published. Rounds can ask it.") % {"number": version.number})
    return redirect("surveys:questionnaire", pk)


@get_or_post
def discard(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask whether a draft is to be thrown away, and do it."""
    version = fetch_draft(request, pk)
    if request.method != "POST":
        return render(request, "surveys/questionnaire_discard.html", version_page(version, request.user))
    gone = lifecycle.discard(version_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("The draft is gone."))
    if gone:
        return redirect("surveys:questionnaires")
    newest = version.questionnaire.versions.order_by("-number").values_list("pk", flat=True)
    return redirect("surveys:questionnaire", newest[0])


@require_POST
def new_version(request: PersonRequest, pk: int) -> HttpResponse:
    """Start the next version from the newest published one."""
    version = fetch(request, pk)
    draft = lifecycle.new_version(questionnaire_id=version.questionnaire_id, by=request.user, now=timezone.now())
    return redirect("surveys:questionnaire", draft.pk)


@require_POST
def duplicate(request: PersonRequest, pk: int) -> HttpResponse:
    """A copy to change freely."""
    copy = lifecycle.duplicate(version_id=fetch(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, _("This is a copy. What it came from stays as it is."))
    return redirect("surveys:questionnaire", copy.pk)


@get_or_post
def retire(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask whether nobody is to be asked it any more, and do it."""
    version = fetch(request, pk)
    rights.require_change(request.user, version.questionnaire)
    if request.method != "POST":
        return render(request, "surveys/questionnaire_retire.html", version_page(version, request.user))
    lifecycle.retire(questionnaire_id=version.questionnaire_id, by=request.user, now=timezone.now())
    messages.success(request, _("Retired. Rounds that run go on, results stay."))
    return redirect("surveys:questionnaire", pk)


@require_POST
def bring_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Let rounds be planned with it again."""
    version = fetch(request, pk)
    lifecycle.bring_back(questionnaire_id=version.questionnaire_id, by=request.user, now=timezone.now())
    return redirect("surveys:questionnaire", pk)
