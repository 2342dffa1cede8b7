"""The next best places for somebody, as the panel lists them, and using one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from people.errors import Conflict
from people.models import Executive, Host, User
from shadowing.board import actions as board
from shadowing.board.panel import change
from shadowing.models import Season, Visit
from shadowing.repairs import actions as repairs
from shadowing.repairs.options import Option, alternatives_for

SHOWN = 3
LOOKED_AT = 12  # some lie at sites the person does not coordinate


@dataclass(frozen=True)
class Line:
    """An option with its change in words, and whether the person may use it."""

    option: Option
    change: str
    usable: bool


def lines(
    season: Season, executive_id: int, user: User, *, now: datetime, day: date | None, visit: Visit | None = None
) -> list[Line]:
    """The best places at the person's sites, without the one the visit has."""
    found = alternatives_for(season=season, executive_id=executive_id, now=now, day=day, limit=LOOKED_AT)
    own = (visit.host_id, visit.date) if visit else None
    seen = [one for one in found if (one.host.pk, one.date) != own and may_see(user, one)]
    return [Line(one, change(one.change), may_use(user, one)) for one in seen[: SHOWN if day else 2 * SHOWN]]


def may_see(user: User, option: Option) -> bool:
    return user.reads_everything or user.coordinates(option.site.pk)


def may_use(user: User, option: Option) -> bool:
    """Whoever coordinates every site it touches."""
    sites = {option.site.pk} | {site for move in option.moves for site in (move.visit.site_id, move.host.team.site_id)}
    return all(user.coordinates(site) for site in sites)


def use(
    *, season: Season, executive: Executive, host: Host, day: date, seen: Sequence[str], visit: Visit | None,
    version: int | None, by: User, now: datetime,
) -> Visit:  # fmt: skip
    """Use a place from the list. ``seen``: the moves it was shown with, in words; others by now are a Conflict.

    Raises what repairs.use_option and moving a visit raise.
    """
    board.require_open(season)
    found = alternatives_for(season=season, executive_id=executive.pk, now=now, day=day, limit=LOOKED_AT)
    option = next((one for one in found if one.host.pk == host.pk and one.date == day), None)
    if option is None or [str(move) for move in option.moves] != list(seen):
        raise Conflict(_("This place is not free any more. Nothing was changed."))
    versions = {move.visit.pk: move.visit.version for move in option.moves}
    if visit is not None:
        versions[visit.pk] = visit.version if version is None else version
    return repairs.use_option(
        season=season, executive=executive, host=host, date=day, moves=option.moves, by=by, now=now, versions=versions
    )
