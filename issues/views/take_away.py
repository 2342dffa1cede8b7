"""Taking an issue away from a held visit, and letting a visit be without one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from issues import actions, rules
from issues.errors import Conflict
from issues.forms import TakeAwayForm, WaiveForm
from issues.models import Issue
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
    notes = _notes(user, found)
    form = TakeAwayForm(request.POST if request.method == "POST" else None, initial=_prefilled(notes))
    if request.method != "POST":
        return _form_page(request, found, form, notes, READY)
    made: list[Issue] = []
    now = timezone.now()
    status = attempt(form, lambda: made.append(actions.take_away(visit=found, by=user, now=now, **form.cleaned_data)))
    if not made:
        return _form_page(request, found, form, notes, status)
    told = {"host": found.host.user.first_name}
    messages.success(request, _("Taken away. %(host)s reads what you promise") % told)
    return redirect(made[0])


def _form_page(
    request: PersonRequest, found: Visit, form: TakeAwayForm, notes: list[FloorNote], status: int
) -> HttpResponse:
    """The form beside the day's notes and what was taken away from this visit already."""
    earlier = Issue.objects.visible_to(request.user).filter(origin_visit=found).order_by("number")
    may_waive = rules.may_waive(request.user, found)
    context = {"visit": found, "form": form, "notes": notes, "earlier": earlier, "may_waive": may_waive}
    return render(request, "issues/take_away.html", context, status=status)


def _notes(user: User, found: Visit) -> list[FloorNote]:
    notes = FloorNote.objects.visible_to(user).filter(visit=found).select_related("author")
    return list(notes.order_by("written_at", "pk")[:NOTES])


def _prefilled(notes: list[FloorNote]) -> dict[str, Any]:
    """The obstacles that were written down on the floor, in the words of the day."""
    obstacles = [note.text for note in notes if note.kind == NoteKind.OBSTACLE]
    return {"obstacle": "\n\n".join(obstacles)[:4000]}


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
            return redirect("issues:index")
    return render(request, "issues/waive.html", {"visit": found, "form": form}, status=status)
