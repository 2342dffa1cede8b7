"""Taking an issue away from a held visit, and letting a visit be without one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from issues import actions, rules
from issues.errors import Conflict
from issues.forms import WaiveForm
from issues.models import Issue
from issues.similar import similar
from issues.take_away_form import TakeAwayForm, joined
from issues.views.similar import number
from issues.views.verbs import READY, attempt
from people.models import User
from people.requests import PersonRequest
from shadowing.models import FloorNote, NoteKind, Visit

NOTES = 20  # shown beside the form


def _visit(request: PersonRequest, visit: UUID) -> Visit:
    """The visit, if this person may see it."""
    people = ("executive__user", "executive__assistant", "host__user", "host__team", "site")
    seen = Visit.objects.visible_to(request.user).select_related(*people)
    return get_object_or_404(seen, uuid=visit)


@require_http_methods(["GET", "POST"])
def take_away(request: PersonRequest, visit: UUID) -> HttpResponse:
    """The form an executive fills at the end of the day, prefilled from the floor notes of the visit."""
    found, user = _visit(request, visit), request.user
    if not rules.may_take_away(user, found):
        raise Http404
    if not rules.owes_take_away(found):
        raise Conflict(_("Only a visit that was held can be followed by a take-away."))
    about: dict[str, Any] = {"host": found.host.user, "user": user, "notes": _notes(user, found)}
    if request.POST.get("do") in ("notes", "similar"):
        return _form_page(request, found, _again(request.POST, about))
    form = TakeAwayForm(request.POST if request.method == "POST" else None, **about)
    if request.method != "POST":
        return _form_page(request, found, form)
    made: list[Issue] = []
    now = timezone.now()
    status = attempt(form, lambda: made.append(actions.take_away(visit=found, by=user, now=now, **form.values())))
    if not made:
        return _form_page(request, found, form, status)
    messages.success(request, _("Taken away. %(host)s reads what you promise") % {"host": found.host.user.first_name})
    return redirect(made[0])


def _again(typed: QueryDict, about: dict[str, Any]) -> TakeAwayForm:
    """The form as it was typed, with the notes ticked now; nothing is judged or kept yet."""
    chosen = typed.getlist("notes")
    values = typed.dict() | {"notes": chosen}
    if typed.get("do") == "notes":
        values["obstacle"] = joined(typed.get("obstacle", ""), about["notes"], chosen)
    return TakeAwayForm(initial=values, **about)


def _form_page(request: PersonRequest, found: Visit, form: TakeAwayForm, status: int = READY) -> HttpResponse:
    """The form beside the day's notes, what was taken away from this visit already, and what is like it."""
    made = list(Issue.objects.visible_to(request.user).filter(origin_visit=found).order_by("number"))
    chosen = number(str(form["earlier"].value() or ""))
    said = form["title"].value() or form["obstacle"].value() or ""
    alike = similar(request.user, said, chosen=chosen, without=[issue.pk for issue in made])
    context = {"visit": found, "form": form, "made": made, "found": alike, "chosen": chosen}
    context |= {"notes": form.written, "ticked": form["notes"].value() or []}
    context |= {"may_waive": rules.may_waive(request.user, found)}
    return render(request, "issues/take_away.html", context, status=status)


def _notes(user: User, found: Visit) -> list[FloorNote]:
    """What this person may read of the visit's notes: obstacles first, the executive's own before others."""
    notes = FloorNote.objects.visible_to(user).filter(visit=found).select_related("author")
    rows = list(notes.order_by("written_at", "pk")[:NOTES])
    for note in rows:
        note.visit = found
    return sorted(rows, key=lambda note: (note.kind != NoteKind.OBSTACLE, note.author_id != found.executive_id))


@require_http_methods(["GET", "POST"])
def waive(request: PersonRequest, visit: UUID) -> HttpResponse:
    """A coordinator lets a held visit be without an issue."""
    found, user, status = _visit(request, visit), request.user, READY
    if not rules.may_waive(user, found):
        raise Http404
    form = WaiveForm(request.POST or None)
    if request.method == "POST":
        now = timezone.now()
        status = attempt(form, lambda: actions.waive_take_away(visit=found, by=user, now=now, **form.cleaned_data))
        if status == READY:
            messages.success(request, _("This visit owes nothing any more"))
            return redirect("issues:owed")
    return render(request, "issues/waive.html", {"visit": found, "form": form}, status=status)
