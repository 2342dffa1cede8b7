"""Pages on which people say which days they cannot."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.errors import NotAllowed, Refused
from people.models import User
from people.requests import PersonRequest
from shadowing.availability import actions, month, page, rules
from shadowing.availability.forms import CalendarForm, ListForm, SourceForm, TakeOverForm
from shadowing.availability.ics import default_span
from shadowing.availability.reading import read_given


def fetch(request: PersonRequest, user_id: int) -> User:
    """The person whose days these are, where the reader may set them; 404 where not."""
    rows = rules.people_open_to(request.user).select_related("executive__home_site", "host__team__site")
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
    today, own = _today(person), person.pk == request.user.pk
    context = page.days_page(person, request.user, month=request.GET.get("month", ""), today=today)
    context |= {
        "own": own,
        "linked": True,
        "assisted": User.objects.filter(executive__assistant=request.user.pk).order_by("name_key", "pk") if own else [],
        "marked": page.marked_by_source(person, today=today),
        "form": form or CalendarForm(),
        "open_form": form is not None,
    }
    return render(request, "shadowing/availability.html", context, status=status)


def _today(person: User) -> date:
    """The person's own date, whoever looks."""
    return timezone.localdate(timezone=person.zone)


@require_POST
def turn_day(request: PersonRequest, user_id: int) -> HttpResponse:
    """Turn one date around, or mark a week."""
    person = fetch(request, user_id)
    day = page.press(person=person, data=request.POST, by=request.user, now=timezone.now())
    shown = f"{day:%Y-%m}" if day else request.POST.get("month", "")[:7]
    if not request.htmx:
        return redirect(f"{_address(request, person)}?month={shown}")
    about = {"linked": True, "turn_url": request.path}
    if day:
        context = page.pressed(person, request.user, day, today=_today(person))
        return render(request, "shadowing/_day_pressed.html", context | about)
    context = page.days_page(person, request.user, month=shown, today=_today(person))
    return render(request, "shadowing/_month.html", context | about)


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
    """Read a calendar or a list of days, and show what would be marked. Nothing is written yet."""
    person, form = fetch(request, user_id), CalendarForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, person, form=form, status=422)
    try:
        found = read_given(form.cleaned_data, zone=person.zone, today=_today(person))
    except Refused as refusal:
        form.add_error("file" if form.cleaned_data.get("file") else "text", str(refusal))
        return _page(request, person, form=form, status=422)
    asked = month.asked_of(person, today=_today(person))
    context = {"person": person, "found": found, "visit_days": asked.visit_days_in(found.days), "asked": asked}
    return render(request, "shadowing/availability_read.html", context | {"back": _address(request, person)})


@require_POST
def take_over(request: PersonRequest, user_id: int) -> HttpResponse:
    """Mark the days that were read; they replace those of the same source."""
    person, form = fetch(request, user_id), TakeOverForm(request.POST)
    if not form.is_valid():
        raise Refused(_("These days cannot be read any more. Read the calendar again."))
    first, last = default_span(_today(person))
    days = [day for day in form.cleaned_data["days"] if first <= day <= last]
    actions.set_unavailable_days(
        person=person, source=form.cleaned_data["source"], days=days, by=request.user, now=timezone.now(),
        first=first, last=last,
    )  # fmt: skip
    words = ngettext("%(number)d day is marked. It can be taken back below.",
                     "%(number)d days are marked. They can be taken back below.", len(days))  # fmt: skip
    messages.success(request, words % {"number": len(days)})
    return redirect(_address(request, person))


@require_POST
def undo(request: PersonRequest, user_id: int) -> HttpResponse:
    """Take back all days ahead of one source."""
    person, form = fetch(request, user_id), SourceForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose what to take back."))
    actions.take_back(person=person, source=form.cleaned_data["source"], by=request.user, now=timezone.now())
    messages.success(request, _("Taken back. What other sources say stays."))
    return redirect(_address(request, person))


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
