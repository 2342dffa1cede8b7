"""What the pages of the board are made of."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from people.models import User
from shadowing.board import panel, summary
from shadowing.board.filters import Filters
from shadowing.board.week import Board, build_board
from shadowing.models import Season, SeasonState, Visit
from shadowing.seasons import overview, rights


def visits_for(user: User) -> QuerySet[Visit]:
    """Visits whose panel the person may open: those of their sites, for readers of everything all."""
    visits = Visit.objects.all() if user.reads_everything else Visit.objects.filter(site__in=user.coordinated_site_ids)
    return visits.select_related(*panel.WITH_ALL)


def board_page(season: Season, user: User, filters: Filters, *, now: datetime, today: date) -> dict[str, Any]:
    """The whole page. The season comes with its sites. Two queries, seven more with an open panel."""
    places = overview.places_of(season, user)
    board = build_board(season, places, day=filters.day_or(today), now=now, filters=filters)
    changes = rights.may_change(user, season)
    context = {
        "season": season,
        "board": board,
        "filters": filters,
        "today": today,
        "may_publish": changes,
        "may_solve": changes and not season.is_published,
        "works": works(season, user),
    }
    return context | summary.around(season, places, board) | open_panel(season, user, filters, now=now)


def works(season: Season, user: User) -> bool:
    """Whether the person changes anything here: coordinators of one of its sites, until it is closed."""
    sites = {place.site_id for place in season.season_sites.all()}
    here = user.coordinates_everywhere or bool(sites & set(user.coordinated_site_ids))
    return here and season.state != SeasonState.CLOSED


def open_panel(season: Season, user: User, filters: Filters, *, now: datetime) -> dict[str, Any]:
    """The panel of the visit in the address; nothing when there is none the person may see."""
    if not filters.visit:
        return {}
    try:
        chosen = uuid.UUID(filters.visit)
    except ValueError:
        return {}
    visit = visits_for(user).filter(season=season, uuid=chosen).first()
    return {"panel": panel.panel(visit, user, now=now)} if visit else {}


def board_of(context: dict[str, Any]) -> Board:
    """The board in a page's context, for the type checker."""
    found: Board = context["board"]
    return found
