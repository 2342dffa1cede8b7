"""Naming days from a message, without signing in: a GET shows the month, a POST turns days. One season, one person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.links import GONE, LinkGone, Purpose
from notifications.models import Link
from people.errors import NotAllowed, Refused
from people.models import User
from shadowing.availability import actions, page
from shadowing.models import Season
from shadowing.notices.asking import season_id_of


def days(request: HttpRequest, link: Link) -> HttpResponse:
    """The days of the link's person, or of the executive they assist. Closed once the season begins or is published."""
    person = person_of(link)
    if request.method == "POST":
        return turn(request, link, person)
    return render(request, "shadowing/link_days.html", context_of(request, link, person))


def person_of(link: Link) -> User:
    """Whose days they are. Raises LinkGone when the season no longer asks them, or has begun."""
    whose = link.on_behalf_of or link.user
    person = User.objects.select_related("executive__home_site", "host__team__site").get(pk=whose.pk)
    season = Season.objects.filter(pk=season_id_of(link.subject) or 0).first()
    if season is None or not is_open(season, person) or not takes_part(season, person):
        raise LinkGone(str(GONE))
    return person


def is_open(season: Season, person: User) -> bool:
    """Days are named by a link until the season is published or begins."""
    return not season.is_published and timezone.localdate(timezone=person.zone) < season.starts_on


def takes_part(season: Season, person: User) -> bool:
    """Whether the season still counts with them."""
    return season.executives.filter(executive=person.pk).exists() or season.hosts.filter(host=person.pk).exists()


def context_of(request: HttpRequest, link: Link, person: User, *, month: str = "") -> dict[str, Any]:
    """All the page shows: the same month as the signed-in page, with nothing that leads further in."""
    today = timezone.localdate(timezone=person.zone)
    shown = page.days_page(person, link.user, month=month or request.GET.get("month", ""), today=today)
    return shown | {"own": link.on_behalf_of is None, "linked": False, "turn_url": request.path}


def turn(request: HttpRequest, link: Link, person: User) -> HttpResponse:
    """What was pressed: a day, a week, or that the others will do."""
    try:
        day = press(request, link, person)
    except NotAllowed as error:
        raise LinkGone(str(GONE)) from error
    except Refused as refusal:
        context = context_of(request, link, person) | {"error": str(refusal)}
        return render(request, "shadowing/link_days.html", context, status=refusal.status)
    month = f"{day:%Y-%m}" if day else request.POST.get("month", "")[:7]
    if request.headers.get("HX-Request"):
        return swapped(request, link, person, day, month)
    return redirect(f"{request.path}?month={month}")


def swapped(request: HttpRequest, link: Link, person: User, day: date | None, month: str) -> HttpResponse:
    """What takes the place of the pressed day, or of the month when a week was pressed."""
    if day is None:
        return render(request, "shadowing/_month.html", context_of(request, link, person, month=month))
    context = page.pressed(person, link.user, day, today=timezone.localdate(timezone=person.zone))
    return render(request, "shadowing/_day_pressed.html", context | {"turn_url": request.path, "linked": False})


def press(request: HttpRequest, link: Link, person: User) -> date | None:
    """One press, as the link's person. The date that was turned, if it was one. Raises NotAllowed or Refused."""
    if "confirm" in request.POST:
        actions.confirm_days(person=person, by=link.user, now=timezone.now())
        messages.success(request, _("Noted. The days that are not marked will do. This page can be closed."))
        return None
    return page.press(person=person, data=request.POST, by=link.user, now=timezone.now())


DAYS = Purpose("shadowing.days", days)
