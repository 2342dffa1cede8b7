"""The form of one question: its type, its words side by side in every language, its options, when it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.forms.offers import offer
from surveys.models import QuestionType
from surveys.questionnaires import limits
from surveys.questionnaires.checking import language_name
from surveys.questionnaires.definition import CHOICES, SCALES, Definition, find, values_of
from surveys.questionnaires.forms.words import DraftForm, LaterField, text_input
from surveys.questionnaires.problems import Problem
from surveys.questionnaires.shape import KEY
from surveys.questionnaires.words import answer_words, first_words, question_words

Row = dict[str, Any]
BLANK_ROWS = 3


class OptionsWidget(forms.Widget):
    """Rows of inputs, drawn by _questionnaire_options.html: option_key and option_<language>, as often as there are rows."""

    languages: Sequence[str] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        columns = {code: data.getlist(f"option_{code}") for code in self.languages}
        keys = data.getlist("option_key")
        count = max([len(keys), *(len(words) for words in columns.values())])
        return [
            {
                "key": keys[row] if row < len(keys) else "",
                "texts": {code: words[row] for code, words in columns.items() if row < len(words)},
            }
            for row in range(count)
        ]


class OptionsField(forms.Field):
    """Options in order; rows without a word are left out, new ones get a key from their words."""

    widget = OptionsWidget

    def clean(self, value: Any) -> list[Row]:
        rows = [row for row in value if any(words.strip() for words in row["texts"].values())]
        used = [row["key"] for row in rows if row["key"]]
        for row in rows:
            if not row["key"]:
                row["key"] = _option_key(row["texts"], used)
                used.append(row["key"])
        return rows


def _option_key(texts: dict[str, str], used: list[str]) -> str:
    words = next(words for words in texts.values() if words.strip())
    stem = slugify(words)[:40].replace("_", "-").strip("-") or "option"
    return next(key for key in chain([stem], (f"{stem}-{number}" for number in count(2))) if key not in used)


class QuestionForm(DraftForm):
    """Everything about one question. ``key``: which one, empty for a new one; it is offered earlier ones to depend on."""

    use_required_attribute = False
    type = forms.ChoiceField(
        label=gettext_lazy("Answered by"), choices=QuestionType.choices, widget=forms.RadioSelect, initial="scale5"
    )
    section = forms.ChoiceField(label=gettext_lazy("Section"), required=False)
    required = forms.BooleanField(
        label=gettext_lazy("Has to be answered"),
        required=False,
    )
    shown_if = forms.ChoiceField(
        label=gettext_lazy("Shown only if"),
        required=False,
        help_text=gettext_lazy("An earlier question with answers to choose from can decide whether this one is asked."),
    )
    alignment_key = text_input(
        gettext_lazy("Alignment key"),
        limits.KEY,
        required=False,
        help_text=gettext_lazy(
            "The same key in the questionnaire of the other side sets both answers side by side. Lists need the same options."
        ),
    )
    options = OptionsField(label=gettext_lazy("Options"), required=False)

    def __init__(self, *args: Any, definition: Definition, key: str = "", section: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition, self.key = definition, key
        self.codes: list[str] = definition["languages"]
        stored = find(definition, key) if key else None
        self.stored: Row = stored or {"section": section, "texts": {}, "options": [], "shown_if": {}}
        self.fields["options"].widget.languages = self.codes
        offer(self, "section", self._sections())
        offer(self, "shown_if", self._conditions())
        self._word_fields()
        self.initial.update({name: self.stored.get(name) for name in ("section", "required", "alignment_key")})
        self.initial.update({"type": self.stored.get("type", "scale5"), "options": self.stored["options"]})
        self.initial["shown_if"] = _coded(self.stored["shown_if"])

    def _sections(self) -> list[tuple[str, str]]:
        rows = [
            (each["key"], first_words(each["texts"], self.codes) or each["key"]) for each in self.definition["sections"]
        ]
        return [("", _("before every section") if rows else "–"), *rows]

    def _conditions(self) -> list[tuple[str, Any]]:
        """Earlier closed questions as groups, with what can be answered to them."""
        choices: list[tuple[str, Any]] = [("", _("always shown"))]
        for number, question in enumerate(self.definition["questions"], start=1):
            if question["key"] == self.key:
                break
            values = [
                (f"{question['key']}={value}", answer_words(question, value, self.codes))
                for value in values_of(question)
            ]
            if values:
                choices.append((f"{number}. {question_words(question, self.codes)}", values))
        return choices

    def _word_fields(self) -> None:
        labels = {"text": _("Question"), "hint": _("Hint"), "low": _("Low end"), "high": _("High end")}
        for code in self.codes:
            words = self.stored["texts"].get(code, {})
            for part, label in labels.items():
                rows = 2 if part in ("text", "hint") else 0
                needed = part == "text" and code == self.codes[0]
                kind = forms.CharField if needed or part == "hint" else LaterField
                field = text_input(
                    f"{label}, {language_name(code)}", limits.WORDS[part], rows=rows, kind=kind, required=part != "hint"
                )
                field.widget.attrs["lang"] = code
                self.fields[f"{part}_{code}"] = field
                self.initial[f"{part}_{code}"] = words.get(part, "")

    @property
    def languages(self) -> Iterator[tuple[str, list[BoundField], list[BoundField]]]:
        """Each language with its words, and those only scales have."""
        for code in self.codes:
            yield (
                language_name(code),
                [self[f"text_{code}"], self[f"hint_{code}"]],
                [self[f"low_{code}"], self[f"high_{code}"]],
            )

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Code and name of each language."""
        return [(code, language_name(code)) for code in self.codes]

    @property
    def option_rows(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """Key and cells (code, language, words) of each row, with empty rows below."""
        rows = list(self["options"].value() or [])
        wanted = max(len(rows) + (0 if self.is_bound else 1), BLANK_ROWS)
        rows += [{"key": "", "texts": {}}] * (min(wanted, limits.OPTIONS) - len(rows))
        return [
            (row["key"], [(code, language_name(code), row["texts"].get(code, "")) for code in self.codes])
            for row in rows
        ]

    def rearrange(self, press: str) -> None:
        """What the buttons beside the options do before anything is saved: "option-more", "option-up-2", "option-down-2"."""
        data = self.data.copy()  # type: ignore[attr-defined]
        rows = self["options"].value()
        verb, _dash, number = press.removeprefix("option-").partition("-")
        place = int(number) - 1 if number.isdecimal() and len(number) < 4 else 0
        other = place + (1 if verb == "down" else -1)
        if verb == "more":
            rows += [{"key": "", "texts": {}}] * min(BLANK_ROWS, max(limits.OPTIONS - len(rows), 0))
        elif 0 <= place < len(rows) and 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        data.setlist("option_key", [row["key"] for row in rows])
        for code in self.codes:
            data.setlist(f"option_{code}", [row["texts"].get(code, "") for row in rows])
        self.data = data
        self._errors = ErrorDict()  # nothing was asked to be saved yet

    def clean_alignment_key(self) -> str:
        key: str = self.cleaned_data["alignment_key"].strip()
        if key and not KEY.fullmatch(key):
            raise forms.ValidationError(_("Small letters and digits, with hyphens between: “tools-enough”."))
        return key

    def question(self) -> Row:
        """The question as data. What its type does not have is left out: ends without a scale, options without a choice."""
        given, kind = self.cleaned_data, self.cleaned_data["type"]
        parts = ["text", "hint", *(["low", "high"] if kind in SCALES else [])]
        return {
            "type": kind,
            "section": given["section"],
            "required": given["required"],
            "texts": {code: {part: given[f"{part}_{code}"] for part in parts} for code in self.codes},
            "options": given["options"] if kind in CHOICES else [],
            "shown_if": self._decoded(given["shown_if"]),
            "alignment_key": "" if kind == QuestionType.TEXT else given["alignment_key"],
        }

    def _decoded(self, coded: str) -> Row:
        key, _equals, wanted = coded.partition("=")
        question = find(self.definition, key)
        values = values_of(question) if question else []
        return next(({"question": key, "is": value} for value in values if str(value) == wanted), {})

    def add_problems(self, problems: Sequence[Problem], keys: Sequence[str]) -> None:
        """Put each problem beside its field. ``keys``: of the questions the problems count from 1."""
        for problem in problems:
            field, said = None, problem.message
            if len(problem.path) > 1 and problem.path[0] == "questions":
                about = keys[int(problem.path[1]) - 1]
                other = find(self.definition, about) if about != self.key else None
                if other is None:
                    field = self._field_of(problem.path[2:])
                else:
                    said = f"“{question_words(other, self.codes)}”: {said}"
            self.add_error(field, said)

    def _field_of(self, path: Sequence[str | int]) -> str | None:
        name = str(path[0]) if path else ""
        if name == "texts" and len(path) == 3:
            name = f"{path[2]}_{path[1]}"
        return name if name in self.fields else None


def _coded(condition: Row) -> str:
    return f"{condition['question']}={condition['is']}" if condition else ""
