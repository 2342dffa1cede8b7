"""What deserves a look about a season as a whole before it is published. Nothing here blocks, and nothing is ticked off:
it is said beside the button, with the way to the people it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shadowing.models import Season, SeasonExecutive, Visit
from shadowing.visits import telling


@dataclass(frozen=True)
class Doubt:
    """One sentence about the season, and the page where something can be done about it."""

    code: str
    text: str
    url: str = ""
    link: str = ""


def of_season(season: Season, visits: Sequence[Visit], counts: dict[str, int], willing: Collection[int]) -> list[Doubt]:
    """Everything worth saying about a season whose visits are to be published; ``willing`` hosts said yes."""
    days, hosts = about_days(season, counts), about_hosts(season, visits, willing)
    return [*days, *hosts, *about_places(season, counts), *about_addresses(visits)]


def counts_of(season: Season) -> dict[str, int]:
    """The season's executives without those who stepped back: all, answered, without a place, with a visit people know
    of. One query."""
    live = Visit.objects.live().filter(season=season, executive=OuterRef("executive"))
    placed = Exists(live)
    counts: dict[str, int] = (
        SeasonExecutive.objects.taking_part()
        .filter(season=season)
        .aggregate(
            all=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            waiting=Count("pk", filter=~placed),
            published=Count("pk", filter=Exists(live.filter(invited_at__isnull=False))),
        )
    )
    return counts


def about_days(season: Season, counts: dict[str, int]) -> Iterator[Doubt]:
    """Executives who have not named their days count as free on every day."""
    silent, url = counts["all"] - counts["answered"], unanswered(season, "executives")
    if counts["all"] and not counts["answered"]:
        words = ngettext(
            "Nobody named their days: the one executive counts as free on every day.",
            "Nobody named their days: all %(number)d executives count as free on every day.", silent,
        )  # fmt: skip
        yield Doubt("nobody_named_days", words % {"number": silent}, url, _("See who was asked"))
    elif silent:
        words = ngettext(
            "%(number)d executive has not named their days and counts as free on every day.",
            "%(number)d executives have not named their days and count as free on every day.", silent,
        )  # fmt: skip
        yield Doubt("days_not_named", words % {"number": silent}, url, _("See who they are"))


def unanswered(season: Season, people: str) -> str:
    """The address of the season's people on that list who have not answered."""
    return f"{reverse('shadowing:season_people', args=[season.slug])}?list={people}&answer=waiting"


def about_hosts(season: Season, visits: Sequence[Visit], willing: Collection[int]) -> Iterator[Doubt]:
    """Hosts of these visits who have not said that they are willing."""
    number = len({visit.host_id for visit in visits}.difference(willing))
    if number:
        words = ngettext(
            "%(number)d host with a visit has not said that they are willing. The invitation asks them.",
            "%(number)d hosts with a visit have not said that they are willing. The invitation asks them.", number,
        )  # fmt: skip
        yield Doubt("hosts_not_asked", words % {"number": number}, unanswered(season, "hosts"), _("See the hosts"))


def about_places(season: Season, counts: dict[str, int]) -> Iterator[Doubt]:
    """Executives without a place."""
    number = counts["waiting"]
    if number:
        words = ngettext(
            "%(number)d executive has no place.", "%(number)d executives have no place.", number
        )  # fmt: skip
        url = reverse("shadowing:season_waiting", args=[season.slug])
        yield Doubt("no_place", words % {"number": number}, url, _("Open the waiting list"))


def about_addresses(visits: Sequence[Visit]) -> Iterator[Doubt]:
    """People who have to be told by somebody, because no message reaches them."""
    readers = {reader.user for visit in visits for reader in telling.readers(visit)}
    names = sorted(user.name for user in readers if not user.address)
    if names:
        words = ngettext(
            "Without an address: %(names)s.", "%(number)d people without an address: %(names)s.", len(names)
        )
        shown = ", ".join(names[:12]) + (_(" and others") if len(names) > 12 else "")
        yield Doubt("unreachable", words % {"number": len(names), "names": shown})
