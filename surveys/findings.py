"""What the page of a round shows, and its file: every question's figure for a part of the program, beside other parts and
the season before. Figures come from ``surveys.counting``; nothing is counted here."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.http import Http404
from django.utils.translation import gettext as _

from people.models import User
from surveys.alignment.values import difference, value_of
from surveys.counting import TEXTS_ON_A_PAGE, Tallies, released_texts, shown_figure, tallies_of_rounds
from surveys.figures import Counts, Shown
from surveys.least import least_released, least_shown
from surveys.models import Answer, Cell, Question, QuestionType, Release, Round
from surveys.results import cell_name
from surveys.texts import option_text, question_part, question_text

Text = tuple[str, str | None]  # words, and whose they are in a named round
CHOICES = (QuestionType.ONE_OF, QuestionType.SOME_OF)


@dataclass(frozen=True)
class Part:
    """The season (``cell`` None) or one cell the reader may see by itself. ``site`` is what it can be compared by."""

    name: str
    cells: Sequence[int]
    cell: int | None = None
    site: int | None = None
    released_on: date | None = None


@dataclass(frozen=True)
class Result:
    """One question. ``parts``: (name, figure) of every cell, when the season is looked at; ``earlier``: the figure of the
    season before; ``texts``: one page of them with the name beside each in a named round, ``more``: another follows."""

    question: Question
    shown: Shown | None
    parts: Sequence[tuple[str, Shown | None]] = ()
    earlier: Shown | None = None
    texts: Sequence[Text] = ()
    page: int = 1
    more: bool = False
    cell: int | None = None

    @property
    def back_query(self) -> str:
        return self._query(self.page - 1)

    @property
    def next_query(self) -> str:
        return self._query(self.page + 1)

    def _query(self, page: int) -> str:
        cell = {"cell": self.cell} if self.cell else {}
        return urlencode({**cell, f"p-{self.question.key}": page})

    @property
    def text(self) -> str:
        return question_text(self.question)

    @property
    def kind(self) -> str:
        """mean, yes, choice or text."""
        kinds = {QuestionType.YES_NO: "yes", QuestionType.TEXT: "text"}
        return "choice" if self.question.type in CHOICES else kinds.get(QuestionType(self.question.type), "mean")

    @property
    def ends(self) -> tuple[str, str]:
        return question_part(self.question, "low"), question_part(self.question, "high")

    @property
    def bars(self) -> list[tuple[str, int]]:
        """(label, whole per cent) of every possible answer."""
        labels: dict[Hashable, str] = {option["key"]: option_text(option) for option in self.question.options}
        return [(labels.get(value, str(value)), share) for value, share in self.shown.bars] if self.shown else []

    @property
    def change(self) -> str:
        """Against the season before, from both figures as shown."""
        if not self.shown or not self.earlier or not self.shown.coded.text or not self.earlier.coded.text:
            return ""
        return difference(value_of(self.earlier.coded), value_of(self.shown.coded))


@dataclass(frozen=True)
class Findings:
    """The page. ``parts``: what can be chosen, the season first; ``before``: the round it is compared with."""

    round: Round
    part: Part
    parts: Sequence[Part]
    before: Round | None = None
    results: Sequence[Result] = field(default_factory=list)

    @property
    def released(self) -> bool:
        return self.part.released_on is not None

    @property
    def least(self) -> int:
        """Answers under which a figure is hidden."""
        return least_shown(self.round)

    @property
    def least_released(self) -> int:
        """Answers that a release takes."""
        return least_released(self.round)


def findings(survey_round: Round, user: User, *, cell: str = "", pages: Mapping[str, int] | None = None) -> Findings:
    """A round as this person may see it. ``cell``: id of the part to look at, empty for the season; Http404 for one they
    may not see. Five queries, and one for each question that shows texts."""
    before = _before(survey_round, user)
    rounds = [survey_round, before] if before else [survey_round]
    cells: dict[int, list[Cell]] = {one.pk: [] for one in rounds}
    for each in Cell.objects.filter(round__in=rounds).for_results(user):
        cells[each.round_id].append(each)
    parts = _parts(survey_round, cells[survey_round.pk])
    part = next((one for one in parts if str(one.cell or "") == cell), None)
    if part is None:
        raise Http404
    then = _same_part(part, cells[before.pk]) if before else []
    results = _results(survey_round, part, parts[1:] if part.cell is None else [], before, then, pages or {})
    return Findings(survey_round, part, parts, before if then else None, results)


def _before(survey_round: Round, user: User) -> Round | None:
    """The same survey of the same people in the newest earlier season of the program of which something is released."""
    season = survey_round.season
    rounds = Round.objects.visible_to(user).filter(
        Exists(Release.objects.filter(cell__round=OuterRef("pk"))),
        version__questionnaire=survey_round.version.questionnaire_id,
        audience=survey_round.audience,
        phase=survey_round.phase,
        site=survey_round.site_id,
        anonymous=survey_round.anonymous,
        season__program=season.program_id,
        season__ends_on__lt=season.starts_on,
    )
    return rounds.select_related("season").order_by("-season__ends_on", "-pk").first()


def _parts(survey_round: Round, cells: Sequence[Cell]) -> list[Part]:
    days = [cell.released_on for cell in cells if cell.released_on]
    whole = Part(_("Season"), [cell.pk for cell in cells], released_on=max(days, default=None))
    if len(cells) < 2:
        return [whole]
    return [whole] + [
        Part(cell_name(cell), [cell.pk], cell.pk, cell.site_id, cell.released_on) for cell in cells if cell.own
    ]


def _same_part(part: Part, cells: Sequence[Cell]) -> list[int]:
    """The cells of an earlier round that a part can be compared with: never a pool, whose sites change."""
    if part.cell is None:
        return [cell.pk for cell in cells]
    return [cell.pk for cell in cells if cell.own and cell.site_id and cell.site_id == part.site]


def _results(
    survey_round: Round, part: Part, others: Sequence[Part], before: Round | None, then: Sequence[int],
    pages: Mapping[str, int],
) -> list[Result]:  # fmt: skip
    rounds = [survey_round, before] if before else [survey_round]
    asked = list(Question.objects.filter(version__in={one.version_id for one in rounds}).order_by("position"))
    tallies = tallies_of_rounds([one.pk for one in rounds], [question.pk for question in asked])
    old = {
        (question.key, question.type): question
        for question in asked
        if before and question.version_id == before.version_id
    }
    return [
        _result(
            survey_round, question, tallies, part, others,
            _figure(before, old.get((question.key, question.type)), tallies, then), pages.get(question.key, 1),
        )
        for question in asked if question.version_id == survey_round.version_id
    ]  # fmt: skip


def _result(
    survey_round: Round, question: Question, tallies: Mapping[int, Tallies], part: Part, others: Sequence[Part],
    earlier: Shown | None, page: int,
) -> Result:  # fmt: skip
    shown = _figure(survey_round, question, tallies, part.cells)
    if question.type == QuestionType.TEXT:
        return _with_texts(survey_round, question, tallies, part, page)
    if question.type in CHOICES:
        return Result(question, shown)
    parts = [(other.name, _figure(survey_round, question, tallies, other.cells)) for other in others]
    return Result(question, shown, parts, earlier)


def _figure(
    survey_round: Round | None, question: Question | None, tallies: Mapping[int, Tallies], cells: Sequence[int]
) -> Shown | None:
    if survey_round is None or question is None:
        return None
    return shown_figure(survey_round, question, _counts(survey_round, question, tallies), cells)


def _counts(survey_round: Round, question: Question, tallies: Mapping[int, Tallies]) -> Mapping[int, Counts]:
    return tallies.get(survey_round.pk, {}).get(question.pk, {})


def _with_texts(
    survey_round: Round, question: Question, tallies: Mapping[int, Tallies], part: Part, page: int
) -> Result:
    counts = _counts(survey_round, question, tallies)
    rows = _texts(survey_round, question, counts, part)
    if rows is None:
        return Result(question, None)
    page, found = _page(rows, max(page, 1))
    shown = shown_figure(survey_round, question, counts, part.cells)
    return Result(
        question, shown, texts=found[:TEXTS_ON_A_PAGE], page=page, more=len(found) > TEXTS_ON_A_PAGE, cell=part.cell
    )


def _texts(
    survey_round: Round, question: Question, counts: Mapping[int, Counts], part: Part
) -> QuerySet[Answer, Text] | None:
    rows = released_texts(survey_round, question, counts, part.cells)
    if rows is None:
        return None
    name = Value(None, CharField()) if survey_round.anonymous else F("response__signature__user__name")
    return rows.values_list("text", name)


def every_text(found: Findings, result: Result) -> Iterator[Text]:
    """All pages of a question's texts, for files. Two queries."""
    tallies = tallies_of_rounds([found.round.pk], [result.question.pk])
    rows = _texts(found.round, result.question, _counts(found.round, result.question, tallies), found.part)
    yield from rows.iterator(2000) if rows is not None else ()


def _page(rows: QuerySet[Answer, Text], page: int) -> tuple[int, list[Text]]:
    """That page of the texts and one more, else the first page."""
    start = (page - 1) * TEXTS_ON_A_PAGE
    found = list(rows[start : start + TEXTS_ON_A_PAGE + 1])
    return (page, found) if found or page == 1 else _page(rows, 1)
