"""Finding the person somebody means by what they typed: a name, an employee number or an e-mail."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from issues.errors import Refused
from people.keys import fold
from people.models import Executive, User

SUGGESTED = 200  # names offered while one types; more would only slow the page
NAMED = 5  # people named when a text fits several


def executives() -> QuerySet[User]:
    """Executives who are here, as the people they are."""
    return User.objects.active().filter(executive__isnull=False).select_related("executive__business_unit")


def suggestions() -> list[str]:
    """Names to choose from, in order."""
    return list(executives().order_by("name_key", "pk").values_list("name", flat=True)[:SUGGESTED])


def find_executive(text: str) -> Executive:
    """The one executive of this number, e-mail, name or part of a name. Raises Refused when none or several fit."""
    return _one(executives(), text).executive


def find_person(text: str) -> User:
    """The same among executives; anybody else is found by their exact sign-in e-mail or number only."""
    exact = list(User.objects.active().by_key(text).order_by("pk")[:2])
    return exact[0] if len(exact) == 1 else _one(executives(), text)


def _one(people: QuerySet[User], text: str) -> User:
    key = fold(text) or ""
    for condition in (Q(employee_number_key=key) | Q(email_key=key), Q(name_key=key), Q(name_key__contains=key)):
        found = list(people.filter(condition).order_by("name_key", "pk")[: NAMED + 1])
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(_several(found))
    raise Refused(_("Nobody of this name is an executive here. Their number or sign-in e-mail helps."))


def _several(found: list[User]) -> str:
    names = "; ".join(_described(person) for person in found[:NAMED])
    if len(found) > NAMED:
        return _("Many people fit: %(names)s and more. Type more of the name, or the number.") % {"names": names}
    return _("Several people fit: %(names)s. Type the number or the sign-in e-mail.") % {"names": names}


def _described(person: User) -> str:
    unit = person.executive.business_unit
    details = [detail for detail in (person.employee_number, unit.name if unit else "") if detail]
    return f"{person.name} ({', '.join(details)})" if details else person.name
