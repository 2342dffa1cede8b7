"""Who has left, and who is back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people.actions import mark_left, mark_returned
from people.actions.leaving import may_mark_left
from people.errors import NotAllowed, Refused
from people.forms import LeavingForm
from people.models import User
from people.requests import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
def left(request: PersonRequest, pk: int) -> HttpResponse:
    """The form that says since when somebody is no longer here."""
    person, now, status = _person(request, pk), timezone.now(), 200
    today = timezone.localdate(now, person.zone)
    form = LeavingForm(request.POST if request.method == "POST" else None, initial={"left_on": today})
    if request.method == "POST":
        try:
            if form.is_valid():
                mark_left(person=person, left_on=form.cleaned_data["left_on"], by=request.user, now=now)
                messages.success(request, _("Noted: %(name)s has left.") % {"name": person.name})
                return redirect("people:person", person.pk)
            status = 422
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
            status = refusal.status
    return render(request, "people/left.html", {"person": person, "form": form}, status=status)


@require_POST
def returned(request: PersonRequest, pk: int) -> HttpResponse:
    """Back again, or never gone."""
    person = mark_returned(person=_person(request, pk), by=request.user, now=timezone.now())
    messages.success(request, _("Noted: %(name)s is here.") % {"name": person.name})
    return redirect("people:person", person.pk)


def _person(request: PersonRequest, pk: int) -> User:
    """The person of the page, for those who may say so. Raises NotAllowed."""
    people = User.objects.visible_to(request.user).select_related("executive", "host__team")
    person = get_object_or_404(people, pk=pk)
    if not may_mark_left(request.user, person):
        raise NotAllowed(_("Whether this person has left is not yours to say."))
    return person
