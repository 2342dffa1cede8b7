"""Publishing a season: every warning on one page, ticked off one by one or by kind, then the invitations."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from people.errors import NotAllowed, Refused
from people.requests import PersonRequest
from shadowing.models import Season, SeasonSite
from shadowing.notices import previewing
from shadowing.visits import acknowledging, actions, publish_page, publishing
from shadowing.visits.forms import PublishForm


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PersonRequest, slug: str) -> HttpResponse:
    """GET lists who will be told and what deserves a look; POST invites everybody."""
    season, places = fetch(request, slug)
    error, status = "", 200
    if request.method == "POST":
        error, status = invite(request, season)
        if not error:
            return redirect("shadowing:season", slug=season.slug)
    now, visits = timezone.now(), publishing.to_publish(season)
    context = publish_page.publish_page(season, places, visits, now=now) | {"error": error}
    if visits:
        context["preview"] = previewing.invitations(visits[0], now=now)
    return render(request, "shadowing/visit_publish.html", context, status=status)


def fetch(request: PersonRequest, slug: str) -> tuple[Season, list[SeasonSite]]:
    """The season with its sites where the person may publish it, in one query; 404 where not."""
    opened = SeasonSite.objects.select_related("season__program", "site").order_by("site__name", "pk")
    places = list(opened.filter(season__slug=slug, season__in=Season.objects.visible_to(request.user)))
    if not places or not request.user.coordinates_all([place.site_id for place in places]):
        raise Http404
    return places[0].season, places


def invite(request: PersonRequest, season: Season) -> tuple[str, int]:
    """Publish with what was acknowledged; the words and status of a refusal, or nothing."""
    form = PublishForm(request.POST)
    form.is_valid()
    try:
        visits = actions.publish_season(
            season=season, acknowledged=form.keys(), by=request.user, now=timezone.now()
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refused as refusal:
        return str(refusal), refusal.status
    words = ngettext("%(number)d visit published.", "%(number)d visits published.", len(visits))
    messages.success(request, words % {"number": len(visits)})
    return "", 200


@require_POST
def acknowledge(request: PersonRequest, slug: str) -> HttpResponse:
    """Let warnings stand: those ticked (``key``), or all of one kind (``kind``)."""
    number = acknowledging.acknowledge_many(
        season=fetch(request, slug)[0], keys=set(request.POST.getlist("key")), code=request.POST.get("kind", ""),
        by=request.user, now=timezone.now(),
    )  # fmt: skip
    words = ngettext("%(number)d warning acknowledged.", "%(number)d warnings acknowledged.", number)
    messages.success(request, words % {"number": number})
    return redirect("shadowing:publish", slug=slug)
