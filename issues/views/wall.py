"""You said, we did: the wall of a site for people who are signed in, and by its link for everybody who passes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from issues.models import WallLink
from issues.wall import actions, secrets
from issues.wall.rows import sites_of, wall_of
from people.models import Site
from people.qr import qr
from people.requests import PersonRequest


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """The walls this person reads; whoever has one wall is led to it."""
    sites = list(sites_of(request.user))
    if len(sites) == 1:
        return redirect("wall:site", sites[0].slug)
    return render(request, "issues/walls.html", {"sites": sites})


def _site(request: PersonRequest, slug: str) -> Site:
    return get_object_or_404(sites_of(request.user), slug=slug)


@require_safe
def site(request: PersonRequest, site: str) -> HttpResponse:
    """The wall of one site; coordinators also make, print and revoke its link here."""
    found = _site(request, site)
    may_link = request.user.coordinates(found.pk)
    context = _wall(found, request) | {"may_link": may_link}
    link = WallLink.objects.filter(site=found, revoked_at__isnull=True).first() if may_link else None
    return render(request, "issues/wall.html", context | _link(link))


def _wall(found: Site, request: HttpRequest) -> dict[str, Any]:
    today = timezone.localdate(timezone.now(), found.zone)
    return {"wall": wall_of(found, request.GET.get("season", "")), "today": today}


def _link(link: WallLink | None) -> dict[str, Any]:
    address = secrets.address_of(link) if link else ""
    return {"link": link, "address": address, "qr": qr(address, _("QR code of this wall’s address")) if link else ""}


@require_POST
def make_link(request: PersonRequest, site: str) -> HttpResponse:
    """A new address for the wall; one that hangs somewhere ends."""
    found = _site(request, site)
    actions.make_wall_link(site=found, by=request.user, now=timezone.now())
    messages.success(request, _("The wall has a new address. Print it with its QR code"))
    return redirect("wall:site", found.slug)


@require_POST
def revoke_link(request: PersonRequest, site: str) -> HttpResponse:
    """The address opens nothing any more."""
    found = _site(request, site)
    actions.revoke_wall_link(site=found, by=request.user, now=timezone.now())
    messages.success(request, _("The address opens nothing any more"))
    return redirect("wall:site", found.slug)


@require_safe
def public(request: HttpRequest, secret: str) -> HttpResponse:
    """The wall by its link: no sign-in, no cookie, not for search engines."""
    link = secrets.open_wall(secret)
    if link:
        response = render(request, "issues/wall_public.html", _wall(link.site, request) | _link(link))
    else:
        response = render(request, "issues/wall_gone.html", status=404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
