"""The page on which a coordinator moves all issues of somebody who leaves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from issues import actions
from issues.models import Issue
from issues.sharing_forms import TransferForm
from issues.views.verbs import READY, attempt
from people.models import Executive, User
from people.requests import PersonRequest


@require_http_methods(["GET", "POST"])
def transfer(request: PersonRequest, executive_id: int) -> HttpResponse:
    """All open issues of one executive at this coordinator's sites, and who is to own them."""
    people = User.objects.visible_to(request.user)
    leaver = get_object_or_404(Executive.objects.select_related("user"), pk=executive_id, user__in=people)
    mine = Issue.objects.movable_by(request.user).filter(owner=leaver)
    issues = list(mine.select_related("promised_to__user", "site").order_by("number"))
    form, status = TransferForm(request.POST or None, issues=issues), READY
    if request.method == "POST":
        now, by = timezone.now(), request.user
        act = actions.transfer_leavers_issues
        status = attempt(form, lambda: act(leaver=leaver, by=by, now=now, **form.values()))
        if status == READY:
            messages.success(request, _moved(len(issues)))
            return redirect("issues:index")
    elsewhere = Issue.objects.open().filter(owner=leaver).count() - len(issues)
    context = {"leaver": leaver, "issues": issues, "form": form, "elsewhere": elsewhere}
    return render(request, "issues/transfer.html", context, status=status)


def _moved(count: int) -> str:
    words = ngettext(
        "%(count)d issue has a new owner. They are told.", "%(count)d issues have new owners. They are told.", count
    )
    return words % {"count": count}
