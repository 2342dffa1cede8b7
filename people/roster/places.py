"""Sites, teams and units as a file names them: known ones found, unknown ones made, in a constant number of queries."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from django.utils.text import slugify

from people.keys import fold
from people.models import BusinessUnit, Site, Team

BACK_OFFICE = frozenset({"back office", "backoffice", "back", "back-office"})
FRONT_LINE = frozenset({"front line", "frontline", "front", "front-line", "front office", "customer facing"})
NO_TEAM = {Team.Kind.FRONT_LINE: "Front line", Team.Kind.BACK_OFFICE: "Back office"}


@dataclass
class Places:
    """Everything a file's places are looked up in. New ones are only in memory until ``save``."""

    sites: dict[str, Site] = field(default_factory=dict)
    slugs: dict[str, Site] = field(default_factory=dict)
    units: dict[str, BusinessUnit] = field(default_factory=dict)
    teams: dict[tuple[str, str], Team] = field(default_factory=dict)
    new: list[Site | BusinessUnit | Team] = field(default_factory=list)
    moved: dict[int, Team] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Places:
        """All places there are, in three queries."""
        places = cls()
        for site in Site.objects.all():
            places.sites[site.name_key or ""] = places.slugs[site.slug] = site
        places.units = {unit.path_key or "": unit for unit in BusinessUnit.objects.all()}
        for team in Team.objects.select_related("site", "business_unit"):
            places.teams[team.site.slug, team.name_key or ""] = team
        return places

    def find_site(self, text: str) -> Site | None:
        """The site of this name or short name."""
        return self.sites.get(fold(text) or "") or self.slugs.get(slugify(text))

    def site(self, text: str) -> Site:
        """The site of this name or short name; a new one when there is none."""
        if found := self.find_site(text):
            return found
        slug = slugify(text)
        name = text.replace("-", " ").title() if text == slug else text
        site = Site(name=name, slug=self._free_slug(slug or "site"))
        self.sites[fold(name) or ""] = self.slugs[site.slug] = site
        self.new.append(site)
        return site

    def _free_slug(self, slug: str) -> str:
        candidates = itertools.chain([slug[:50]], (f"{slug[:50]}-{number}" for number in itertools.count(2)))
        return next(candidate for candidate in candidates if candidate not in self.slugs)

    def unit(self, path: str) -> BusinessUnit:
        """The unit of this path; it and the units above it are made where they are missing."""
        if found := self.units.get(fold(path) or ""):
            return found
        above, _separator, name = path.rpartition(" / ")
        parent = self.unit(above) if above else None
        unit = BusinessUnit(name=name, path=f"{parent.path} / {name}" if parent else name, parent=parent)
        self.units[fold(path) or ""] = unit
        self.new.append(unit)
        return unit

    def team(self, site: Site, name: str, unit: BusinessUnit | None, function: str) -> Team:
        """The team of this name at the site; without one it is called by its unit, else front line or back office."""
        kind = Team.Kind.BACK_OFFICE if fold(function) in BACK_OFFICE else Team.Kind.FRONT_LINE
        name = name or (unit.path[:200] if unit else NO_TEAM[kind])
        key = (site.slug, fold(name) or "")
        if key not in self.teams:
            self.teams[key] = Team(site=site, name=name, kind=kind, business_unit=unit)
            self.new.append(self.teams[key])
        return self.teams[key]

    def move(self, team: Team, unit: BusinessUnit) -> None:
        """Put a known team under another unit."""
        team.business_unit = unit
        if team.pk:
            self.moved[team.pk] = team

    def save(self) -> None:
        """Write what is new, parents before children, and teams under other units."""
        Site.objects.bulk_create([place for place in self.new if isinstance(place, Site)])
        units = [place for place in self.new if isinstance(place, BusinessUnit)]
        for depth in sorted({len(unit.parts) for unit in units}):
            BusinessUnit.objects.bulk_create([unit for unit in units if len(unit.parts) == depth])
        Team.objects.bulk_create([place for place in self.new if isinstance(place, Team)])
        Team.objects.bulk_update(self.moved.values(), ["business_unit"], batch_size=500)
