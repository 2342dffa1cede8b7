"""What the pages of the editor show, read in as few queries as there are things to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from surveys.models import Question, Questionnaire, QuestionnaireVersion, QuestionType, Round
from surveys.questionnaires import rights
from surveys.questionnaires.builtin import BUILTIN
from surveys.questionnaires.checking import gaps, language_name
from surveys.questionnaires.definition import Definition, definition_of, find, in_sections, normal
from surveys.questionnaires.newer import is_behind
from surveys.questionnaires.problems import Problem
from surveys.questionnaires.words import answer_words, first_words, question_words

STATES: dict[str, tuple[str | Promise, Q]] = {
    "published": (gettext_lazy("Published"), Q(published_number__isnull=False, retired_at__isnull=True)),
    "draft": (gettext_lazy("With a draft"), Q(draft_id__isnull=False, retired_at__isnull=True)),
    "retired": (gettext_lazy("Retired"), Q(retired_at__isnull=False)),
    "builtin": (gettext_lazy("Built in"), Q(slug__in=BUILTIN)),
}


def questionnaires_for(user: User, *, state: str = "", q: str = "") -> QuerySet[Questionnaire]:
    """Those of the list, each with its draft, its newest published version, and how much it asked and was asked."""
    versions = QuestionnaireVersion.objects.filter(questionnaire=OuterRef("pk")).order_by("-number")
    published, drafts = versions.filter(published_at__isnull=False), versions.filter(published_at__isnull=True)
    asked = Question.objects.filter(version=OuterRef("newest_id")).order_by().values("version").annotate(n=Count("pk"))
    rounds = Round.objects.filter(version__questionnaire=OuterRef("pk")).order_by()
    rows = Questionnaire.objects.visible_to(user).annotate(
        newest_id=Subquery(versions.values("pk")[:1]),
        newest_languages=Subquery(versions.values("languages")[:1]),
        draft_id=Subquery(drafts.values("pk")[:1]),
        published_id=Subquery(published.values("pk")[:1]),
        published_number=Subquery(published.values("number")[:1]),
        questions=Subquery(asked.values("n")[:1]),
        rounds=Subquery(rounds.values("version__questionnaire").annotate(n=Count("pk")).values("n")[:1]),
    )
    if state in STATES:
        rows = rows.filter(STATES[state][1])
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(description__icontains=q))
    return rows.order_by(F("retired_at").asc(nulls_first=True), "name", "pk")


def not_asked_yet() -> list[tuple[str, str, str]]:
    """Slug, name and description of the built-in questionnaires that no round has needed so far."""
    there = set(Questionnaire.objects.filter(slug__in=BUILTIN).values_list("slug", flat=True))
    return [(slug, _(each["name"]), _(each["description"])) for slug, each in BUILTIN.items() if slug not in there]


@dataclass(frozen=True)
class Gap:
    """What is missing, and the address where it is filled in."""

    words: str
    url: str


@dataclass(frozen=True)
class Row:
    """One question in the list of a version."""

    number: int
    key: str
    words: str
    kind: str
    required: bool
    options: list[str]
    condition: str
    alignment_key: str
    gaps: int


@dataclass(frozen=True)
class Part:
    """A section with its questions; ``key`` is empty for those before every section."""

    key: str
    title: str
    rows: list[Row]
    first: bool
    last: bool


def version_page(version: QuestionnaireVersion, user: User) -> dict[str, Any]:
    """A version with its questions, its gaps, and what else there is of its questionnaire."""
    definition = normal(definition_of(version))
    found = gaps(definition) if version.published_at is None else []
    others = list(version.questionnaire.versions.annotate(asked=Count("rounds")).order_by("-number"))
    may_change = rights.may_change(user, version.questionnaire) and version.questionnaire.retired_at is None
    return {
        "version": version,
        "questionnaire": version.questionnaire,
        "parts": parts_of(definition, found),
        "gaps": [gap_of(version, definition, gap) for gap in found],
        "languages": [language_name(code) for code in definition["languages"]],
        "intro": first_words(definition["intro"], definition["languages"]),
        "versions": others,
        "rounds": version.rounds.select_related("season").order_by("-opens_on", "pk"),
        "may_change": may_change,
        "may_edit": may_change and version.published_at is None,
        "may_take_newer": may_change and version == others[0] and is_behind(version, definition),
        "builtin": version.questionnaire.slug in BUILTIN,
    }


def parts_of(definition: Definition, found: Sequence[Problem]) -> list[Part]:
    """The sections in order; questions are numbered through."""
    numbers = {question["key"]: number for number, question in enumerate(definition["questions"], start=1)}
    missing = [problem.path[1] for problem in found if problem.path[0] == "questions" and len(problem.path) > 1]
    parts = in_sections(definition)
    return [
        Part(
            key=section["key"] if section else "",
            title=first_words(section["texts"], definition["languages"]) or section["key"] if section else "",
            rows=[_row(definition, each, numbers[each["key"]], missing.count(numbers[each["key"]])) for each in rows],
            first=section is not None and section == definition["sections"][0],
            last=section is not None and section == definition["sections"][-1],
        )
        for section, rows in parts
    ]


def _row(definition: Definition, question: dict[str, Any], number: int, missing: int) -> Row:
    languages = definition["languages"]
    return Row(
        number=number,
        key=question["key"],
        words=question_words(question, languages),
        kind=str(QuestionType(question["type"]).label),
        required=question["required"],
        options=[first_words(option["texts"], languages) or option["key"] for option in question["options"]],
        condition=_condition(definition, question["shown_if"]),
        alignment_key=question["alignment_key"],
        gaps=missing,
    )


def _condition(definition: Definition, shown_if: dict[str, Any]) -> str:
    other = find(definition, shown_if["question"]) if shown_if else None
    if other is None:
        return ""
    number = definition["questions"].index(other) + 1
    answer = answer_words(other, shown_if["is"], definition["languages"])
    return _("only if %(number)d is “%(answer)s”") % {"number": number, "answer": answer}


def gap_of(version: QuestionnaireVersion, definition: Definition, gap: Problem) -> Gap:
    """The gap with the number of its question, and where to fill it."""
    kind, place = gap.path[0], gap.path[1] if len(gap.path) > 1 else None
    if isinstance(place, int) and kind == "questions":
        key = definition["questions"][place - 1]["key"]
        url = reverse("surveys:question", args=[version.pk, key])
        return Gap(_("Question %(number)d: %(gap)s") % {"number": place, "gap": gap.message}, url)
    if isinstance(place, int):
        section = definition["sections"][place - 1]
        title = first_words(section["texts"], definition["languages"]) or section["key"]
        url = reverse("surveys:section", args=[version.pk, section["key"]])
        return Gap(_("Section “%(title)s”: %(gap)s") % {"title": title, "gap": gap.message}, url)
    if kind == "intro":
        url = reverse("surveys:questionnaire_words", args=[version.pk])
        return Gap(_("Opening words: %(gap)s") % {"gap": gap.message}, url)
    return Gap(gap.message, reverse("surveys:question_new", args=[version.pk]))
