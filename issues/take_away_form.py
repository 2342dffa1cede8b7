"""The form an executive fills at the end of a visit: prefilled from floor notes, addressed to the host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.forms import day_input, lines, offered_categories
from issues.models import Category, Issue
from people.models import User
from shadowing.models import FloorNote, NoteKind

LONGEST = 4000  # characters of an obstacle
LOOKS = {  # asks for what is alike while one types
    "hx-get": reverse_lazy("issues:similar"), "hx-trigger": "input changed delay:400ms", "hx-target": "#similar",
    "hx-include": "#similar", "hx-sync": "this:replace",
}  # fmt: skip
ASIDE = ("earlier", "notes")  # shown elsewhere on the page


class TakeAwayForm(forms.Form):
    """``host`` is who the promise is made to, ``user`` who fills it, ``notes`` what was written down."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=160,
        help_text=gettext_lazy("What should be different, in one line: “Refunds need two screens”."),
        widget=forms.TextInput(LOOKS),
    )
    obstacle = forms.CharField(
        label=gettext_lazy("What stands in the way"), required=False, max_length=LONGEST, widget=lines(4)
    )
    promise = forms.CharField(max_length=400, widget=lines(2))
    target_date = forms.DateField(label=gettext_lazy("By when"), widget=day_input())
    category = forms.ModelChoiceField(
        Category.objects.none(), label=gettext_lazy("Category"), required=False, empty_label=gettext_lazy("None")
    )
    earlier = forms.ModelChoiceField(Issue.objects.none(), label=gettext_lazy("Earlier issue"), required=False)
    notes = forms.MultipleChoiceField(label=gettext_lazy("Floor notes"), required=False)

    def __init__(self, *args: Any, host: User, user: User, notes: Sequence[FloorNote], **kwargs: Any) -> None:
        self.host, self.written = host.first_name, notes
        chosen = first_choice(notes)
        start = {"obstacle": joined("", notes, chosen), "promise": f"{self.host}, ", "notes": chosen}
        super().__init__(*args, **kwargs | {"initial": start | (kwargs.get("initial") or {})})
        fields: dict[str, Any] = self.fields
        fields["category"].queryset = offered_categories()
        fields["earlier"].queryset = Issue.objects.visible_to(user)
        fields["notes"].choices = [(str(note.pk), note.text) for note in notes]
        fields["promise"].label = _("What do you promise %(host)s?") % {"host": self.host}
        fields["promise"].help_text = self._address()

    def _address(self) -> str | Promise:
        return _("One sentence to %(host)s, who reads exactly these words.") % {"host": self.host}

    def shown(self) -> list[forms.BoundField]:
        """The fields below the title, in their order."""
        return [field for field in self if field.name not in ("title", *ASIDE)]

    def clean_promise(self) -> str:
        """One line; a name alone promises nothing."""
        words = " ".join(self.cleaned_data["promise"].split())
        if words.strip(" ,") == self.host:
            raise forms.ValidationError(_("Write down what you promise; %(host)s reads it.") % {"host": self.host})
        return words

    def values(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "notes"}


def first_choice(notes: Sequence[FloorNote]) -> list[str]:
    """The obstacles the executive wrote down; where there are none, those anybody did."""
    obstacles = [note for note in notes if note.kind == NoteKind.OBSTACLE]
    own = [note for note in obstacles if note.author_id == note.visit.executive_id]
    return [str(note.pk) for note in own or obstacles]


def joined(text: str, notes: Sequence[FloorNote], chosen: Sequence[str]) -> str:
    """What was typed, with the notes that are chosen now and without those that are not. Other words stay."""
    for note in notes:
        if str(note.pk) not in chosen:
            text = text.replace(note.text, "")
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    parts += [note.text for note in notes if str(note.pk) in chosen and note.text not in text]
    return "\n\n".join(parts)[:LONGEST]
