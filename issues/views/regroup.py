"""From a group of a regroup to one shared issue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from issues import actions, rules
from issues.errors import Conflict, NotAllowed, Refused
from issues.models import Issue
from issues.regroup import made_of, teams_of, visits_of
from issues.regroup_form import RegroupIssueForm
from issues.similar import similar
from issues.take_away_form import joined
from issues.views.similar import number
from issues.views.verbs import READY, attempt
from people.models import User
from people.requests import PersonRequest
from shadowing.models import FloorNote, GroupOutcome, RegroupGroup, Visit, VisitDay
from shadowing.models.regroup import RegroupGroupQuerySet
from shadowing.regroup.actions import require_next
from shadowing.regroup.board import open_day
from shadowing.regroup.gone import Gone, what_became
from shadowing.regroup.rules import may_change

NOTES = 40  # shown beside the form


@require_http_methods(["GET", "POST"])
def regroup(request: PersonRequest, group: int) -> HttpResponse:
    """The form that makes a group one issue, begun from its notes; a group that is one leads to it. Who sends the form
    too late keeps what they typed."""
    found = _groups(request.user).filter(pk=group).first()
    if found is None:
        return _too_late(request, group)
    if request.method != "POST":
        made = made_of(found, request.user)
        return redirect(made) if made else _begin(request, found)
    about = _about(request, found)
    if request.POST.get("do") in ("notes", "similar"):
        return _form_page(request, found, _again(request.POST, about))
    return _raise(request, found, RegroupIssueForm(request.POST, **about))


def _begin(request: PersonRequest, found: RegroupGroup) -> HttpResponse:
    """The form as it begins. Raises Conflict where the group goes on elsewhere."""
    require_next(found, GroupOutcome.ISSUE)
    return _form_page(request, found, RegroupIssueForm(**_about(request, found)))


def _raise(request: PersonRequest, found: RegroupGroup, form: RegroupIssueForm) -> HttpResponse:
    """Make it an issue and lead there; refused, the form comes back with the reason and what was typed."""
    raised: list[Issue] = []
    now, act, by = timezone.now(), actions.raise_from_group, request.user
    status = attempt(form, lambda: raised.append(act(group=found, by=by, now=now, **form.values())))
    if raised:
        messages.success(request, _("It is %(owner)s’s issue now") % {"owner": raised[0].owner.user.first_name})
        return redirect(raised[0])
    still = _groups(request.user).filter(pk=found.pk).first()
    if still is None:
        return _too_late(request, found.pk)
    found = still
    if not found.may_become(GroupOutcome.ISSUE):
        status = Conflict.status
    if status == Conflict.status and form.renew(found.version):
        form.add_error(None, _("What you typed is still here. Send it again if it still fits."))
    return _form_page(request, found, form, status)


def _too_late(request: PersonRequest, group: int) -> HttpResponse:
    """The form of a group that is there no more: what became of it, and what was typed, for the group its notes lie in
    now where there is one. 404 where this person never saw such a group."""
    day = VisitDay.objects.select_related("site").filter(pk=number(request.POST.get("day", "")) or 0).first()
    gone = what_became(day, group) if day and open_day(day.site, day.date, request.user) else None
    if day is None or gone is None:
        raise Http404
    found = gone.into or RegroupGroup(pk=group, day=day, name=gone.name)
    typed = request.POST.copy()
    typed["version"] = str(found.version)
    return _form_page(request, found, _again(typed, _about(request, found)), Conflict.status, gone)


def _groups(user: User) -> RegroupGroupQuerySet:
    """Groups this person reads, with their day and who settled them."""
    return RegroupGroup.objects.visible_to(user).select_related("day__site", "settled_by")


def _about(request: PersonRequest, found: RegroupGroup) -> dict[str, Any]:
    """What the form is made of. Raises NotAllowed, or Conflict while no visit was held whose executive could own it."""
    day = visits_of(found)
    visits = [visit for visit in day if rules.may_take_away(request.user, visit)]
    if not day:
        raise Conflict(_("Nobody of this day has been checked in yet. An issue is owned by somebody who was there."))
    if not visits:
        raise _not_there(request.user, found)
    return {"group": found, "visits": visits, "day": day, "user": request.user, "notes": _notes(request, found, day)}


def _not_there(user: User, found: RegroupGroup) -> Refused:
    """Why somebody who reads the group cannot make it an issue: it is not theirs, or their visit was not held yet."""
    site, day = found.day.site, found.day.date
    if may_change(user, site.pk, Visit.objects.on(site, day).select_related("executive")):
        return Conflict(
            _("The visit you speak for is not checked in yet. Only who was there can own an issue of the day.")
        )
    return NotAllowed(_("This group is not yours to take away."))


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
    request: PersonRequest, found: RegroupGroup, form: RegroupIssueForm, status: int = READY, gone: Gone | None = None
) -> HttpResponse:
    """The form beside the group's notes, and what is like it; ``late``: the group went another way meanwhile; ``gone``:
    the one the form was sent for is there no more, and this is the one its notes lie in, or what it was."""
    chosen = number(str(form["earlier"].value() or ""))
    said = form["title"].value() or form["obstacle"].value() or ""
    context = {"group": found, "form": form, "found": similar(request.user, said, chosen=chosen), "chosen": chosen}
    context |= {
        "notes": form.written,
        "ticked": form["notes"].value() or [],
        "teams": [team.name for team in teams_of(found)],
    }
    late = not found.may_become(GroupOutcome.ISSUE)
    context |= {"gone": gone, "closed": late or bool(gone and not gone.into)}
    context |= {"alone": len(form.visits) == 1, "late": late, "made": made_of(found, request.user) if late else None}
    return render(request, "issues/regroup.html", context, status=status)
