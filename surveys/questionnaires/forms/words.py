"""Name, languages and opening words of a questionnaire; the title of a section; the file to import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.forms.offers import offer
from surveys.questionnaires import limits
from surveys.questionnaires.checking import language_name
from surveys.questionnaires.refusals import EditedMeanwhile
from surveys.questionnaires.shape import LANGUAGE_CODES

# What contact centers write in most; any other is one choice away.
COMMON = ("en", "de", "es", "fr", "it", "nl", "pl", "pt", "tr", "hi")


def language_choices(codes: Sequence[str] | frozenset[str] = LANGUAGE_CODES) -> list[tuple[str, str]]:
    """Languages by their own names."""
    return sorted(((code, language_name(code)) for code in codes), key=lambda choice: choice[1].casefold())


class LaterField(forms.CharField):
    """Words a draft may still lack: not "optional", as publishing asks for them, but refused by nobody before."""

    def validate(self, value: Any) -> None:
        pass


def text_input(
    label: Any, most: int, *, rows: int = 0, kind: type[forms.CharField] = forms.CharField, **more: Any
) -> forms.CharField:
    """A line, or with ``rows`` a box, of text."""
    widget = forms.Textarea if rows else forms.TextInput
    attrs = {"class": "form-control", "autocomplete": "off"} | ({"rows": rows} if rows else {})
    return kind(label=label, max_length=most, widget=widget(attrs=attrs), **more)


class DraftForm(forms.Form):
    """A form about a draft carries the revision that was read, so that nobody overwrites unseen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def take_over(self, conflict: EditedMeanwhile) -> None:
        """Saving once more means it: the revision becomes the one that is there by now."""
        typed = self.data.copy()  # type: ignore[attr-defined]
        typed[self.add_prefix("revision")] = str(conflict.revision)
        self.data = typed

    @property
    def read(self) -> int:
        """The revision the person saw; one that cannot be read is never the right one."""
        revision = self.cleaned_data.get("revision")
        return -1 if revision is None else int(revision)


class NewForm(forms.Form):
    """What a questionnaire is called, and in which languages it asks."""

    name = text_input(gettext_lazy("Name"), limits.NAME)
    description = text_input(gettext_lazy("Whom it asks, and what about"), limits.DESCRIPTION, rows=2, required=False)
    main = forms.ChoiceField(
        label=gettext_lazy("Main language"),
        help_text=gettext_lazy("Shown to people whose own language is not among the others."),
    )
    others = forms.MultipleChoiceField(
        label=gettext_lazy("Other languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    another = forms.ChoiceField(label=gettext_lazy("One more"), required=False)

    def __init__(self, *args: Any, languages: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = frozenset({*COMMON, *languages})
        every = language_choices()
        offer(self, "main", every)
        offer(self, "others", language_choices(listed))
        offer(self, "another", [("", "–")] + [each for each in every if each[0] not in listed])
        if languages:
            self.initial.update({"main": languages[0], "others": list(languages[1:])})

    def languages(self) -> list[str]:
        """The chosen ones, the main language first, each once."""
        chosen = self.cleaned_data
        return list(dict.fromkeys(code for code in (chosen["main"], *chosen["others"], chosen["another"]) if code))


class WordsForm(NewForm, DraftForm):
    """The same of a draft, with the words it opens with."""

    def __init__(self, *args: Any, languages: Sequence[str], intro: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, languages=languages, **kwargs)
        self.codes = list(languages)
        for code in self.codes:
            label = _("Opening words, %(language)s") % {"language": language_name(code)}
            field = text_input(label, limits.INTRO, rows=3, required=False)
            field.widget.attrs["lang"] = code
            self.fields[f"intro_{code}"] = field
            self.initial[f"intro_{code}"] = intro.get(code, "")

    @property
    def intro_fields(self) -> list[BoundField]:
        return [self[f"intro_{code}"] for code in self.codes]

    def intro(self) -> dict[str, str]:
        """Of the languages that stay."""
        stay = self.languages()
        return {code: self.cleaned_data[f"intro_{code}"] for code in self.codes if code in stay}


class SectionForm(DraftForm):
    """The title of a section in each language."""

    use_required_attribute = False

    def __init__(self, *args: Any, languages: Sequence[str], texts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(languages)
        for code in self.codes:
            label = _("Title, %(language)s") % {"language": language_name(code)}
            kind = forms.CharField if code == self.codes[0] else LaterField
            field = text_input(label, limits.TITLE, kind=kind)
            field.widget.attrs["lang"] = code
            self.fields[f"title_{code}"] = field
            self.initial[f"title_{code}"] = texts.get(code, "")

    @property
    def titles(self) -> list[BoundField]:
        return [self[f"title_{code}"] for code in self.codes]

    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"title_{code}"] for code in self.codes}


class ImportForm(forms.Form):
    """A file that was exported here, or written by hand."""

    file = forms.FileField(
        label=gettext_lazy("JSON file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".json,application/json"}),
    )
