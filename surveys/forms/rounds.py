"""Setting a round up. The rules of a plan are in surveys.rounds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from people.forms.offers import offer, offer_rows
from people.models import Site, User
from shadowing.models import Season
from surveys.models import Audience, Phase, Questionnaire, Round
from surveys.questionnaires.builtin import BUILTIN

NAMELESS = [("yes", _("Anonymous: no name is kept")), ("no", _("With names, for coordinators and admins"))]


def day_field(label: object, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)  # type: ignore[arg-type]


class RoundForm(forms.Form):
    """Questionnaire, people, days and the promise, on one short page. ``fixed``: the season is not to be changed."""

    season = forms.ModelChoiceField(
        label=_("Season"), queryset=Season.objects.none(), empty_label=gettext_lazy("choose a season")
    )
    version = forms.ChoiceField(label=_("Questionnaire"), help_text=_("Its newest published version is asked."))
    audience = forms.ChoiceField(label=_("Who is asked"), choices=Audience.choices)
    site = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=gettext_lazy("all sites of the season"),
        help_text=_("For the front line of one site only."),
    )
    phase = forms.ChoiceField(
        label=_("Before or after"),
        choices=[("", gettext_lazy("neither")), *Phase.choices],
        required=False,
        help_text=_("Lets the same questions be compared before and after the season."),
    )
    opens_on = day_field(_("Opens on"), help_text=_("It opens by itself that day, or by hand before."))
    closes_on = day_field(_("Last day"))
    anonymous = forms.ChoiceField(label=_("Names"), choices=NAMELESS, initial="yes", widget=forms.RadioSelect)
    k = forms.IntegerField(label=_("Answers before figures appear"), initial=5, min_value=5, max_value=1000)
    k_text = forms.IntegerField(label=_("Answers before words appear"), initial=8, min_value=8, max_value=1000)

    def __init__(self, *args: Any, user: User, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "season", Season.objects.visible_to(user).order_by("-starts_on", "pk"))
        offer_rows(self, "site", Site.objects.coordinated_by(user).order_by("name_key"))
        offer(self, "version", questionnaire_choices())
        if fixed:
            del self.fields["season"]

    def clean_anonymous(self) -> bool:
        return bool(self.cleaned_data["anonymous"] == "yes")

    @staticmethod
    def initial_of(survey_round: Round) -> dict[str, Any]:
        """A draft as the form shows it."""
        names = ("season", "audience", "site", "phase", "opens_on", "closes_on", "k", "k_text")
        values = {name: getattr(survey_round, name) for name in names}
        slug = survey_round.version.questionnaire.slug
        return values | {"version": slug, "anonymous": "yes" if survey_round.anonymous else "no"}


def questionnaire_choices() -> list[tuple[str, str]]:
    """Slug and name of every questionnaire that can be asked: published ones, and built-in ones not asked yet."""
    known = Questionnaire.objects.order_by("name", "pk")
    retired = set(known.filter(retired_at__isnull=False).values_list("slug", flat=True))
    published = known.filter(versions__published_at__isnull=False, retired_at__isnull=True).distinct()
    choices = {slug: gettext(name) for slug, name in published.values_list("slug", "name")}
    built_in = {slug: gettext(definition["name"]) for slug, definition in BUILTIN.items() if slug not in retired}
    return sorted((built_in | choices).items(), key=lambda pair: pair[1].casefold())


class ExtendForm(forms.Form):
    closes_on = day_field(_("New last day"))


class RaiseForm(forms.Form):
    k = forms.IntegerField(label=_("Answers before figures appear"), min_value=5, max_value=1000)
    k_text = forms.IntegerField(label=_("Answers before words appear"), min_value=8, max_value=1000)
