"""Signing in by e-mail and password. The person is loaded with all that says what they are, in one query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef
from django.utils import timezone

from people.models import Absence, User
from people.standing_in import acts_for


class PersonBackend(AuthenticationBackend):
    """allauth's back end; only the loading of the signed-in person is ours."""

    def get_user(self, user_id: Any) -> User | None:
        now = timezone.now()
        stands_in = Exists(Absence.objects.around(now).filter(substitute=OuterRef("pk")))
        people = User.objects.active().with_identities().annotate(may_stand_in=stands_in)
        user = people.filter(pk=user_id).first()
        return acts_for(user, now) if user else None

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active
