"""The season form: the same content as a season file, which is what it becomes and how it is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import Site
from shadowing.models import ExecutivesFrom, HostsFrom, Season
from shadowing.models.seasons import default_agenda, default_reminders, default_weights
from shadowing.seasons.problems import Problem
from shadowing.seasons.spec import RULES

SITE_PARTS = {"slug": "site", "visits_a_day": "places", "open_days": "open", "": "site"}
NEW_SITE_PARTS = {"name": "name", "slug": "name", "time_zone": "zone", "country": "country", "subdivision": "part",
                  "visits_a_day": "places"}  # fmt: skip
LISTS = {"executives": "executive_keys", "hosts": "host_keys"}


class Lines(forms.CharField):
    """A few lines of text; fields of this kind are never required."""

    def __init__(self, rows: int = 3, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **options)


class SeasonForm(forms.Form):
    """Shape only: dates, numbers, lines. What a season may be is decided by ``read_spec`` and ``apply_season``."""

    program = forms.CharField(label=_("Program"), max_length=120)
    name = forms.CharField(label=_("Season"), max_length=120)
    slug = forms.SlugField(
        label=_("Short name"), required=False, help_text=_("For addresses. Empty: made of the name.")
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    executives = forms.ChoiceField(label=_("Executives"), choices=ExecutivesFrom, widget=forms.RadioSelect)
    executive_keys = Lines(
        label=_("Executives named"), help_text=_("A number or e-mail a line, where not all take part.")
    )
    hosts = forms.ChoiceField(label=_("Hosts"), choices=HostsFrom, widget=forms.RadioSelect)
    host_keys = Lines(
        label=_("Hosts named"), help_text=_("A number or e-mail a line, where only those named take part.")
    )
    preferred = Lines(label=_("Preferred days"), help_text=_("A line each, like: E17 2027-03-04 2027-03-05"))
    host_min_tenure_months = forms.IntegerField(label=_("Least tenure of a host, in months"))
    no_repeat_seasons = forms.IntegerField(label=_("No pair that met in the last … seasons"))
    days_between_host_visits = forms.IntegerField(label=_("Days between two visits of one host"))
    other_business_unit = forms.BooleanField(
        label=_("Host and executive from different business units"), required=False
    )
    shared_language = forms.BooleanField(label=_("Host and executive share a language"), required=False)
    tenure = forms.FloatField(label=_("Tenure of the host"))
    other_unit_distance = forms.FloatField(label=_("Distance of the business units"))
    home_site = forms.FloatField(label=_("The executive's home site"))
    fair_load = forms.FloatField(label=_("Visits spread over hosts"))
    agenda = Lines(
        label=_("Agenda"),
        rows=6,
        help_text=_("A line each: start, kind (briefing, floor, regroup, take-away), minutes."),
    )
    answer_by_days = forms.IntegerField(label=_("Working days to answer an invitation"))
    notice_days = forms.IntegerField(label=_("Working days of notice to move a visit"))
    reminders = Lines(label=_("Reminders"), rows=7, help_text=_("A line each: kind, then days before (-) or after."))
    new_name = forms.CharField(label=_("New site"), required=False, max_length=120)
    new_zone = forms.CharField(label=_("Time zone"), required=False, help_text=_("Like Europe/Lisbon"))
    new_country = forms.CharField(label=_("Country"), required=False, max_length=2, help_text=_("Two letters"))
    new_part = forms.CharField(label=_("State or region"), required=False, max_length=8, help_text=_("Its code"))
    new_places = forms.IntegerField(label=_("Visits a day"), required=False)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = list(sites)
        for site in self.sites:
            self._add_site(site)

    def _add_site(self, site: Site) -> None:
        label = {"aria-label": gettext("%(site)s takes part") % {"site": site}, "class": "form-check-input"}
        self.fields[f"site_{site.pk}"] = forms.BooleanField(
            label=site.name, required=False, widget=forms.CheckboxInput(attrs=label)
        )
        label = {"aria-label": gettext("Visits a day in %(site)s") % {"site": site}, "class": "form-control"}
        self.fields[f"places_{site.pk}"] = forms.IntegerField(
            label=gettext("Visits a day, %(site)s") % {"site": site}, required=False, initial=site.visits_a_day,
            widget=forms.NumberInput(attrs=label),
        )  # fmt: skip
        label = {
            "aria-label": gettext("Weekends and holidays %(site)s opens") % {"site": site},
            "class": "form-control",
        }
        self.fields[f"open_{site.pk}"] = forms.CharField(
            label=gettext("Opened days, %(site)s") % {"site": site}, required=False, widget=forms.TextInput(attrs=label)
        )

    def site_rows(self) -> list[tuple[Site, BoundField, BoundField, BoundField]]:
        """Each site with its three fields, for the table."""
        parts = ("site", "places", "open")
        return [(site, *(self[f"{part}_{site.pk}"] for part in parts)) for site in self.sites]  # type: ignore[misc]

    def as_file(self) -> dict[str, Any]:
        """What was filled in, as a season file. Lines that make no sense stay as they are: the check names them."""
        given = self.cleaned_data
        plain = ("program", "name", "answer_by_days", "notice_days")
        return {name: given[name] for name in plain} | {
            "slug": given["slug"] or slugify(given["name"])[:60],
            "starts_on": given["starts_on"].isoformat(),
            "ends_on": given["ends_on"].isoformat(),
            "sites": self._chosen_sites(),
            "rules": {name: given[name] for name in RULES},
            "weights": {name: given[name] for name in default_weights()},
            "agenda": [agenda_part(line) for line in lines_of(given["agenda"])],
            "reminders": dict(reminder(line) for line in lines_of(given["reminders"])),
            "executives": lines_of(given["executive_keys"]) if given["executives"] == "listed" else given["executives"],
            "hosts": lines_of(given["host_keys"]) if given["hosts"] == "listed" else given["hosts"],
            "preferred": [wish(line) for line in lines_of(given["preferred"])],
        }

    def _chosen_sites(self) -> list[dict[str, Any]]:
        """The sites ticked, then the new one. Remembers the order, so that problems find their fields again."""
        given, self.order = self.cleaned_data, [site.pk for site in self.sites if self.cleaned_data[f"site_{site.pk}"]]
        by_pk = {site.pk: site for site in self.sites}
        chosen = [
            {"slug": by_pk[pk].slug, "visits_a_day": given[f"places_{pk}"] or by_pk[pk].visits_a_day,
             "open_days": given[f"open_{pk}"].replace(",", " ").split()}
            for pk in self.order
        ]  # fmt: skip
        return [*chosen, self._new_site()] if given["new_name"] else chosen

    def _new_site(self) -> dict[str, Any]:
        given = self.cleaned_data
        site = {"slug": slugify(given["new_name"])[:60], "name": given["new_name"], "country": given["new_country"].upper(),
                "subdivision": given["new_part"].upper(), "time_zone": given["new_zone"],
                "visits_a_day": given["new_places"]}  # fmt: skip
        return {name: value for name, value in site.items() if value not in ("", None)}

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside the field it is about; those about none stand above the form."""
        for problem in problems:
            self.add_error(self._field_of(problem.path), problem.text)

    def _field_of(self, path: str) -> str | None:
        """The field a path of the season file came from."""
        place = re.match(r"sites\[(\d+)\]\.?(\w*)", path)
        if place:
            return self._site_field(int(place[1]), place[2])
        first, _dot, second = path.partition("[")[0].partition(".")
        if "[" in path and first in LISTS:
            return LISTS[first]
        name = second if first in ("rules", "weights") else first
        return name if name in self.fields else None

    def _site_field(self, place: int, part: str) -> str | None:
        if place < len(self.order):
            return f"{SITE_PARTS.get(part, 'site')}_{self.order[place]}"
        return f"new_{NEW_SITE_PARTS.get(part, 'name')}"


