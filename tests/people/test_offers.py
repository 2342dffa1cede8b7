"""What fields offer once the form knows its reader."""

from __future__ import annotations

import pytest
from django import forms

from people.forms.offers import offer, offer_rows
from people.models import Site
from tests.factories import SiteFactory


class TicketForm(forms.Form):
    colour = forms.ChoiceField()
    sites = forms.ModelMultipleChoiceField(Site.objects.none())


@pytest.mark.django_db
def test_a_form_takes_what_it_offers_and_nothing_else():
    site, other = SiteFactory(), SiteFactory()

    def filled(colour, chosen):
        form = TicketForm({"colour": colour, "sites": [chosen.pk]})
        offer(form, "colour", [("red", "Red")])
        offer_rows(form, "sites", Site.objects.filter(pk=site.pk))
        return form

    assert filled("red", site).is_valid()
    assert set(filled("blue", other).errors) == {"colour", "sites"}
    assert TicketForm({"colour": "red", "sites": [site.pk]}).is_valid() is False
