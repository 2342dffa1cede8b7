"""Saying when somebody is away, and who stands in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.keys import fold
from people.models import User


class AbsenceForm(forms.Form):
    """Days and a substitute. Rights, and whether the days fit, are decided by people.actions."""

    first_day = forms.DateField(
        label=gettext_lazy("First day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    substitute = forms.CharField(
        label=gettext_lazy("Who stands in, optional"),
        max_length=320,
        required=False,
        help_text=gettext_lazy("Name, employee number or sign-in e-mail. Without somebody, reminders wait."),
    )

    def clean_substitute(self) -> User | None:
        """The one active person of this number, e-mail or full name."""
        text = self.cleaned_data["substitute"]
        if not text.strip():
            return None
        people = User.objects.active()
        found = list(people.by_key(text).order_by("pk")[:2]) or list(
            people.filter(name_key=fold(text)).order_by("pk")[:2]
        )
        if not found:
            raise forms.ValidationError(_("Nobody here has this name, number or e-mail."))
        if len(found) > 1:
            raise forms.ValidationError(_("This fits several people. Use the sign-in e-mail."))
        return found[0]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return dict(self.cleaned_data)
