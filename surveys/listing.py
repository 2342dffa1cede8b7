"""The list of rounds: what is asked for in the address, and what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from people.models import User
from surveys.bars import Menu, menu
from surveys.models import Audience, Release, Round, RoundState
from surveys.models.rounds import RoundQuerySet

KEYS = {
    "season": "season__slug",
    "questionnaire": "version__questionnaire__slug",
    "audience": "audience",
    "state": "state",
}
ON_A_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """The filters of an address; what means nothing is left out. ``page`` counts from 1."""

    given: Mapping[str, str]
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        page = given.get("page", "1")
        known = {key: word for key in KEYS if (word := given.get(key, "").replace("\0", "")[:60])}
        return cls(known, max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1)


@dataclass(frozen=True)
class Listing:
    """One page of rounds, the newest first. ``menus``: what can be chosen; ``any``: the reader sees rounds at all."""

    rounds: list[Round]
    menus: list[Menu]
    states: list[Menu]
    filtered: bool
    any: bool
    page: int
    more: bool

    @property
    def back(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1


def listing(user: User, asked: Asked) -> Listing:
    """Rounds this person may see figures of, filtered. Two queries."""
    visible = Round.objects.visible_to(user)
    options = list(_options(visible))
    start = (asked.page - 1) * ON_A_PAGE
    found = list(_found(visible, asked)[start : start + ON_A_PAGE + 1])
    return Listing(
        found[:ON_A_PAGE],
        _menus(options, asked.given),
        [menu("state", _("All"), _states(options), asked.given)],
        bool(asked.given),
        bool(options),
        asked.page,
        len(found) > ON_A_PAGE,
    )


def _found(rounds: RoundQuerySet, asked: Asked) -> RoundQuerySet:
    wanted = Round.objects.filter(pk__in=rounds.values("pk"), **{KEYS[key]: word for key, word in asked.given.items()})
    newest = Release.objects.filter(cell__round=OuterRef("pk")).order_by("-released_on").values("released_on")[:1]
    wanted = wanted.select_related("season", "site", "version__questionnaire")
    return wanted.annotate(released_on=Subquery(newest)).order_by("-opens_on", "-pk")


def _options(rounds: RoundQuerySet) -> list[tuple[str, ...]]:
    """Season and questionnaire (short name, name), audience and state of every round."""
    season, questionnaire = ("season__slug", "season__name"), ("slug", "name")
    fields = (*season, *(f"version__questionnaire__{name}" for name in questionnaire), "audience", "state")
    return list(rounds.order_by("-season__starts_on").values_list(*fields, "season__starts_on").distinct())


def _menus(options: list[tuple[str, ...]], given: Mapping[str, str]) -> list[Menu]:
    seasons = {row[0]: row[1] for row in options}
    names = {row[2]: _(row[3]) for row in options}
    asked = {row[4] for row in options}
    audiences = [(value, str(label)) for value, label in Audience.choices if value in asked]
    menus = [
        menu("season", _("Season"), seasons.items(), given),
        menu("questionnaire", _("Questionnaire"), sorted(names.items(), key=lambda pair: pair[1]), given),
        menu("audience", _("Who was asked"), audiences, given),
    ]
    return [each for each in menus if len(each.choices) > 1 or each.key in given]


def _states(options: list[tuple[str, ...]]) -> list[tuple[str, str]]:
    known = {row[5] for row in options}
    return [(value, str(label)) for value, label in RoundState.choices if value in known]
