"""Who may work on a season. Pure but for the season's sites; equal to what the querysets say."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from people.errors import NotAllowed
from people.models import User
from shadowing.models import Season


def may_change(user: User, season: Season) -> bool:
    """Changing, planning, publishing: somebody who coordinates all the season's sites."""
    sites = {place.site_id for place in season.season_sites.all()}
    return user.coordinates_everywhere or (bool(sites) and sites <= user.coordinated_site_ids)


def may_create(user: User) -> bool:
    """Coordinators may set up seasons at their own sites."""
    return user.coordinates_everywhere or bool(user.coordinated_site_ids)


def require_change(user: User | None, season: Season) -> None:
    """Raises NotAllowed. None is the operator of a command, who may."""
    if user is not None and not may_change(user, season):
        raise NotAllowed(_("This season is not yours to change."))


def require_sites(user: User | None, site_ids: Iterable[int | None]) -> None:
    """Raises NotAllowed unless the person coordinates all these sites; None stands for a site that is new."""
    if user is not None and not user.coordinates_everywhere and not set(site_ids) <= set(user.coordinated_site_ids):
        raise NotAllowed(_("One of these sites is not yours."))
