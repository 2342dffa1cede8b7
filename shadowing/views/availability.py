"""Pages on which people say which days they cannot."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.errors import NotAllowed, Refused
from people.models import User
from people.requests import PersonRequest
from shadowing.availability import actions, month, rules
from shadowing.availability.forms import CalendarForm, DayForm, ListForm
from shadowing.availability.ics import busy_days, default_span
from shadowing.availability.lines import MAX_BYTES
from shadowing.availability.month import day_of, first_month, month_of, seasons_asking
from shadowing.models import UnavailableSource


def fetch(request: PersonRequest, user_id: int) -> User:
    """The person whose days these are, where the reader may set them; 404 where not."""
    rows = rules.people_open_to(request.user).select_related("executive", "host__team")
    person: User = get_object_or_404(rows, pk=user_id)
    return person


@require_safe
def availability(request: PersonRequest) -> HttpResponse:
    """One's own days; assistants find their executives."""
    return _page(request, fetch(request, request.user.pk))


@require_safe
def person_availability(request: PersonRequest, user_id: int) -> HttpResponse:
    """Somebody else's days, for their assistant or a coordinator."""
    if user_id == request.user.pk:
        return redirect("shadowing:availability")
    return _page(request, fetch(request, user_id))


def _page(request: PersonRequest, person: User, *, form: CalendarForm | None = None, status: int = 200) -> HttpResponse:
    today, seasons = _today(person), seasons_asking(person)
    first = first_month(request.GET.get("month", ""), today=today, seasons=seasons)
    own = person.pk == request.user.pk
    context = {
        "person": person,
        "own": own,
        "month": month_of(person, first=first, today=today, seasons=seasons),
        "seasons": seasons,
        "entries": month.host_entries(person, seasons) if own else [],
        "assisted": User.objects.filter(executive__assistant=request.user.pk).order_by("name_key", "pk") if own else [],
        "form": form or CalendarForm(),
        "today": today,
    }
    return render(request, "shadowing/availability.html", context, status=status)


def _today(person: User) -> date:
    """The person's own date, whoever looks."""
    return timezone.localdate(timezone=person.zone)


@require_POST
def turn_day(request: PersonRequest, user_id: int) -> HttpResponse:
    """Turn one date around."""
    person, form = fetch(request, user_id), DayForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose a day."))
    day = form.cleaned_data["day"]
    actions.toggle_day(person=person, day=day, by=request.user, now=timezone.now())
    if not request.htmx:
        return redirect(f"{_address(request, person)}?month={day:%Y-%m}")
    cell = day_of(person, day, today=_today(person), seasons=seasons_asking(person))
    return render(request, "shadowing/_day.html", {"day": cell, "person": person, "fresh": True})


def _address(request: PersonRequest, person: User) -> str:
    return month.address(person, own=person.pk == request.user.pk)


@require_POST
def confirm(request: PersonRequest, user_id: int) -> HttpResponse:
    """All days are named; the others will do."""
    person = fetch(request, user_id)
    actions.confirm_days(person=person, by=request.user, now=timezone.now())
    messages.success(request, _("Noted. The days that are not marked will do."))
    return redirect(_address(request, person))


@require_POST
def upload(request: PersonRequest, user_id: int) -> HttpResponse:
    """Read a calendar file, take its days over, and show what it came to."""
    person, form = fetch(request, user_id), CalendarForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, person, form=form, status=422)
    first, last = default_span(_today(person))
    try:
        content = form.cleaned_data["file"].read(MAX_BYTES + 1)
        found = busy_days(content, zone=person.zone, first=first, last=last)
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return _page(request, person, form=form, status=422)
    actions.set_unavailable_days(
        person=person, source=UnavailableSource.ICS, days=found.days, by=request.user, now=timezone.now(),
        first=first, last=last,
    )  # fmt: skip
    context = {"person": person, "found": found, "first": first, "last": last, "back": _address(request, person)}
    return render(request, "shadowing/availability_read.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def day_list(request: PersonRequest) -> HttpResponse:
    """A coordinator pastes or uploads the days of several people."""
    if "coordinator" not in request.user.grants and not request.user.is_admin:
        raise NotAllowed(_("Lists are for coordinators."))
    form, result = ListForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            result = actions.import_day_list(content=form.content(), by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.is_bound and result is None else 200
    days = sum(map(len, result.days.values())) if result else 0
    return render(request, "shadowing/day_list.html", {"form": form, "result": result, "days": days}, status=status)
