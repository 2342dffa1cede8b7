"""Who asks."""

from __future__ import annotations

from django.http import HttpRequest

from people.models import User


def signed_in(request: HttpRequest) -> User:
    """The signed-in person; the policy table lets nobody else reach these pages."""
    assert isinstance(request.user, User)  # noqa: S101 - tells the type checker what the middleware made sure of
    return request.user
