"""The request of a signed-in person, as views get it once the policy table let it through."""

from django.http import HttpRequest

from people.models import User


class PersonRequest(HttpRequest):
    """Says to the type checker what the policy middleware has made sure of."""

    user: User
    htmx: object  # django_htmx.middleware.HtmxDetails
