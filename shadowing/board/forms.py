"""Forms of the board. They check shape; whether something may be done is decided by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from people.forms.offers import offer_rows
from people.models import Executive, Host, Site, User
from shadowing.board.actions import DAYS, EXECUTIVES
from shadowing.models import Season, Willing
from shadowing.visits.forms import DayInput, ReasonForm


class VersionForm(forms.Form):
    """A button of the panel: which state of the visit was seen when it was pressed."""

    version = forms.IntegerField(required=False)

    def version_read(self) -> int | None:
        """The version, None where none came."""
        return self.cleaned_data.get("version") if self.is_valid() else None


class HostChoice(forms.ModelChoiceField):
    """A host with the team, so that two of one name can be told apart."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.name}, {obj.team.name}"


class PlaceForm(ReasonForm):
    """Where a visit goes: a day, and a host of the site in hand; the one it has where none is named.

    At another site a host of that site has to be named."""

    date = forms.DateField(label=_("Day"), widget=DayInput)
    host = HostChoice(
        Host.objects.none(), required=False, label=_("Host"), empty_label=_("Choose a host"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    field_order = ["date", "host", "reason", "version"]

    def __init__(self, *args: Any, hosts: QuerySet[Host], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "host", hosts)


class ProposeForm(PlaceForm):
    """A visit for somebody who has none."""

    executive = forms.ModelChoiceField(Executive.objects.none(), widget=forms.HiddenInput)
    field_order = ["executive", "date", "host"]

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].required = True
        executives = Executive.objects.filter(seasons__season=season).select_related("user")
        offer_rows(self, "executive", executives)


class SwapForm(ReasonForm):
    """What two visits trade."""

    what = forms.ChoiceField(
        choices=[(DAYS, _("Their days: both pairs stay together")), (EXECUTIVES, _("Their executives: hosts keep their days"))],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}), label=_("What they trade"),
    )  # fmt: skip
    other_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["what", "reason", "version", "other_version"]


class PairForm(forms.Form):
    """A pair by ids."""

    executive = forms.ModelChoiceField(Executive.objects.select_related("user"))
    host = forms.ModelChoiceField(Host.objects.select_related("user", "team"))


def hosts_at(season: Season, site: Site, keep: Host | None = None) -> QuerySet[Host]:
    """Hosts of the season at a site who did not say no, by name; ``keep`` always."""
    asked = Q(seasons__season=season, team__site=site) & ~Q(seasons__willing=Willing.NO)
    hosts = Host.objects.filter(asked | Q(pk=keep.pk) if keep else asked)
    return hosts.select_related("user", "team__site").order_by("user__name_key", "pk").distinct()


def site_in_hand(season: Season, user: User, slug: str, default: Site | None) -> Site | None:
    """The site asked for, where it is one of the season and of the person; else the default, else their first."""
    sites = list(Site.objects.coordinated_by(user).filter(season_sites__season=season).order_by("name_key", "pk"))
    return next((site for site in sites if site.slug == slug), None) or default or next(iter(sites), None)
