"""What every request passes: headers, the person's language and zone, the policy table, refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from floorprogram.policy import POLICY
from people.errors import NotAllowed, Refused
from people.standing_in import acts_for
from people.typed import typed_in

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
GetResponse = Callable[[HttpRequest], HttpResponse]


def security_headers(get_response: GetResponse) -> GetResponse:
    """No store for pages of signed-in people and secret addresses, isolation headers for all; no method but theirs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith("/" + settings.STATIC_URL.lstrip("/")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def person_settings(get_response: GetResponse) -> GetResponse:
    """Times in the person's zone, texts in their language, and for whom they stand in today."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return get_response(request)
        acts_for(user, timezone.now())
        language = user.language or translation.get_language() or settings.LANGUAGE_CODE
        with timezone.override(user.zone), translation.override(language):
            response = get_response(request)
            if not getattr(response, "is_rendered", True):
                response.render()  # type: ignore[attr-defined]
            return response

    return middleware


def policy(get_response: GetResponse) -> GetResponse:
    """Every route has its entry in the policy table; who is not in it is sent to sign in, or told 404."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        rule = POLICY.get(name)
        if rule is None:
            raise ImproperlyConfigured(f"The route {name or request.path!r} has no entry in floorprogram/policy.py")
        if rule.admits(request.user):
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        raise Http404

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back. A part that a page asks for is no place to sign in: the page is loaded again. What was
    sent is not lost: requests.js says so and leaves the page as it is, or the answer shows what was typed."""
    posted = request.method == "POST"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={} if posted else {"HX-Refresh": "true"})
    if not posted:
        return redirect_to_login(request.get_full_path())
    sign_in = redirect_to_login(page_before(request)).url
    return render(
        request, "floorprogram/signed_out.html", {"typed": typed_in(request), "sign_in_url": sign_in}, status=401
    )


def page_before(request: HttpRequest) -> str:
    """The page of ours that a form was on, as the browser says it; the person's day where it does not."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure()):
        return reverse("home")
    parts = urlsplit(before)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def refusals(get_response: GetResponse) -> GetResponse:
    """A refusal no view turned into a form error becomes a page with its words and status; so does opening an address
    that only takes forms."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method == "GET":
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotAllowed):
            return render(request, "404.html", status=404)
        if isinstance(error, Refused):
            return render(request, f"{error.status}.html", {"message": str(error)}, status=error.status)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
