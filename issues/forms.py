"""Forms about issues. They check the shape of what was typed; actions decide the rest."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from issues.models import Category, Issue
from people.forms.offers import offer, offer_rows

REASON = 300  # characters


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class IssueForm(forms.Form):
    """A form about one issue as it was when the page was made: ``version`` refuses it once the issue has moved on."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        self.issue = issue
        kwargs["initial"] = {"version": issue.version} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """What was typed, as keyword arguments of the action."""
        return dict(self.cleaned_data)

    @property
    def is_only_late(self) -> bool:
        """Nothing is wrong with it but that it came too late, or could not be done."""
        return set(self.errors) == {"__all__"}

    def renew(self, version: int) -> int | None:
        """Make a form that came too late one for the issue as it is now: who sends it again has seen what changed.
        The version it was sent with, None when it named none."""
        sent = self.data.get("version", "")
        self.data = {**dict(self.data.items()), "version": str(version)}
        return int(sent) if sent.isdecimal() and len(sent) < 16 else None


class UpdateForm(IssueForm):
    """Where it stands. Empty days: two weeks until the next update, and the target date stays."""

    text = forms.CharField(label=_("What has moved?"), max_length=4000, widget=lines(3))
    host_reads = forms.BooleanField(label=_("The host can read this"), required=False)
    blocked = forms.BooleanField(label=_("It is stuck"), required=False)
    next_update_due = forms.DateField(label=_("Next update"), required=False, widget=day_input())
    target_date = forms.DateField(label=_("Target date"), required=False, widget=day_input())
    reason = forms.CharField(label=_("Why the target date moves"), required=False, max_length=REASON)


class DeliverForm(IssueForm):
    text = forms.CharField(
        label=_("What is done?"),
        max_length=4000,
        widget=lines(3),
        help_text=_("In words your host can check. They read it."),
    )
    impact = forms.CharField(
        label=_("What does it change for the people on the floor?"), max_length=2000, widget=lines(2)
    )


class HoldForm(IssueForm):
    until = forms.DateField(
        label=_("Until"),
        widget=day_input(),
        help_text=_("At most 90 days ahead; a coordinator can hold it for up to a year."),
    )
    reason = forms.CharField(label=_("Why"), max_length=REASON)


class ReasonForm(IssueForm):
    reason = forms.CharField(label=_("Why"), max_length=REASON, widget=lines(2))


class RemindForm(IssueForm):
    words = forms.CharField(
        label=_("A line from you"),
        required=False,
        max_length=REASON,
        widget=lines(2),
        help_text=_("The owner reads it with the issue."),
    )


class WordsForm(IssueForm):
    words = forms.CharField(label=_("Your words"), max_length=4000, widget=lines(3))

    def values(self) -> dict[str, Any]:
        """Words contradict nothing, so no version is asked for."""
        return {"words": self.cleaned_data["words"]}


class NotYetForm(IssueForm):
    words = forms.CharField(label=_("What is missing?"), max_length=4000, widget=lines(3))


class MergeForm(IssueForm):
    into = forms.IntegerField(
        label=_("Number of the other issue"),
        min_value=1,
        max_value=2**62,
        error_messages={"required": _("Choose the issue that goes on for both.")},
    )

    def clean_into(self) -> Issue:
        issue = Issue.objects.filter(pk=self.cleaned_data["into"]).first()
        if issue is None:
            raise forms.ValidationError(_("There is no issue with this number."))
        return issue


class ChangeForm(IssueForm):
    title = forms.CharField(label=_("Title"), max_length=160)
    obstacle = forms.CharField(label=_("What stands in the way"), required=False, max_length=4000, widget=lines(4))
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), required=False, empty_label=_("None")
    )

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        initial = {"title": issue.title, "obstacle": issue.obstacle, "category": issue.category_id}
        super().__init__(*args, issue=issue, initial=initial, **kwargs)
        offer_rows(self, "category", offered_categories())


class WaiveForm(forms.Form):
    reason = forms.CharField(label=_("Why this visit may be without an issue"), max_length=REASON, widget=lines(2))


class ViewForm(forms.Form):
    """The name of a view of the list."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_default = forms.BooleanField(label=_("The list opens with it"), required=False)


def offered_categories() -> Any:
    """Categories that are still offered, in the order admins gave them."""
    return Category.objects.filter(retired=False).order_by("position", "pk")


class QuickForm(IssueForm):
    """Where it stands, in twenty seconds. Done says what it changes; with a new target date the line says why."""

    ANSWERS = (("moved", _("On track")), ("stuck", _("Blocked")), ("delivered", _("Done")))

    answer = forms.ChoiceField(label=_("Where does it stand?"), widget=forms.RadioSelect)
    text = forms.CharField(label=_("What has moved, or what stands in the way?"), max_length=4000, widget=lines(2))
    impact = forms.CharField(
        label=_("What does it change for the people on the floor?"),
        max_length=2000,
        widget=lines(2),
        error_messages={"required": _("Say what it changes for the people on the floor.")},
    )
    next_update_due = forms.DateField(
        label=_("Next update"), required=False, widget=day_input(), help_text=_("Empty: in two weeks.")
    )
    target_date = forms.DateField(
        label=_("New target date"),
        required=False,
        widget=day_input(),
        help_text=_("Only if it moves. Your line above says why."),
    )
    host_reads = forms.BooleanField(label=_("The host can read this"), required=False)

    def __init__(self, *args: Any, issue: Issue, answers: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, issue=issue, **kwargs)
        offered = [(name, words) for name, words in self.ANSWERS if name in answers]
        offer(self, "answer", offered)
        self.fields["impact"].required = not self.is_bound or self.data.get("answer") == "delivered"

    @property
    def is_done(self) -> bool:
        return self.cleaned_data["answer"] == "delivered"

    def values(self) -> dict[str, Any]:
        """Keyword arguments of deliver, or of post_update."""
        typed = super().values()
        answer = typed.pop("answer")
        if answer == "delivered":
            return {name: typed[name] for name in ("text", "impact", "version")}
        del typed["impact"]
        return typed | {"blocked": answer == "stuck", "reason": typed["text"][:REASON] if typed["target_date"] else ""}
