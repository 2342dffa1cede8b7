"""Forms about who carries an issue, and until when its reminders wait. They check the shape; actions decide the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues import people
from issues.errors import Refused
from issues.forms import REASON, IssueForm, ReasonForm, day_input, lines
from issues.hands import hands
from issues.models import Issue
from people.forms.offers import offer_rows
from people.models import Executive, User

LIST = "names-of-executives"


class NameInput(forms.TextInput):
    """A text field that suggests the names of ``LIST`` while one types; where none are, it is a text field."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"list": LIST, "autocomplete": "off"} | (attrs or {}))


class NamesInput(NameInput):
    """The same, and brings the list along: once a page."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        field = super().render(name, value, attrs, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((one,) for one in people.suggestions()))
        return format_html('{}<datalist id="{}">{}</datalist>', field, LIST, options)


class PersonField(forms.CharField):
    """Finds the person that is meant."""

    def __init__(self, find: Callable[[str], Any], **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("A name, an employee number or a sign-in e-mail."))
        super().__init__(max_length=320, widget=kwargs.pop("widget", NamesInput), **kwargs)
        self.find = find

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.find(text)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def new_owner_field(label: Any, **kwargs: Any) -> PersonField:
    return PersonField(people.find_executive, label=label, **kwargs)


class OfferForm(IssueForm):
    to = new_owner_field(gettext_lazy("Who is to own it?"))
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=REASON, widget=lines(2))


class AskForm(IssueForm):
    person = PersonField(people.find_person, label=gettext_lazy("Who?"))
    request = forms.CharField(label=gettext_lazy("What are they to do?"), max_length=400, widget=lines(2))


class EndForm(IssueForm):
    """Which of those who are asked or work on it."""

    person = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who"), empty_label=None)

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        super().__init__(*args, issue=issue, **kwargs)
        live = [one.person_id for one in hands(issue).live]
        offer_rows(self, "person", User.objects.filter(pk__in=live).order_by("name_key", "pk"))


class SnoozeForm(IssueForm):
    until = forms.DateField(
        label=gettext_lazy("Until"), widget=day_input(), help_text=gettext_lazy("At most 14 days ahead.")
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=REASON)


class WithdrawForm(ReasonForm):
    """The owner's reason stands in it, when they asked."""

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        super().__init__(*args, issue=issue, initial={"reason": issue.withdrawal_reason}, **kwargs)


class CheckForm(IssueForm):
    """It holds, or it does not. Both answers are fine, so neither is chosen beforehand."""

    holds = forms.TypedChoiceField(
        label=gettext_lazy("Does it still help on your floor?"),
        choices=[("yes", gettext_lazy("Yes, it still holds")), ("no", gettext_lazy("No, it does not hold any more"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("What does not hold?"),
        required=False,
        max_length=4000,
        widget=lines(3),
        help_text=gettext_lazy("Needed for a no, welcome with a yes."),
    )


class HoldsForm(IssueForm):
    """It still holds; a word with it is welcome."""

    words = forms.CharField(
        label=gettext_lazy("Anything to add?"), required=False, max_length=4000, widget=lines(2),
        help_text=gettext_lazy("Optional."),
    )  # fmt: skip


class HoldsNoMoreForm(IssueForm):
    """It does not, and what does not."""

    words = forms.CharField(label=gettext_lazy("What does not hold any more?"), max_length=4000, widget=lines(3))


class TransferForm(forms.Form):
    """One new owner for all of a leaver's issues, or another one for single ones (``to_<number>``)."""

    to = new_owner_field(gettext_lazy("New owner of all"), required=False)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=REASON, widget=lines(2))
    numbers = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, issues: list[Issue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issues = issues
        self.initial["numbers"] = " ".join(str(issue.pk) for issue in issues)
        for issue in issues:
            self.fields[f"to_{issue.pk}"] = new_owner_field(
                _("Another one for this"), required=False, widget=NameInput, help_text=""
            )

    def rows(self) -> list[tuple[Issue, forms.BoundField]]:
        """Each issue with its own field."""
        return [(issue, self[f"to_{issue.pk}"]) for issue in self.issues]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.owners(cleaned):
            self.add_error("to", _("Name who is to own them."))
        return cleaned

    def owners(self, cleaned: dict[str, Any]) -> dict[int, Executive]:
        """The new owner of each issue."""
        named = {issue.pk: cleaned.get(f"to_{issue.pk}") or cleaned.get("to") for issue in self.issues}
        return {number: owner for number, owner in named.items() if owner}

    def values(self) -> dict[str, Any]:
        """What was typed, as keyword arguments of the action. ``numbers`` are the issues the page showed."""
        named = self.cleaned_data["numbers"].split()
        shown = [int(number) for number in named if number.isdecimal() and len(number) < 16]
        return {"to": self.owners(self.cleaned_data), "reason": self.cleaned_data["reason"], "numbers": shown}
