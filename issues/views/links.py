"""What one-click links about an issue show and do: a GET shows, a POST acts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from notifications.models import Link


def update(request: HttpRequest, link: Link) -> HttpResponse:
    """The 20-second form of an owner or assistant."""
    raise Http404


def confirm(request: HttpRequest, link: Link) -> HttpResponse:
    """The host's word."""
    raise Http404
