"""Signing in as one of the demo's people with one press; only where DEMO is on, which settings allow on loopback only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from floorprogram.demo.words import SIGN_INS
from people.keys import fold
from people.models import User


def demo_accounts(request: HttpRequest) -> dict[str, Any]:
    """Context processor: whom the sign-in page offers."""
    accounts = [{"role": role, "name": name, "email": email} for role, name, email in SIGN_INS]
    return {"demo_accounts": accounts if settings.DEMO else []}


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo person with this e-mail."""
    email = request.POST.get("email", "")
    if not settings.DEMO or email not in {known for _role, _name, known in SIGN_INS}:
        raise Http404
    user = get_object_or_404(User.objects.active(), email_key=fold(email))
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")
