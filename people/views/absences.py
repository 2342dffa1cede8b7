"""Away, with somebody who stands in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people.actions import end_absence, set_absence
from people.actions.absences import may_set_absence
from people.errors import NotAllowed, Refused
from people.forms import AbsenceForm
from people.models import Absence, User
from people.requests import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: PersonRequest, pk: int) -> HttpResponse:
    """The absences of a person, and the form for one more."""
    person, now, status = _person(request, pk), timezone.now(), 200
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            if form.is_valid():
                set_absence(person=person, **form.values(), by=request.user, now=now)
                messages.success(request, _("Noted. Reminders follow it from now on."))
                return redirect("people:away", person.pk)
            status = 422
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
            status = refusal.status
    return _page(request, person, form, status)


@require_POST
def back(request: PersonRequest, pk: int) -> HttpResponse:
    """End an absence, or take back one that has not begun."""
    seen = Absence.objects.filter(user__in=User.objects.visible_to(request.user).values("pk"))
    absence = get_object_or_404(seen, pk=pk)
    end_absence(absence_id=absence.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Done. Reminders go to the person themselves again."))
    return redirect("people:away", absence.user_id)


def _person(request: PersonRequest, pk: int) -> User:
    """The person of the page, for those who may speak for them. Raises NotAllowed."""
    people = User.objects.visible_to(request.user).select_related("executive__assistant", "host__team")
    person = get_object_or_404(people, pk=pk)
    if not may_set_absence(request.user, person):
        raise NotAllowed(_("This person is not yours to speak for."))
    return person


def _page(request: PersonRequest, person: User, form: AbsenceForm, status: int) -> HttpResponse:
    today = timezone.localdate(timezone.now(), person.zone)
    rows = Absence.objects.filter(user=person).coming(today).select_related("substitute")
    context = {"person": person, "form": form, "absences": rows, "own": person == request.user, "today": today}
    return render(request, "people/away.html", context, status=status)
