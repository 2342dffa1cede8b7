"""The filters of reports, read from the address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from floorprogram.reports.figures import GROUPS, Filters
from people.forms.offers import offer_rows
from people.models import User
from shadowing.models import Season


class FilterForm(forms.Form):
    """A season the reader may see (empty: all of them) and what to group by."""

    season = forms.ModelChoiceField(
        Season.objects.none(), to_field_name="slug", required=False, empty_label=_("All seasons")
    )
    by = forms.ChoiceField(choices=[(key, label) for key, (label, _field) in GROUPS.items()], required=False)

    take_away = forms.ChoiceField(
        choices=[("", _("All")), ("owed", _("Owed")), ("taken", _("Taken")), ("waived", _("Waived"))], required=False
    )

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
        offer_rows(self, "season", Season.objects.visible_to(user).order_by("-starts_on", "pk"))

    def filters(self) -> Filters:
        """Call after is_valid()."""
        return Filters(
            season=self.cleaned_data["season"],
            by=self.cleaned_data["by"] or "site",
            take_away=self.cleaned_data["take_away"],
        )
