"""What lets a person see an issue besides its own columns. Subqueries, so that the order of a list can come from an
index."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from people.models import Executive, Host, User


def acted_for(user: User) -> models.QuerySet[Executive]:
    """The executives a person acts for: themselves, those they assist, those they stand in for. A subquery, so that
    indexes are used."""
    whom = Q(pk=user.pk) | Q(assistant=user.pk) | Q(pk__in=user.acting_for)
    return Executive.objects.filter(whom).values("pk")  # type: ignore[return-value]


SHARED = {"handovers": "Handover", "counterparts": "Counterpart", "watches": "IssueWatch"}


def rows(model: str) -> models.QuerySet[Any]:
    """Rows of a model that points here."""
    found: models.QuerySet[Any] = apps.get_model("issues", model)._default_manager.all()
    return found


def counterpart_issues(user: User, *states: str) -> models.QuerySet[Any]:
    """Numbers of the issues for which this person, or an executive they assist, is asked or works on it too."""
    live = rows("Counterpart").filter(state__in=states or ("asked", "accepted"))
    return live.filter(Q(person=user.pk) | Q(person__in=acted_for(user))).values("issue")


def offered_issues(executives: models.QuerySet[Executive]) -> models.QuerySet[Any]:
    """Numbers of the issues whose open offer is to one of these executives."""
    return rows("Handover").filter(to_owner__in=executives, state="offered").values("issue")


def watched_issues(user: User) -> models.QuerySet[Any]:
    """Numbers of the issues this person asked to follow."""
    return rows("IssueWatch").filter(user=user.pk).values("issue")


def gone_hosts_issues(user: User) -> Q:
    """What was confirmed by a host of the same team who has left: the team is asked whether it still holds."""
    if not user.is_host:
        return Q(pk__in=())
    gone = Host.objects.filter(user__is_active=False).values("pk")
    return Q(state="confirmed", raised_in=user.host.team_id, promised_to__in=gone)
