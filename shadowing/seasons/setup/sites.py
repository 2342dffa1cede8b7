"""Step 2: where visits take place, how many a day, and which weekends and holidays are opened."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.dateformat import format as format_date
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from holidays.registry import COUNTRIES

from people.forms.offers import offer
from people.models import Site
from shadowing.availability.workdays import holiday_name, is_working_day, visit_days
from shadowing.models import Season, SeasonSite
from shadowing.seasons.setup.base import StepForm, words_of

SITE_PARTS = {"slug": "site", "visits_a_day": "places", "open_days": "open", "": "site"}
NEW_SITE_PARTS = {"name": "name", "slug": "name", "time_zone": "zone", "country": "country", "subdivision": "part",
                  "visits_a_day": "places"}  # fmt: skip
MOST_TICKS = 40  # closed days offered as boxes; a longer season names its weekends in a line


@dataclass(frozen=True)
class SiteRow:
    """The fields of one site, with the closed days it could open in words."""

    site: Site
    chosen: BoundField
    places: BoundField
    opened: BoundField
    others: BoundField | None
    holidays: list[str]
    weekends: int


class SitesForm(StepForm):
    """The sites the person works with, and for who works with all of them a new one."""

    KEYS = frozenset({"sites"})
    new_name = forms.CharField(label=_("Name of the new site"), required=False, max_length=120)
    new_zone = forms.CharField(
        label=_("Time zone"), required=False, help_text=_("Like Europe/Lisbon"),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )  # fmt: skip
    new_country = forms.ChoiceField(label=_("Country, for its public holidays"), required=False)
    new_part = forms.CharField(
        label=_("State or region"), required=False, help_text=_("Its code, where its holidays differ"), max_length=8
    )
    new_places = forms.IntegerField(label=_("Visits a day"), required=False)

    def build(self) -> None:
        self.sites = list(Site.objects.coordinated_by(self.user).order_by("name_key", "pk"))
        self.may_add = self.user.coordinates_everywhere
        offer(self, "new_country", [("", gettext("none")), *countries()])
        self.closed = {site.pk: closed_days(site, self.season) for site in self.sites}
        self.ticks: dict[int, set[str]] = {}  # days of a site that have a box
        for site in self.sites:
            self._add_site(site)

    def _add_site(self, site: Site) -> None:
        names = {"site": site}
        self.fields[f"site_{site.pk}"] = forms.BooleanField(label=site.name, required=False)
        self.fields[f"places_{site.pk}"] = forms.IntegerField(
            label=gettext("Visits a day in %(site)s") % names, required=False,
            widget=forms.NumberInput(attrs={"min": 1, "max": 1000, "class": "form-control"}),
        )  # fmt: skip
        closed = self.closed[site.pk]
        offered = closed if len(closed) <= MOST_TICKS else [pair for pair in closed if pair[1]]
        self.ticks[site.pk] = {day.isoformat() for day, _holiday in offered}
        self.fields[f"open_{site.pk}"] = forms.MultipleChoiceField(
            label=gettext("Days %(site)s opens") % names, required=False,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            choices=[(day.isoformat(), _day_label(day, holiday)) for day, holiday in offered],
        )  # fmt: skip
        if len(offered) < len(closed):
            self.fields[f"others_{site.pk}"] = forms.CharField(
                label=gettext("Weekends %(site)s opens") % names, required=False, help_text=gettext("Like 2027-03-06")
            )

    def stored(self) -> dict[str, Any]:
        values: dict[str, Any] = {f"places_{site.pk}": site.visits_a_day for site in self.sites}
        for place in self.season.season_sites.all():
            pk, offered = place.site_id, self.ticks.get(place.site_id, set())
            values |= {
                f"site_{pk}": True,
                f"places_{pk}": place.visits_a_day,
                f"open_{pk}": [day for day in place.open_days if day in offered],
                f"others_{pk}": " ".join(day for day in place.open_days if day not in offered),
            }
        return values

    @property
    def rows(self) -> Iterator[SiteRow]:
        """Every site with its fields."""
        for site in self.sites:
            others = f"others_{site.pk}"
            yield SiteRow(
                site, self[f"site_{site.pk}"], self[f"places_{site.pk}"], self[f"open_{site.pk}"],
                self[others] if others in self.fields else None,
                [_day_label(day, holiday) for day, holiday in self.closed[site.pk] if holiday],
                sum(not holiday for _day, holiday in self.closed[site.pk]),
            )  # fmt: skip

    @property
    def new_fields(self) -> list[BoundField]:
        return [self[name] for name in ("new_name", "new_zone", "new_country", "new_part", "new_places")]

    def part(self) -> dict[str, Any]:
        """The sites ticked, then the new one. Remembers the order, so that problems find their fields again."""
        given, self.order = self.cleaned_data, [site.pk for site in self.sites if self.cleaned_data[f"site_{site.pk}"]]
        by_pk = {site.pk: site for site in self.sites}
        chosen = [
            {"slug": by_pk[pk].slug, "visits_a_day": given[f"places_{pk}"] or by_pk[pk].visits_a_day,
             "open_days": opened(given, pk)}
            for pk in self.order
        ]  # fmt: skip
        return {"sites": [*chosen, self._new_site()] if given["new_name"] else chosen}

    def _new_site(self) -> dict[str, Any]:
        given = self.cleaned_data
        site = {"slug": slugify(given["new_name"])[:60], "name": given["new_name"], "country": given["new_country"],
                "subdivision": given["new_part"].upper(), "time_zone": given["new_zone"],
                "visits_a_day": given["new_places"]}  # fmt: skip
        return {name: value for name, value in site.items() if value not in ("", None)}

    def context(self) -> dict[str, Any]:
        """The places of the sites ticked, all of them, and the executives who want one."""
        places = places_of(self)
        return {
            "places": places,
            "total": sum(each.places for each in places),
            "executives": self.season.executives.count(),
            "zones": zones(),
        }

    def field_of(self, path: str) -> str | None:
        place = re.match(r"sites\[(\d+)\]\.?(\w*)", path)
        if not place:
            return None
        number, part = int(place[1]), place[2]
        if number >= len(self.order):
            return f"new_{NEW_SITE_PARTS.get(part, 'name')}"
        name = f"{SITE_PARTS.get(part, 'site')}_{self.order[number]}"
        others = name.replace("open_", "others_")
        return others if others in self.fields else name


@dataclass(frozen=True)
class SitePlaces:
    """What one site would take in the window."""

    site: Site
    days: int
    a_day: int

    @property
    def places(self) -> int:
        return self.days * self.a_day


def opened(given: Mapping[str, Any], pk: int) -> list[str]:
    """Days a site opens, ticked or named."""
    return [*given.get(f"open_{pk}", []), *words_of(given.get(f"others_{pk}", ""))]


def places_of(form: SitesForm) -> list[SitePlaces]:
    """What the sites ticked would take, as far as the form can be read."""
    given, found = form.given(), []
    for site in (site for site in form.sites if given.get(f"site_{site.pk}")):
        place = SeasonSite(site=site, open_days=opened(given, site.pk))
        days = visit_days(place, first=form.season.starts_on, last=form.season.ends_on)
        found.append(SitePlaces(site, len(days), given.get(f"places_{site.pk}") or site.visits_a_day))
    return found


def closed_days(site: Site, season: Season) -> list[tuple[date, str]]:
    """Weekends and public holidays of the window at a site; the name of the holiday, empty for a weekend."""
    where = {"country": site.country, "subdivision": site.subdivision}
    window = (season.ends_on - season.starts_on).days + 1
    days = (season.starts_on + timedelta(days=shift) for shift in range(window))
    return [(day, holiday_name(day, **where)) for day in days if not is_working_day(day, **where)]


def _day_label(day: date, holiday: str) -> str:
    words = format_date(day, "D j\N{NO-BREAK SPACE}M")
    return f"{words}, {holiday}" if holiday else words


def countries() -> list[tuple[str, str]]:
    """Countries whose public holidays are known, by name."""
    named = {entry[1]: name.replace("_", " ").title() for name, entry in COUNTRIES.items()}
    return sorted(named.items(), key=lambda pair: pair[1])


def zones() -> list[str]:
    """Time zones of places, for the list behind the field."""
    return sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
