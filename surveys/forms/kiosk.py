"""The PIN of a slip."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from people.errors import Refused


class PinForm(forms.Form):
    """Nine digits, typed with or without blanks. What they open is decided by surveys.kiosk."""

    pin = forms.CharField(
        label=_("PIN of your slip"),
        help_text=_("Nine digits, three by three."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True, "class": "form-control"}
        ),
    )

    @classmethod
    def refused(cls, refusal: Refused) -> PinForm:
        """An empty form that says why: what was typed is not shown again."""
        form = cls({})
        form.full_clean()
        form.errors.clear()
        form.add_error("pin", str(refusal))
        return form
