"""What stands around the week: totals, filter pills, the one thing that blocks publishing, the weeks beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shadowing.board.week import Board, Chip
from shadowing.models import LIVE, Season, SeasonSite, VisitState
from shadowing.visits.room import short

PILLS: Mapping[str, tuple[str | Promise, str]] = {
    "warns": (gettext_lazy("Warns"), "triangle-alert"),
    "blocks": (gettext_lazy("Blocks"), "octagon-alert"),
    "locked": (gettext_lazy("Locked"), "lock"),
    "unanswered": (gettext_lazy("Unanswered"), "mail"),
}


class Choice(NamedTuple):
    """A pill, or an entry of a menu of pills."""

    word: str
    url: str
    chosen: bool = False
    number: int | None = None
    icon: str = ""


class Menu(NamedTuple):
    """Sites, or units: what is chosen, and what else there is."""

    word: str
    chosen: bool
    choices: list[Choice]


@dataclass(frozen=True)
class Blocking:
    """What blocks publishing: how many things, the first in words, the way out."""

    number: int
    text: str
    url: str
    way: str

    @property
    def title(self) -> str:
        if self.number == 1:
            return _("One thing blocks publishing.")
        return ngettext("%(n)d thing blocks publishing.", "%(n)d things block publishing.", self.number) % {
            "n": self.number
        }


def around(season: Season, places: Sequence[SeasonSite], board: Board) -> dict[str, Any]:
    """Everything around the table. No query."""
    return {
        "totals": totals(board),
        "pills": pills(board),
        "menus": [menu for menu in (site_menu(places, board), unit_menu(board)) if menu],
        "blocking": blocking(season, places, board),
        "weeks": weeks(season, board),
    }


def totals(board: Board) -> dict[str, int]:
    """Visits of the season at these sites: all, live, and those that wait to be published."""
    states: Counter[str] = Counter()
    for (_site, _day, state), number in board.reading.counts.items():
        states[state] += number
    live = sum(states[state] for state in LIVE)
    return {"all": sum(states.values()), "live": live, "proposed": states[VisitState.PROPOSED]}


def pills(board: Board) -> list[Choice]:
    """The marks with how many visits of the week bear each; a chosen one drops itself."""
    filters = board.filters
    return [
        Choice(
            str(word), filters.url(only="" if filters.only == name else name, visit="", all=""),
            filters.only == name, sum(chip.bears(name) for chip in board.chips), icon,
        )
        for name, (word, icon) in PILLS.items()
    ]  # fmt: skip


def site_menu(places: Sequence[SeasonSite], board: Board) -> Menu | None:
    """Sites to choose from, where there are several."""
    filters = board.filters
    choices = [
        Choice(place.site.name, filters.url(site=place.site.slug, visit="", all=""), filters.site == place.site.slug)
        for place in places
    ]
    everything = Choice(_("All sites"), filters.url(site="", visit="", all=""), not filters.site)
    return menu(everything, choices) if len(choices) > 1 else None


def unit_menu(board: Board) -> Menu | None:
    """Business units of the week's executives."""
    filters, seen = board.filters, [chip.visit.executive for chip in board.chips]
    units = {str(one.business_unit_id): one.unit for one in seen if one.business_unit_id is not None}
    choices = [
        Choice(path, filters.url(unit=pk, visit="", all=""), filters.unit == pk)
        for pk, path in sorted(units.items(), key=lambda unit: unit[1].casefold())
    ]
    everything = Choice(_("All units"), filters.url(unit="", visit="", all=""), not filters.unit)
    return menu(everything, choices) if len(choices) > 1 or filters.unit else None


def menu(everything: Choice, choices: list[Choice]) -> Menu:
    """A menu named after what is chosen in it."""
    chosen = next((choice for choice in choices if choice.chosen), None)
    return Menu((chosen or everything).word, chosen is not None, [everything, *choices])


def blocking(season: Season, places: Sequence[SeasonSite], board: Board) -> Blocking | None:
    """What of the week breaks a must; else a day of another week that has more visits than places."""
    week = {cell.day for cell in board.cells}
    elsewhere = [found for found in crowded(places, board) if found[1] not in week]
    blocked = [chip for chip in board.chips if chip.blocks]
    if blocked:
        return of_chip(blocked[0], len(blocked) + len(elsewhere), board)
    return of_day(*elsewhere[0], len(elsewhere), board) if elsewhere else None


def crowded(places: Sequence[SeasonSite], board: Board) -> list[tuple[SeasonSite, date, int]]:
    """Days of the whole season with more of its live visits than places, the first first."""
    taken: Counter[tuple[int, date]] = Counter()
    for (site, day, state), number in board.reading.counts.items():
        taken[site, day] += number if state in LIVE else 0
    there = {place.site_id: place for place in places}
    found = [(there[site], day, number) for (site, day), number in taken.items() if number > there[site].visits_a_day]
    return sorted(found, key=lambda one: (one[1], one[0].pk))


def of_chip(chip: Chip, number: int, board: Board) -> Blocking:
    doubt = next(doubt for doubt in chip.doubts if doubt.severity == "blocks")
    added = _("%(name)s was added last.") % {"name": chip.visit.executive} if doubt.code != "outside" else ""
    url = board.filters.url(visit=chip.visit.uuid, day=chip.visit.date)
    return Blocking(number, " ".join(filter(None, [doubt.text, added])), url, _("Show other days"))


def of_day(place: SeasonSite, day: date, taken: int, number: int, board: Board) -> Blocking:
    words = _("%(site)s takes %(most)d visits a day, and %(day)s has %(number)d.")
    text = words % {"site": place.site, "most": place.visits_a_day, "day": short(day), "number": taken}
    return Blocking(number, text, board.filters.url(day=day, visit="", only="", site="", unit=""), _("Show this day"))


def weeks(season: Season, board: Board) -> list[Choice]:
    """This week and those beside it, by their dates."""
    monday = board.day - timedelta(days=board.day.weekday())
    days = [day for day in (board.earlier, board.day, board.later) if day]
    return [
        Choice(week_words(season, day), board.filters.url(day=day, visit="", all=""), monday <= day <= monday + SIX)
        for day in days
    ]


SIX = timedelta(days=6)


def week_words(season: Season, day: date) -> str:
    """The week ``day`` lies in, as far as the season goes: "2 – 6 Nov", or longer where a site opens its weekend."""
    monday = day - timedelta(days=day.weekday())
    friday, sunday = monday + timedelta(days=4), monday + SIX
    opened = {date.fromisoformat(each) for place in season.season_sites.all() for each in place.open_days}
    end = max([friday, *(each for each in opened if friday < each <= sunday)])
    first, last = max(monday, season.starts_on), min(max(end, season.starts_on), season.ends_on)
    if first >= last:
        return month_day(last)
    left = str(first.day) if first.month == last.month else month_day(first)
    return f"{left} \N{EN DASH} {month_day(last)}"


def month_day(day: date) -> str:
    return formats.date_format(day, "j M").replace(" ", "\N{NO-BREAK SPACE}")
