"""The phone page of a visit: what is on now, and a note written down on the spot."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shadowing.models import NoteKind, Visit, VisitState
from shadowing.views.visits import find, get_or_post, me, outcome
from shadowing.visits import notes, pages, rules
from shadowing.visits.forms import NoteForm

ICONS = {
    NoteKind.OBSTACLE: "traffic-cone",
    NoteKind.IDEA: "lightbulb",
    NoteKind.PRAISE: "heart",
    NoteKind.CUSTOMER: "quote",
    NoteKind.HELPED: "hand-helping",
}


@get_or_post
def floor(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """GET shows the page, POST keeps a note; text that may name a customer comes back with a question."""
    user = me(request)
    found, status = find(request, visit_id), 200
    if not notes.may_write(user, found):
        raise Http404
    form = NoteForm(request.POST) if request.method == "POST" else NoteForm.blank()
    if request.method == "POST":
        status = outcome(form, lambda data, now: keep(found, user, data, now))
        if status == 200:
            messages.success(request, _("Kept."))
            return redirect("shadowing:floor", visit_id=found.uuid)
    return render(request, "shadowing/visit_floor.html", floor_context(found, user, form), status=status)


def keep(found: Visit, user: Any, data: dict[str, Any], now: Any) -> Visit:
    notes.write_note(visit=found, by=user, now=now, **data)
    return found


def floor_context(found: Visit, user: Any, form: NoteForm) -> dict[str, Any]:
    """All the phone page shows."""
    now = timezone.now()
    ready = found.state in (VisitState.CONFIRMED, VisitState.HELD) and rules.local_date(found.site, now) >= found.date
    mine = [note for note in notes.notes_of(found, user) if note.author_id == user.pk]
    return {
        "visit": found,
        "form": form,
        "times": pages.times(found, pages.room_of(found), reader=user.zone, now=now),
        "ready": ready,
        "kinds": [(kind.value, kind.label, ICONS[kind]) for kind in NoteKind],
        "chosen": form["kind"].value(),
        "asks_again": bool(form.errors.get("text")) and form.is_bound and bool(form["text"].value()),
        "notes": mine,
        "take_away": pages.take_away_url(found) if user.pk == found.executive_id else "",
    }
