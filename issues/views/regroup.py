"""From a group of a regroup to one shared issue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from issues import actions, rules
from issues.errors import Conflict, NotAllowed
from issues.models import Issue
from issues.regroup import teams_of, visits_of
from issues.regroup_form import RegroupIssueForm
from issues.similar import similar
from issues.take_away_form import joined
from issues.views.similar import number
from issues.views.verbs import READY, attempt
from people.requests import PersonRequest
from shadowing.models import FloorNote, GroupOutcome, RegroupGroup
from shadowing.regroup.actions import require_next

NOTES = 40  # shown beside the form


@require_http_methods(["GET", "POST"])
def regroup(request: PersonRequest, group: int) -> HttpResponse:
    """The form that makes a group one issue, begun from its notes; a group that is one leads to it."""
    groups = RegroupGroup.objects.visible_to(request.user).select_related("day__site")
    found, user = get_object_or_404(groups, pk=group), request.user
    made = Issue.objects.visible_to(user).filter(regroup__group=found).first()
    if made and request.method == "GET":
        return redirect(made)
    require_next(found, GroupOutcome.ISSUE)
    about = _about(request, found)
    if request.POST.get("do") in ("notes", "similar"):
        return _form_page(request, found, _again(request.POST, about))
    form = RegroupIssueForm(request.POST if request.method == "POST" else None, **about)
    if request.method != "POST":
        return _form_page(request, found, form)
    return _raise(request, found, form)


def _raise(request: PersonRequest, found: RegroupGroup, form: RegroupIssueForm) -> HttpResponse:
    """Make it an issue and lead there; refused, the form comes back with the reason and what was typed."""
    raised: list[Issue] = []
    now, act, by = timezone.now(), actions.raise_from_group, request.user
    status = attempt(form, lambda: raised.append(act(group=found, by=by, now=now, **form.values())))
    if not raised:
        return _form_page(request, found, form, status)
    messages.success(request, _("It is %(owner)s’s issue now") % {"owner": raised[0].owner.user.first_name})
    return redirect(raised[0])


def _about(request: PersonRequest, found: RegroupGroup) -> dict[str, Any]:
    """What the form is made of. Raises NotAllowed, or Conflict while no visit of the day was held."""
    day = visits_of(found)
    visits = [visit for visit in day if rules.may_take_away(request.user, visit)]
    if not day:
        raise Conflict(_("Nobody of this day has been checked in yet. An issue is owned by somebody who was there."))
    if not visits:
        raise NotAllowed(_("This group is not yours to take away."))
    return {"group": found, "visits": visits, "day": day, "user": request.user, "notes": _notes(request, found, day)}


def _notes(request: PersonRequest, found: RegroupGroup, day: list[Any]) -> list[FloorNote]:
    """The group's notes this person may read."""
    notes = FloorNote.objects.visible_to(request.user).filter(place__group=found)
    return list(notes.select_related("author", "visit").order_by("written_at", "pk")[:NOTES])


def _again(typed: QueryDict, about: dict[str, Any]) -> RegroupIssueForm:
    """The form as it was typed, with the notes ticked now; nothing is judged or kept yet."""
    chosen = typed.getlist("notes")
    values = typed.dict() | {"notes": chosen}
    if typed.get("do") == "notes":
        values["obstacle"] = joined(typed.get("obstacle", ""), about["notes"], chosen)
    return RegroupIssueForm(initial=values, **about)


def _form_page(
    request: PersonRequest, found: RegroupGroup, form: RegroupIssueForm, status: int = READY
) -> HttpResponse:
    """The form beside the group's notes, and what is like it."""
    chosen = number(str(form["earlier"].value() or ""))
    said = form["title"].value() or form["obstacle"].value() or ""
    context = {"group": found, "form": form, "found": similar(request.user, said, chosen=chosen), "chosen": chosen}
    context |= {
        "notes": form.written,
        "ticked": form["notes"].value() or [],
        "teams": [team.name for team in teams_of(found)],
    }
    context |= {"alone": len(form.visits) == 1}
    return render(request, "issues/regroup.html", context, status=status)
