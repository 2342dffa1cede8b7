"""Executives of the season without a visit, to be put on the board, and the pairs ruled out."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Window

from people.models import Executive, User
from shadowing.models import PairRule, Season, SeasonExecutive, Visit

MOST = 24


class Unplaced(NamedTuple):
    """The first of those without a visit, in the order of the waiting list, and how many there are."""

    executives: list[Executive]
    number: int

    @property
    def more(self) -> int:
        return self.number - len(self.executives)


def unplaced(season: Season, most: int = MOST) -> Unplaced:
    """Who has no live visit and has not stepped back. One query."""
    placed = Visit.objects.live().filter(season=season, executive=OuterRef("executive"))
    rows = SeasonExecutive.objects.taking_part().filter(~Exists(placed), season=season)
    rows = rows.select_related("executive__user").annotate(number=Window(Count("pk")))
    found = list(rows.order_by(F("answered_at").asc(nulls_last=True), "executive__user__name_key", "pk")[:most])
    return Unplaced([row.executive for row in found], found[0].number if found else 0)


def ruled_out(season: Season, user: User) -> list[PairRule]:
    """Pairs never to be proposed, with hosts at the person's sites. One query."""
    rows = PairRule.objects.filter(season=season).select_related("executive__user", "host__user", "host__team")
    if not user.reads_everything:
        rows = rows.filter(host__team__site__in=user.coordinated_site_ids)
    return list(rows.order_by("executive__user__name_key", "host__user__name_key", "pk"))
