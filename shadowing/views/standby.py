"""The standby host of a visit day: named by a coordinator, asked by message, and stepping in."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from notifications.links import GONE, LinkGone, Purpose
from notifications.models import Link
from people.errors import Refused
from people.models import Site
from people.requests import PersonRequest
from shadowing.models import VisitDay
from shadowing.notices.standby import PURPOSE, id_of
from shadowing.repairs import standby
from shadowing.views.visits import find, get_or_post


@require_POST
def name_standby(request: PersonRequest, site: str, day: date) -> HttpResponse:
    """Name the standby host, or nobody."""
    found = get_object_or_404(Site, slug=site)
    if not request.user.coordinates(found.pk):
        raise Http404
    chosen = request.POST.get("host", "")
    hosts = {str(host.pk): host for host in standby.candidates(found, day)}
    if chosen and chosen not in hosts:
        raise Refused(_("Choose somebody of the list: the others are not free on this day."))
    now_named = standby.name_standby(site=found, day=day, host=hosts.get(chosen), by=request.user, now=timezone.now())
    words = _("%(host)s stands by, and is told.") if now_named.standby else _("Nobody stands by now.")
    messages.success(request, words % {"host": now_named.standby})
    return redirect("shadowing:visit_day", site=site, day=day)


@require_POST
def step_in(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """The day's standby becomes the host of this visit."""
    made = standby.step_in(visit=find(request, visit_id), by=request.user, now=timezone.now())
    words = _("%(host)s steps in for %(who)s. Only those it touches are told.")
    messages.success(request, words % {"host": made.host, "who": made.executive})
    return redirect(made)


@get_or_post
def standby_asked(request: PersonRequest, site: str, day: date) -> HttpResponse:
    """The standby host's own page: whether they can after all."""
    rows = VisitDay.objects.select_related("site").filter(standby=request.user.pk)
    found = get_object_or_404(rows, site__slug=site, date=day)
    if request.method == "POST":
        standby.say_no(site=found.site, day=day, by=request.user, now=timezone.now())
        messages.success(request, _("Noted: somebody else is looked for."))
        return redirect("home")
    return render(request, "shadowing/standby_asked.html", {"day": found, "stands": True})


def by_link(request: HttpRequest, link: Link) -> HttpResponse:
    """The same without signing in: a GET shows, a POST says no."""
    day = VisitDay.objects.select_related("site").filter(pk=id_of(link.subject) or 0).first()
    if day is None:
        raise LinkGone(str(GONE))
    context: dict[str, Any] = {"day": day, "stands": day.standby_id == link.user_id}
    if request.method == "POST" and context["stands"]:
        standby.say_no(site=day.site, day=day.date, by=link.user, now=timezone.now())
        context |= {"stands": False, "said_no": True}
    return render(request, "shadowing/standby_asked.html", context)


STANDBY = Purpose(PURPOSE, by_link)
