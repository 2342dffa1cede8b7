"""What a line says, put onto a person in memory, with every difference noted. Nothing here writes to the database."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from people.models import BusinessUnit, Executive, Host, Site, Team, User
from people.roster.entries import Entry, Remark
from people.roster.places import Places

USER_FIELDS = ("employee_number", "email", "contact_email", "time_zone", "languages")
PLAIN_FIELDS = {"executives": ("level",), "hosts": ("function", "hired_on", "max_visits", "nominated")}


@dataclass
class Person:
    """A line's person: known or new, with the profile of the file's kind and what the line changes."""

    entry: Entry
    user: User
    profile: Executive | Host
    is_new: bool
    has_profile: bool
    user_changes: dict[str, list[str]] = field(default_factory=dict)
    profile_changes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def changes(self) -> dict[str, list[str]]:
        return self.user_changes | self.profile_changes


def person_for(entry: Entry, user: User | None, kind: str) -> Person:
    """The person of a line, new when ``user`` is None."""
    subject = user or User(name=entry.name)
    model, name = (Executive, "executive") if kind == "executives" else (Host, "host")
    has_profile = user is not None and hasattr(user, name)
    profile = getattr(user, name) if has_profile else model(user=subject)
    return Person(entry, subject, profile, user is None, has_profile)


@dataclass
class Applier:
    """Puts lines onto people. ``warnings`` gathers what is worth a remark."""

    kind: str
    places: Places
    labels: dict[str, str]
    warnings: list[Remark] = field(default_factory=list)
    unit_settled: dict[int, BusinessUnit] = field(default_factory=dict)
    noticed: int = 0

    def apply(self, person: Person) -> None:
        """Everything of the line but its manager and assistant, who may stand further down in the file."""
        said = person.entry.values
        note(person.user_changes, person.user, "name", person.entry.name)
        for name in USER_FIELDS:
            if name in said:
                value = list(said[name]) if name == "languages" else said[name]
                note(person.user_changes, person.user, name, value)
        for name in PLAIN_FIELDS[self.kind]:
            if name in said:
                note(person.profile_changes, person.profile, name, said[name])
        if isinstance(person.profile, Executive):
            self._apply_executive(person, person.profile)
        else:
            self._apply_host(person, person.profile)
        self._list_new_places(person.entry)

    def _apply_executive(self, person: Person, profile: Executive) -> None:
        said = person.entry.values
        if "business_unit" in said:
            note_place(person.profile_changes, profile, "business_unit", self.places.unit(said["business_unit"]))
        if "home_site" in said:
            note_place(person.profile_changes, profile, "home_site", self.places.site(said["home_site"]))

    def _apply_host(self, person: Person, profile: Host) -> None:
        said = person.entry.values
        site = self.places.site(said["site"])
        unit = self.places.unit(said["business_unit"]) if "business_unit" in said else None
        before = profile.team if person.has_profile else None
        team = self._same_team(before, site, unit, said) or self.places.team(
            site, said.get("team", ""), unit, said.get("function", "")
        )
        note_place(person.profile_changes, profile, "team", team)
        if unit and before and before.business_unit_id != unit.pk and (team.pk == before.pk):
            person.profile_changes["business_unit"] = ["", unit.path]
        self._settle_unit(person.entry, team, unit)

    def _same_team(
        self, before: Team | None, site: Site, unit: BusinessUnit | None, said: dict[str, Any]
    ) -> Team | None:
        """The team the host is in already, when the line says nothing against it."""
        if before is None or "team" in said or before.site_id != site.pk:
            return None
        return before if unit is None or before.business_unit_id == unit.pk else None

    def _settle_unit(self, entry: Entry, team: Team, unit: BusinessUnit | None) -> None:
        """A team has one unit: the first the file names; a line with another one is listed."""
        if unit is None:
            return
        settled = self.unit_settled.setdefault(id(team), unit)
        if settled is not unit:
            words = _("team %(team)s stands under %(first)s on an earlier line: it is kept there")
            self.warn(entry.line, "business_unit", words % {"team": team.name, "first": settled.path})
        elif team.business_unit is not unit and (team.business_unit_id is None or team.business_unit_id != unit.pk):
            self.places.move(team, unit)

    def _list_new_places(self, entry: Entry) -> None:
        for place in self.places.new[self.noticed :]:
            column, words = NEW_PLACES[type(place)]
            name = place.path if isinstance(place, BusinessUnit) else place.name
            if isinstance(place, Site) and self.kind == "executives":
                column = "home_site"
            self.warn(entry.line, column, _(words) % {"name": name})
        self.noticed = len(self.places.new)

    def warn(self, line: int, name: str, reason: str) -> None:
        """List something about the column a field is read from."""
        self.warnings.append(Remark(line, self.labels.get(name, ""), reason))


def gettext_noop(text: str) -> str:
    """Marks text for translators; it is translated where it is used."""
    return text


NEW_PLACES: dict[type, tuple[str, str]] = {
    Site: ("site", gettext_noop("new site %(name)s: give it its time zone and country")),
    Team: ("team", gettext_noop("new team %(name)s")),
    BusinessUnit: ("business_unit", gettext_noop("new unit %(name)s")),
}


def note(changes: dict[str, list[str]], subject: object, name: str, value: Any) -> None:
    """Set an attribute, noting before and after when they differ."""
    before = getattr(subject, name)
    if before != value:
        changes[name] = [shown(before), shown(value)]
        setattr(subject, name, value)


def note_place(
    changes: dict[str, list[str]], profile: Executive | Host, name: str, place: Site | BusinessUnit | Team
) -> None:
    """The same for a place, which may not have been saved yet."""
    before = getattr(profile, f"{name}_id")
    if place.pk is None or before != place.pk:
        old = getattr(profile, name) if before else None
        changes[name] = [shown(old), shown(place)]
        setattr(profile, name, place)


def shown(value: object) -> str:
    """A value as a line of a report shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, BusinessUnit):
        return value.path
    if isinstance(value, (Site, Team)):
        return value.name
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def new_places(places: Places) -> dict[str, list[str]]:
    """The names of what would be made, by kind."""
    words = {"sites": Site, "teams": Team, "business_units": BusinessUnit}
    return {
        word: sorted(shown(place) for place in places.new if isinstance(place, model)) for word, model in words.items()
    }
