"""Step 3: the rules every pair keeps, what makes a good pair, and who takes part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from people.models import Executive, Host
from shadowing.models import ExecutivesFrom, HostsFrom
from shadowing.models.seasons import default_weights
from shadowing.seasons.counting import Counted, count_effects
from shadowing.seasons.effect_words import lines
from shadowing.seasons.exporting import export_season
from shadowing.seasons.keys import find_people
from shadowing.seasons.setup.base import Lines, StepForm, lines_of
from shadowing.seasons.spec import RULES

LISTS = {"executives": "executive_keys", "hosts": "host_keys"}
CHOICES = {"executives": ExecutivesFrom, "hosts": HostsFrom}


class RulesForm(StepForm):
    """Rules, weights, and people by their keys."""

    KEYS = frozenset({"rules", "weights", "executives", "hosts", "preferred"})
    host_min_tenure_months = forms.IntegerField(label=_("Least tenure of a host, in months"))
    other_business_unit = forms.BooleanField(label=_("From different business units"), required=False)
    shared_language = forms.BooleanField(label=_("With a language in common"), required=False)
    no_repeat_seasons = forms.IntegerField(label=_("No pair that met in the last … seasons"))
    days_between_host_visits = forms.IntegerField(label=_("Days between two visits of one host"))
    tenure = forms.FloatField(label=_("Tenure of the host"))
    other_unit_distance = forms.FloatField(label=_("Distance of the units"))
    home_site = forms.FloatField(label=_("Home site"))
    fair_load = forms.FloatField(label=_("Visits spread over hosts"))
    executives = forms.ChoiceField(label=_("Executives"), choices=ExecutivesFrom, widget=forms.RadioSelect)
    executive_keys = Lines(
        label=_("Executives named"), help_text=_("A number or e-mail a line, where not all take part.")
    )
    hosts = forms.ChoiceField(label=_("Hosts"), choices=HostsFrom, widget=forms.RadioSelect)
    host_keys = Lines(
        label=_("Hosts named"), help_text=_("A number or e-mail a line, where only those named take part.")
    )
    preferred = Lines(label=_("Preferred days"), help_text=_("A line each, like: E17 2027-03-04 2027-03-05"))

    def stored(self) -> dict[str, Any]:
        whole = export_season(self.season)
        values = whole["rules"] | whole["weights"]
        for name, field in LISTS.items():
            listed = isinstance(whole[name], list)
            values |= {name: "listed", field: "\n".join(whole[name])} if listed else {name: whole[name]}
        return values | {
            "preferred": "\n".join(f"{each['executive']} {' '.join(each['dates'])}" for each in whole["preferred"])
        }

    @property
    def rule_fields(self) -> Iterator[BoundField]:
        """The rules in their order."""
        return (self[name] for name in RULES)

    @property
    def weight_fields(self) -> Iterator[BoundField]:
        """What makes a good pair."""
        return (self[name] for name in default_weights())

    def part(self) -> dict[str, Any]:
        given = self.cleaned_data
        people = {
            name: lines_of(given[field]) if given[name] == "listed" else given[name] for name, field in LISTS.items()
        }
        return people | {
            "rules": {name: given[name] for name in RULES},
            "weights": {name: given[name] for name in default_weights()},
            "preferred": [wish(line) for line in lines_of(given["preferred"])],
        }

    def context(self) -> dict[str, Any]:
        """What the rules leave, a line for each."""
        return {"effects": lines(self.counted())}

    def field_of(self, path: str) -> str | None:
        first = path.partition("[")[0]
        return LISTS[first] if "[" in path and first in LISTS else super().field_of(path)

    def counted(self) -> Counted:
        """What the rules leave, as far as the form can be read; the season's own where it cannot, or was not filled."""
        given = self.given()
        people: dict[str, set[int] | None] = {}
        for name, model in (("executives", Executive), ("hosts", Host)):
            keys = lines_of(given.get(LISTS[name], ""))
            people[name] = set(find_people(model, name, keys, [])) if given.get(name) == "listed" else None
        return count_effects(
            self.season, rules=self._readable(given), executives=people["executives"], hosts=people["hosts"]
        )

    def _readable(self, given: dict[str, Any]) -> dict[str, Any]:
        """The rules that can be read, by the check of the season file."""
        found = {}
        for name, (convert, _default) in RULES.items():
            try:
                found[name] = convert(given.get(name))
            except ValueError:
                found[name] = getattr(self.season, name)
        return found


def wish(line: str) -> dict[str, Any]:
    """ "E17 2027-03-04" as the file has it."""
    key, *dates = line.replace(",", " ").split() or [""]
    return {"executive": key.rstrip(":"), "dates": dates}
