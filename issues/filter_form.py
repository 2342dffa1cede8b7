"""Every filter of the issue list as one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from issues.filters import MOST_DAYS, Filters
from issues.listing import sites_of
from people.forms.offers import offer
from people.models import BusinessUnit, Team, User

TEAMS = "names-of-teams"
MOST_TEAMS, MOST_UNITS = 500, 1000
CLOCKS = [
    ("", _("Any or none")),
    ("yes", _("One of the three is overdue")),
    ("target", _("Target date")),
    ("update", _("Next update")),
    ("word", _("Word to the host")),
]


class FilterForm(forms.Form):
    """Shows what is chosen. ``teams`` are suggested while one types: those of the site, where one is chosen."""

    owner = forms.CharField(label=_("Owner"), required=False, max_length=100, help_text=_("Part of a name."))
    team = forms.CharField(
        label=_("Team it was raised in"), required=False, max_length=100, widget=forms.TextInput({"list": TEAMS})
    )
    unit = forms.ChoiceField(label=_("Business unit that owns it"), required=False, help_text=_("With all below it."))
    overdue = forms.ChoiceField(label=_("Overdue"), required=False, choices=CLOCKS)
    stale = forms.IntegerField(label=_("No update for so many days"), required=False, min_value=1, max_value=MOST_DAYS)
    waits = forms.BooleanField(label=_("Waits for the host’s word"), required=False)
    crosses = forms.BooleanField(label=_("Crosses units"), required=False)
    back = forms.BooleanField(label=_("Handed back to the coordinator"), required=False)
    asked = forms.BooleanField(label=_("Withdrawal asked for"), required=False)

    def __init__(self, *args: Any, user: User, filters: Filters, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(filters, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self._offer("team", _teams(user, filters), filters.team)
        self._offer(
            "unit", list(BusinessUnit.objects.order_by("path_key").values_list("path", flat=True)), filters.unit
        )

    def _offer(self, name: str, values: list[str], chosen: str) -> None:
        """What is chosen stays on offer, whoever sent the address."""
        known = values if not chosen or chosen in values else [chosen, *values]
        offer(self, name, [("", _("All")), *((value, value) for value in known)])


def _teams(user: User, filters: Filters) -> list[str]:
    teams = Team.objects.filter(site__in=sites_of(user))
    teams = teams.filter(site__slug=filters.site) if filters.site else teams
    return list(dict.fromkeys(teams.order_by("name_key").values_list("name", flat=True)[:MOST_TEAMS]))
