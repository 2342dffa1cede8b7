"""People by the keys a file or a command names them with: an employee number, else a sign-in e-mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from people.errors import Refused
from people.keys import fold
from people.models import Executive, Host, User
from shadowing.seasons.problems import Problem

CHUNK = 400  # SQLite takes a limited number of values in one query


def users_by_key(keys: Sequence[str]) -> dict[str, list[User]]:
    """Folded key → the people it fits. One query for some hundred keys."""
    found: defaultdict[str, dict[int, User]] = defaultdict(dict)
    wanted = sorted({folded for key in keys if (folded := fold(key))})
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        users = User.objects.filter(Q(employee_number_key__in=some) | Q(email_key__in=some))
        for user in users.select_related("executive", "host__team"):
            for key in (user.employee_number_key, user.email_key):
                if key in some:
                    found[key][user.pk] = user
    return {key: list(users.values()) for key, users in found.items()}


def one_user(key: str) -> User:
    """The person a command names. Raises Refused when the key fits nobody, or two people."""
    users = users_by_key([key]).get(fold(key) or "", [])
    if len(users) != 1:
        raise Refused(_nobody(key) if not users else _two(key))
    return users[0]


def find_people(
    model: type[Executive | Host], path: str | Sequence[str], keys: Sequence[str], problems: list[Problem]
) -> list[int]:
    """Ids of the executives or hosts with these keys, in that order; every key that fits none or two is noted.

    ``path`` is the list the keys stand in, or the path of each key.
    """
    paths = [f"{path}[{place}]" for place in range(len(keys))] if isinstance(path, str) else path
    attribute = "executive" if model is Executive else "host"
    found, ids = users_by_key(keys), []
    for where, key in zip(paths, keys, strict=True):
        users = [user for user in found.get(fold(key) or "", []) if hasattr(user, attribute)]
        if len(users) == 1:
            ids.append(users[0].pk)
        else:
            problems.append(Problem(where, _two(key) if users else _nobody(key, attribute)))
    return ids


def _nobody(key: str, attribute: str = "") -> str:
    words = {
        "executive": _("no executive has the number or address “%(key)s”"),
        "host": _("no host has the number or address “%(key)s”"),
    }.get(attribute, _("nobody has the number or address “%(key)s”"))
    return words % {"key": key[:60]}


def _two(key: str) -> str:
    return _("“%(key)s” fits more than one person: use the e-mail") % {"key": key[:60]}
