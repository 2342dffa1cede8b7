"""Step 5: when people are reminded, and which questionnaires are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy

from people.forms.offers import offer
from shadowing.models.seasons import default_reminders
from shadowing.seasons.problems import Problem
from shadowing.seasons.questionnaires import offered
from shadowing.seasons.reminder_words import Kind, kinds, told
from shadowing.seasons.setup.base import StepForm, number, words_of
from shadowing.seasons.spec import read_reminders


class RemindersForm(StepForm):
    """A line of days for each kind of reminder; before a date they are counted backwards."""

    KEYS = frozenset({"reminders", "questionnaires"})
    questionnaires = forms.MultipleChoiceField(
        label=gettext_lazy("Questionnaires"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def build(self) -> None:
        self.kinds = kinds()
        for kind in self.kinds:
            label = gettext("%(kind)s, every … days") if kind.repeats else "%(kind)s"
            self.fields[kind.name] = forms.CharField(
                label=label % {"kind": kind.label}, help_text=str(kind.hint), required=kind.repeats, max_length=80
            )
        choices = [(each.slug, each.name) for each in offered()]
        offer(self, "questionnaires", choices)

    def stored(self) -> dict[str, Any]:
        values = {kind.name: _typed(kind, self.season.policy(kind.name)) for kind in self.kinds}
        return values | {"questionnaires": self.season.questionnaires}

    @property
    def rows(self) -> Iterator[tuple[BoundField, str]]:
        """The field of each kind with what it says as it is saved."""
        for kind in self.kinds:
            yield self[kind.name], told(kind, self.season.policy(kind.name))

    @property
    def offers(self) -> Iterator[tuple[str, Any, bool]]:
        """Each questionnaire with its description, and whether it is chosen."""
        chosen = self["questionnaires"].value() or []
        for each in offered():
            yield each.slug, each, each.slug in chosen

    def policy(self) -> dict[str, Any]:
        """What differs from the defaults, or was set before: the rest follows the defaults, also when those change."""
        usual = default_reminders()
        typed = {kind.name: _days(kind, self.cleaned_data[kind.name]) for kind in self.kinds}
        return {name: days for name, days in typed.items() if days != usual[name] or name in self.season.reminders}

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Days that cannot be read are said in the form's own terms, once a field: nobody types the sign for "before"."""
        days = {kind.name: kind for kind in self.kinds}
        for problem in problems:
            kind = days.get(self.field_of(problem.path) or "")
            if kind is None or not (kind.repeats or "[" in problem.path):
                super().add_problems([problem])
            elif not self.has_error(kind.name):
                self.add_error(kind.name, _range(kind))

    def part(self) -> dict[str, Any]:
        return {"reminders": self.policy(), "questionnaires": self.cleaned_data["questionnaires"]}


class PolicyForm(RemindersForm):
    """The days alone, on their own page: they can be changed as long as anything of the season is open."""

    KEYS = frozenset({"reminders"})

    def build(self) -> None:
        super().build()
        del self.fields["questionnaires"]

    def stored(self) -> dict[str, Any]:
        return {name: value for name, value in super().stored().items() if name != "questionnaires"}

    def part(self) -> dict[str, Any]:
        return {"reminders": self.policy()}

    def check_days(self) -> bool:
        """Whether all that was typed makes a policy; what does not is said beside its field."""
        if self.is_valid():
            self.add_problems(read_reminders(self.policy())[1])
        return self.is_valid()

    def readable_policy(self) -> dict[str, Any]:
        """What was typed where all of it can be read, else the policy as it is."""
        if not (self.is_bound and self.is_valid()):
            return self.season.reminders
        policy, problems = read_reminders(self.policy())
        return self.season.reminders if problems else policy


def _range(kind: Kind) -> str:
    if kind.repeats:
        return gettext("Write one whole number of days, from 1 to 365.")
    return gettext("Write whole days from 0 to %(most)d, with commas between.") % {
        "most": 90 if kind.comes_before else 365
    }


def _typed(kind: Kind, policy: Any) -> str:
    """Days as people write them: without the sign that says "before"."""
    days = [policy] if kind.repeats else sorted((abs(day) for day in policy), reverse=kind.comes_before)
    return ", ".join(str(day) for day in days)


def _days(kind: Kind, text: str) -> Any:
    """ "7, 1" as the file has it; what is no number goes on, for the check of the file to refuse."""
    days = [number(word) for word in words_of(text)]
    if kind.repeats:
        return days[0] if len(days) == 1 else text
    return [-abs(day) if kind.comes_before and isinstance(day, int) else day for day in days]