def lines_of(text: str) -> list[str]:
    """Lines that are not blank, trimmed."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def agenda_part(line: str) -> dict[str, Any]:
    """ "09:00 briefing 60" as the file has it."""
    words = [*line.split(), "", "", ""][:3]
    return {"starts": words[0], "kind": words[1], "minutes": number(words[2])}


def reminder(line: str) -> tuple[str, Any]:
    """ "take_away_owed: 1 3 7" as the file has it; kinds that repeat have one number."""
    name, _colon, rest = line.partition(":")
    days = [number(word) for word in rest.replace(",", " ").split()]
    name = name.strip()
    return name, days[0] if name.endswith("_every") and len(days) == 1 else days


def wish(line: str) -> dict[str, Any]:
    """ "E17 2027-03-04" as the file has it."""
    key, *dates = line.replace(",", " ").split()
    return {"executive": key.rstrip(":"), "dates": dates}


def number(word: str) -> int | str:
    return int(word) if re.fullmatch(r"-?\d{1,6}", word) else word


def initial_of(season: Season | None) -> dict[str, Any]:
    """What the form shows first: the season as it is, or the defaults of a new one."""
    season = season or Season(host_min_tenure_months=0)
    plain = ("name", "slug", "starts_on", "ends_on", "answer_by_days", "notice_days", *RULES)
    values: dict[str, Any] = {name: getattr(season, name) for name in plain}
    values |= {"executives": season.executives_from, "hosts": season.hosts_from} | season.weights
    values["agenda"] = agenda_lines(season.agenda or default_agenda())
    values["reminders"] = reminder_lines(default_reminders() | season.reminders)
    return values | (_stored(season) if season.pk else {"program": gettext("Back to the Floor")})


def agenda_lines(agenda: Iterable[dict[str, Any]]) -> str:
    return "\n".join(f"{part['starts']} {part['kind']} {part['minutes']}" for part in agenda)


def reminder_lines(reminders: dict[str, Any]) -> str:
    words = {name: days if isinstance(days, list) else [days] for name, days in reminders.items()}
    return "\n".join(f"{name}: {' '.join(map(str, days))}" for name, days in words.items())


def _stored(season: Season) -> dict[str, Any]:
    """What lies in other tables: program, sites, people named, wishes."""
    values: dict[str, Any] = {"program": season.program.name}
    for place in season.season_sites.all():
        values |= {f"site_{place.site_id}": True, f"places_{place.site_id}": place.visits_a_day,
                   f"open_{place.site_id}": " ".join(place.open_days)}  # fmt: skip
    executives = [
        (row.executive.user.key, row.preferred) for row in season.executives.select_related("executive__user")
    ]
    if season.executives_from == ExecutivesFrom.LISTED:
        values["executive_keys"] = "\n".join(sorted(key for key, _days in executives))
    if season.hosts_from == HostsFrom.LISTED:
        values["host_keys"] = "\n".join(sorted(row.host.user.key for row in season.hosts.select_related("host__user")))
    values["preferred"] = "\n".join(f"{key} {' '.join(days)}" for key, days in sorted(executives) if days)
    return values
