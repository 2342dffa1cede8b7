"""Giving a role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.forms.offers import offer_rows
from people.models import Role, Site, User


class GrantForm(forms.Form):
    """Who, which role, where. Rights are decided by people.actions."""

    person = forms.CharField(
        label=gettext_lazy("Person"), max_length=320, help_text=gettext_lazy("Employee number or sign-in e-mail.")
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role, initial=Role.COORDINATOR)
    sites = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Sites"),
        queryset=Site.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Of a coordinator. None chosen: all sites, those to come too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "sites", Site.objects.order_by("name_key", "pk"))

    def clean_person(self) -> User:
        """The one person of this key."""
        found = list(User.objects.by_key(self.cleaned_data["person"]).order_by("pk")[:2])
        if not found:
            raise forms.ValidationError(_("Nobody has this number or e-mail."))
        if len(found) > 1:
            raise forms.ValidationError(_("This fits several people. Use the sign-in e-mail."))
        return found[0]
