"""What the season page and the list of seasons say: counts, sites, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.models import User
from shadowing.availability.workdays import visit_days
from shadowing.models import LIVE, Season, SeasonSite, SeasonState, Visit, VisitState, Willing
from shadowing.seasons import rights, states, words


@dataclass(frozen=True)
class Step:
    """The one thing to do next: a word on a button, where it leads, and whether pressing it changes something."""

    word: str | Promise
    url: str
    posts: bool = False
    follows: str | Promise = ""


@dataclass(frozen=True)
class SiteRow:
    """A site of the season: its places a day, its visit days, the visits booked there."""

    place: SeasonSite
    days: list[date]
    visits: int

    @property
    def places(self) -> int:
        return len(self.days) * self.place.visits_a_day


def with_sites(seasons: QuerySet[Season]) -> QuerySet[Season]:
    """The same seasons with program and sites, the sites by name, in one more query."""
    places = SeasonSite.objects.select_related("site").order_by("site__name", "pk")
    return seasons.select_related("program").prefetch_related(Prefetch("season_sites", places))


def places_of(season: Season, user: User) -> list[SeasonSite]:
    """The sites, of a season read ``with_sites``, that this person works with or reads about."""
    places = season.season_sites.all()
    return [place for place in places if user.reads_everything or place.site_id in user.coordinated_site_ids]


def site_rows(season: Season, places: list[SeasonSite]) -> list[SiteRow]:
    """Every site with its visit days in the season's window and its live visits. One query."""
    live = Visit.objects.filter(season=season, state__in=LIVE).values_list("site").annotate(number=Count("pk"))
    booked = dict(live.order_by())
    return [
        SiteRow(place, visit_days(place, first=season.starts_on, last=season.ends_on), booked.get(place.site_id, 0))
        for place in places
    ]


def people_counts(season: Season) -> dict[str, int]:
    """Executives and who of them answered; hosts by their answer. Two queries."""
    answered = Count("pk", filter=Q(answered_at__isnull=False))
    executives = season.executives.aggregate(executives=Count("pk"), answered=answered)
    hosts = season.hosts.aggregate(
        hosts=Count("pk"),
        yes=Count("pk", filter=Q(willing=Willing.YES)),
        no=Count("pk", filter=Q(willing=Willing.NO)),
    )
    return executives | hosts


def visit_counts(season: Season, site_ids: list[int]) -> dict[str, int]:
    """Visits at these sites by state, the live ones together, and all. One query."""
    rows = Visit.objects.filter(season=season, site__in=site_ids).values_list("state").annotate(number=Count("pk"))
    counts: dict[str, int] = dict.fromkeys(VisitState.values, 0) | dict(rows.order_by())
    live = sum(counts[state] for state in LIVE)
    return counts | {"live": live, "all": sum(counts.values())}


def figures(
    season: Season, people: dict[str, int], visits: dict[str, int], rows: list[SiteRow]
) -> list[dict[str, Any]]:
    """The four figures of the season page, each with its parts."""
    places = sum(row.places for row in rows)
    asked = _("%(yes)d said yes, %(no)d no") % people
    days = ngettext("on %(number)d day", "on %(number)d days", n := len({day for row in rows for day in row.days}))
    return [
        {"name": _("Executives"), "number": people["executives"], "note": _("%(answered)d named their days") % people},
        {"name": _("Hosts"), "number": people["hosts"], "note": asked, "host": True},
        {"name": _("Places"), "number": places, "note": days % {"number": n}},
        {"name": _("Visits"), "number": visits["live"], "parts": _("for %(executives)d executives") % people,
         "note": _("%(confirmed)d confirmed, %(held)d held, %(declined)d declined") % visits},
    ]  # fmt: skip


def next_step(season: Season, visits: dict[str, int], *, has_sites: bool = True) -> Step | None:
    """What the season waits for, by its state; None once it is closed."""
    if season.state == SeasonState.PUBLISHED:
        return _after_publishing(season, visits)
    if season.state == SeasonState.DRAFT and not has_sites:
        missing = gettext_lazy("One thing is missing before you can ask for days: a site.")
        return Step(gettext_lazy("Choose a site"), _address("season_sites", season), follows=missing)
    steps = {
        SeasonState.DRAFT: ("season_open", True, gettext_lazy("Ask for days"),
                            gettext_lazy("Messages go out: executives name their days, hosts say whether they are willing.")),
        SeasonState.COLLECTING: ("plan", False, gettext_lazy("Propose a plan"),
                                 gettext_lazy("Nobody is told before you publish.")),
        SeasonState.PLANNED: ("publish", False, gettext_lazy("Publish"),
                              gettext_lazy("Both people of every visit get an invitation with a calendar entry.")),
    }  # fmt: skip
    name, posts, word, follows = steps.get(SeasonState(season.state), ("", False, "", ""))
    return Step(word, _address(name, season), posts=posts, follows=follows) if name else None


def _after_publishing(season: Season, visits: dict[str, int]) -> Step:
    """Watch the board while visits are open; close the season when none is."""
    if any(visits[state] for state in (VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED)):
        return Step(_("Open the board"), _address("season_board", season))
    follows = _("Its figures stay as they are. No visit can be added any more.")
    return Step(_("Close the season"), _address("season_close", season), posts=True, follows=follows)


def _address(name: str, season: Season) -> str:
    """Plan and publish pages lie under the season's address, whatever module serves them."""
    if name in ("plan", "publish"):
        return f"{reverse('shadowing:season', args=[season.slug])}{name}/"
    return reverse(f"shadowing:{name}", args=[season.slug])


def season_list(user: User) -> list[Season]:
    """Seasons the person may see, the latest first, each with ``live`` visits and ``site_names``. Two queries."""
    live = Count("visits", filter=Q(visits__state__in=LIVE))
    rows = Season.objects.visible_to(user).annotate(live=live).order_by("-starts_on", "-pk")
    return list(rows.prefetch_related("sites"))


def season_page(season: Season, user: User) -> dict[str, Any]:
    """Everything the season page shows."""
    rows = site_rows(season, places_of(season, user))
    people, visits = people_counts(season), visit_counts(season, [row.place.site_id for row in rows])
    changeable = rights.may_change(user, season)
    return {
        "season": season,
        "rows": rows,
        "figures": figures(season, people, visits, rows),
        "step": next_step(season, visits, has_sites=bool(rows)) if changeable else None,
        "sayings": words.reminders(season),
        "may_change": changeable,
        "may_delete": changeable and not visits["all"] and states.may_delete(season),
        "works_here": user.coordinates_everywhere or bool(user.coordinated_site_ids),
    }
