"""The form that makes one issue of a group: what it would be at the end of a visit, with whose it is to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.take_away_form import ASIDE, TakeAwayForm, joined
from people.models import User
from shadowing.models import FloorNote, RegroupGroup, Visit


class RegroupIssueForm(TakeAwayForm):
    """``visits``: held visits of the day whose executive the user may speak for; ``day``: all held ones."""

    owner = forms.ChoiceField(label=gettext_lazy("Who makes it their own?"))
    promised_to = forms.ChoiceField(label=gettext_lazy("Whom is it promised to?"), required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    field_order = ("title", "owner", "promised_to", "obstacle", "promise", "target_date", "category")

    def __init__(
        self, *args: Any, group: RegroupGroup, visits: Sequence[Visit], day: Sequence[Visit], user: User,
        notes: Sequence[FloorNote], **kwargs: Any,
    ) -> None:  # fmt: skip
        self.visits = {str(visit.pk): visit for visit in visits}
        self.hosts = {str(visit.host_id): visit.host for visit in day}
        all_notes = [str(note.pk) for note in notes]
        start = {
            "title": group.name,
            "version": group.version,
            "notes": all_notes,
            "obstacle": joined("", notes, all_notes),
        }
        start |= {} if len(visits) == 1 else {"promise": ""}
        initial = start | (kwargs.pop("initial", None) or {})
        super().__init__(*args, host=visits[0].host.user, user=user, notes=notes, initial=initial, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].choices = [(pk, visit.executive.user.name) for pk, visit in self.visits.items()]
        fields["owner"].help_text = _("Exactly one owner: it settles their visit. The others still owe their own.")
        anybody = [("", _("The host of the owner’s visit"))] if len(visits) > 1 else []
        named = [(pk, f"{host.user.name}, {host.team.name}") for pk, host in self.hosts.items()]
        fields["promised_to"].choices = anybody + named
        if len(visits) > 1:
            fields["promise"].label = _("What the owner promises, in their own words")
            fields["promise"].help_text = _("One sentence to the host, who reads exactly these words.")
        elif not self.initial.get("promised_to"):
            self.initial["promised_to"] = str(visits[0].host_id)

    def renew(self, version: int) -> bool:
        """Make a form that came too late one for the group as it is now: who sends it again has read what changed.
        Whether it was made from an older one."""
        sent = self.data.get("version", "")
        data = cast("QueryDict", self.data).copy()  # with all notes that are ticked
        data["version"] = str(version)
        self.data = data
        return sent != str(version)

    def shown(self) -> list[forms.BoundField]:
        """The fields below the title, in their order."""
        return [field for field in self if field.name not in ("title", "version", *ASIDE)]

    def values(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        said = super().values()
        return said | {"owner": self.visits[said["owner"]], "promised_to": self.hosts.get(said["promised_to"])}
