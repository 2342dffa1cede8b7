"""Forms of webhooks. They check shape; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from notifications.models import Webhook
from notifications.webhooks.payload import offered
from people.forms.offers import offer


class WebhookForm(forms.Form):
    """Name, address, and which kinds it hears of; none ticked is all."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("As your people call it, for example #floor-visits."),
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Begins with https:// and lies outside your network."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What it hears of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked means all of them. Surveys and digests are never told."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kinds", offered())

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return dict(self.cleaned_data)


def filled(webhook: Webhook) -> dict[str, Any]:
    """What the form shows of a webhook that is there."""
    return {"name": webhook.name, "url": webhook.url, "kinds": webhook.kinds}
