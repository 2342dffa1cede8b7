"""Publishing a season: every warning on one page, then the invitations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from people.errors import NotAllowed, Refused
from shadowing.models import Season
from shadowing.views.visits import get_or_post, me
from shadowing.visits import actions, publishing, telling, warnings
from shadowing.visits.forms import PublishForm


@get_or_post
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """GET lists who will be told and what deserves a look; POST invites everybody."""
    user = me(request)
    season = get_object_or_404(Season.objects.visible_to(user), slug=slug)
    if not publishing.may_publish(user, season):
        raise Http404
    error, status = "", 200
    if request.method == "POST":
        error, status = invite(request, season)
        if not error:
            return redirect("shadowing:season", slug=season.slug)
    return render(request, "shadowing/visit_publish.html", context(season) | {"error": error}, status=status)


def invite(request: HttpRequest, season: Season) -> tuple[str, int]:
    """Publish with what was acknowledged; the words and status of a refusal, or nothing."""
    form = PublishForm(request.POST)
    form.is_valid()
    user = me(request)
    try:
        visits = actions.publish_season(season=season, acknowledged=form.keys(), by=user, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        return str(refusal), refusal.status
    words = ngettext("%(number)d visit published.", "%(number)d visits published.", len(visits))
    messages.success(request, words % {"number": len(visits)})
    return "", 200


def context(season: Season) -> dict[str, Any]:
    """The visits to publish, who hears of them, and every warning."""
    visits = publishing.to_publish(season)
    doubts = warnings.of_visits(season, visits, now=timezone.now())
    return {
        "season": season,
        "visits": visits,
        "told": len({reader.user.pk for visit in visits for reader in telling.readers(visit)}),
        "unreachable": sorted({r.user.name for v in visits for r in telling.readers(v) if not r.user.address}),
        "warnings": doubts,
        "seen": " ".join(warned.key for warned in doubts),
    }
