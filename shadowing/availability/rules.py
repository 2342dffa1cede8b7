"""Whose days somebody may see and set: their own, their executive's, and for coordinators their people's."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from people.models import User


def people_open_to(user: User) -> QuerySet[User]:
    """People whose unavailable days this person may set. Coordinators: all executives, and the hosts of their sites."""
    if user.coordinates_everywhere:
        return User.objects.all()
    open_to = Q(pk=user.pk) | Q(executive__assistant=user.pk) | Q(executive__isnull=False, pk__in=user.acting_for)
    if "coordinator" in user.grants:
        open_to |= Q(executive__isnull=False) | Q(host__team__site__in=user.coordinated_site_ids)
    return User.objects.filter(open_to)


def may_set_days(user: User, person: User) -> bool:
    """The same for one person in hand."""
    acts = person.is_executive and (person.executive.assistant_id == user.pk or person.pk in user.acting_for)
    if person.pk == user.pk or user.coordinates_everywhere or acts:
        return True
    at_own_site = person.is_host and user.coordinates(person.host.team.site_id)
    return "coordinator" in user.grants and (person.is_executive or at_own_site)
