"""Printed slips for people without an address of their own."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from people.errors import NotAllowed, Refused
from people.models import Site
from people.requests import PersonRequest
from surveys.models import Round
from surveys.rounds.audiences import asked_sites
from surveys.rounds.coming import coming_visits
from surveys.slips import may_print, none_now, people_of, print_slips
from surveys.views.rounds import fetch


@require_http_methods(["GET", "HEAD", "POST"])
def slips(request: PersonRequest, pk: int) -> HttpResponse:
    """Choose whose slips to print; the answer to the form is the sheet itself, at no address of its own."""
    found = fetch(request, pk)
    sites = _sites(request, found)
    site = _chosen(request, sites)
    if request.method != "POST":
        return _choice(request, found, sites, site)
    users = [int(value) for value in request.POST.getlist("people") if value.isdecimal() and len(value) < 19]
    try:
        printed = print_slips(round_id=pk, site=site, users=users, by=request.user, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        return _choice(request, found, sites, site, refusal)
    context = {"round": found, "site": site, "slips": printed, "kiosk": _terminal()}
    return render(request, "surveys/slips_print.html", context)


def _choice(
    request: PersonRequest, found: Round, sites: list[Site], site: Site, refusal: Refused | None = None
) -> HttpResponse:
    """The list of people; only the reason where no slips are made now."""
    if refusal:
        found.refresh_from_db(fields=["state"])  # it may have been closed since it was read
    context = {"round": found, "sites": sites, "site": site, "refusal": refusal, "none_now": none_now(found)}
    if not context["none_now"]:
        context |= {"people": people_of(found, site), "coming": coming_visits(found, request.user, site=site)}
    return render(request, "surveys/slips.html", context, status=refusal.status if refusal else 200)


def _terminal() -> str:
    """The shared terminal's address as people type it."""
    return (settings.SITE_URL + reverse("surveys:kiosk")).partition("://")[2]


def _sites(request: PersonRequest, found: Round) -> list[Site]:
    """The round's sites whose slips this person prints; 404 when there is none."""
    sites = Site.objects.filter(pk__in=asked_sites(found)).order_by("name_key")
    mine = [site for site in sites if may_print(found, site.pk, request.user)]
    if not mine:
        raise Http404
    return mine


def _chosen(request: PersonRequest, sites: list[Site]) -> Site:
    asked = request.GET.get("site")
    if asked is None:
        return sites[0]
    return get_object_or_404(Site.objects.filter(pk__in=[site.pk for site in sites]), slug=asked)
