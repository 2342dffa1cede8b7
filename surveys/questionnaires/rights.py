"""Who writes questionnaires: admins and coordinators. Built-in ones are asked everywhere, so they belong to whoever
coordinates every site; others make a copy of their own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from people.models import User
from surveys.models import Questionnaire
from surveys.questionnaires.builtin import BUILTIN
from surveys.questionnaires.refusals import NotYours, Retired


def may_write(user: User) -> bool:
    """May this person write questionnaires at all?"""
    return bool(user.identities & {"admin", "coordinator"})


def may_change(user: User, questionnaire: Questionnaire) -> bool:
    """May this person edit, publish and retire this one?"""
    return may_write(user) and (questionnaire.slug not in BUILTIN or user.coordinates_everywhere)


def require_write(user: User) -> None:
    """Raises NotYours."""
    if not may_write(user):
        raise NotYours(_("Questionnaires are written by coordinators."))


def require_change(user: User, questionnaire: Questionnaire) -> None:
    """Raises NotYours, or Retired once nobody is to be asked it any more."""
    require_write(user)
    if not may_change(user, questionnaire):
        raise NotYours(_("A built-in questionnaire is asked at every site. Make a copy and change that."))
    if questionnaire.retired_at:
        raise Retired
