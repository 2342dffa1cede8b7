"""The shape of what a regroup's page sends; the actions decide."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _

from people.errors import Refused

NEW = "new"  # instead of a group's number: one of its own, named after the note


class VersionForm(forms.Form):
    """A group as it was read."""

    version = forms.IntegerField(min_value=0)


class NameForm(VersionForm):
    name = forms.CharField(required=False)


class JoinForm(VersionForm):
    into = forms.IntegerField(required=False, min_value=1)


class MakeForm(forms.Form):
    name = forms.CharField(required=False)


class PutForm(forms.Form):
    """``group`` is empty to take the note out."""

    note = forms.UUIDField()
    was = forms.IntegerField(required=False, min_value=1)
    group = forms.RegexField(rf"\A(\d{{1,15}}|{NEW})\Z", required=False)


def require_shape(form: forms.Form) -> None:
    """Raises Refused: a page that was not tampered with sends the right shape."""
    if not form.is_valid():
        raise Refused(_("The page did not send all it should. Load it again. Nothing was changed."))
