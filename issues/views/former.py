"""Who worked on an issue until it changed hands, and sends a form all the same: they are told, and keep their words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from issues import rules
from issues.models import Issue
from people.errors import Conflict, NotAllowed
from people.models import User
from people.requests import PersonRequest
from people.typed import typed_in

View = Callable[[PersonRequest, int], HttpResponse]


def keeps_words(view: View) -> View:
    """A form of somebody whose issue it no longer is answers 409 with what they typed; to anybody else it stays 404."""

    @wraps(view)
    def wrapper(request: PersonRequest, number: int) -> HttpResponse:
        try:
            return view(request, number)
        except (Http404, NotAllowed):
            found = _formerly(request.user, number) if request.method == "POST" else None
            if found is None:
                raise
            return _no_longer(request, found)

    return wrapper


def _formerly(user: User, number: int) -> Issue | None:
    """The issue, if this person worked on it before."""
    found = Issue.objects.for_page().filter(pk=number).first()
    worked = found is not None and (rules.was_owner_side(user, found) or rules.worked_beside(user, found))
    return found if worked else None


def _no_longer(request: PersonRequest, found: Issue) -> HttpResponse:
    """What became of it, as far as they may know, and what they typed; with htmx in the place of the form."""
    words = _("This issue is no longer yours.")
    if rules.was_owner_side(request.user, found) and rules.knows_owner(request.user, found):
        words = _("This issue is now with %(name)s.") % {"name": found.owner.user.name}
    readable = rules.can_view(request.user, found)
    context = {"issue": found, "words": words, "typed": typed_in(request), "readable": readable}
    template = "issues/_not_yours.html" if request.htmx else "issues/not_yours.html"
    return render(request, template, context, status=Conflict.status)
