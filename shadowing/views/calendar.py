"""A person's own calendar address."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shadowing.calendar import feeds
from shadowing.models import CalendarFeed
from shadowing.views.visits import get_or_post, me


@get_or_post
def calendar(request: HttpRequest) -> HttpResponse:
    """GET says whether there is an address, POST makes a new one and shows it this once."""
    user = me(request)
    address = ""
    if request.method == "POST":
        secret = feeds.make_feed(by=user, now=timezone.now())
        address = settings.SITE_URL + reverse("shadowing:calendar_feed", args=[secret])
    feed = CalendarFeed.objects.filter(user=user).first()
    return render(request, "shadowing/calendar.html", {"feed": feed, "address": address})


@require_POST
def calendar_end(request: HttpRequest) -> HttpResponse:
    """The address stops working."""
    user = me(request)
    feeds.end_feed(by=user, now=timezone.now())
    messages.success(request, _("Your calendar address no longer works."))
    return redirect("shadowing:calendar")


@require_GET
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The feed itself: whoever knows the address reads it, so it can be replaced at any time."""
    user = feeds.owner_of(secret)
    if user is None:
        raise Http404
    with translation.override(user.language or settings.LANGUAGE_CODE):
        content = feeds.content(user, now=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="back-to-the-floor.ics"'
    return response
