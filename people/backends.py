"""Signing in by e-mail and password. The person is loaded with all that says what they are, in one query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from people.models import User


class PersonBackend(AuthenticationBackend):
    """allauth's back end; only the loading of the signed-in person is ours."""

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.active().with_identities().filter(pk=user_id).first()

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active
