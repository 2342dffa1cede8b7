"""Reading the paired questions of a season: five queries, however many answers and questions there are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from django.http import Http404

from people.models import Site, User
from shadowing.models import Season
from surveys.alignment.choices import CHOICES, Choice, by_distance, options_of
from surveys.alignment.items import Item, Side, Theme, by_gap, themes_of
from surveys.alignment.scope import EXECUTIVES, FRONT_LINE, Scope, aligned_rounds, phase_of, seasons_for
from surveys.alignment.values import SCALES
from surveys.counting import Tallies, shown_figure, tallies_of_rounds
from surveys.figures import Shown, joined_figure
from surveys.least import least_shown
from surveys.models import Audience, Cell, Phase, Question, Round
from surveys.texts import localized, option_text, question_text

PHASES = (Phase.AFTER, Phase.BEFORE, "visits")
One = TypeVar("One", Item, Choice)
Pairs = Sequence[tuple[Round, Question]]  # who was asked a question under one key, and in which words


@dataclass(frozen=True)
class Alignment:
    """What the page, its export and the summary show. ``items``, ``themes`` and ``choices``: largest gap first;
    ``theme_names``: key and words of every theme that can be chosen; ``against``: what the gaps are compared with, None
    when there is nothing."""

    scope: Scope
    seasons: Sequence[Season]
    items: Sequence[Item] = ()
    themes: Sequence[Theme] = ()
    choices: Sequence[Choice] = ()
    phases: Sequence[str] = ()
    sites: Sequence[Site] = ()
    theme_names: Sequence[tuple[str, str]] = ()
    against: Scope | None = None
    released_on: date | None = None
    k: int = 5
    answers: tuple[str, str] = ("", "")

    @property
    def site(self) -> Site | None:
        return next((site for site in self.sites if site.pk == self.scope.site), None)


@dataclass
class _Found:
    """Everything read from the tables for one or two seasons."""

    rounds: list[Round]
    questions: dict[int, list[Question]] = field(default_factory=dict)
    shown: dict[int, list[Cell]] = field(default_factory=dict)
    tallies: dict[int, Tallies] = field(default_factory=dict)

    def at(self, scope: Scope) -> list[Round]:
        """The rounds of its season and moment."""
        return [one for one in self.rounds if one.season == scope.season and phase_of(one) == scope.phase]

    def cells(self, survey_round: Round, scope: Scope) -> list[int]:
        """The season's total, or the front line of one site if its cells may be seen one by one."""
        cells = self.shown.get(survey_round.pk, [])
        if scope.site is None or survey_round.audience in EXECUTIVES:
            return [cell.pk for cell in cells]
        return [cell.pk for cell in cells if cell.site_id == scope.site and cell.own]


def read(user: User, scope: Scope, seasons: Sequence[Season]) -> Alignment:
    """The gaps of a scope as this person may see them. A scope without a phase gets the latest one that has figures.
    Raises Http404 for a site whose cells they may not see."""
    if scope.season is None:
        return Alignment(scope, seasons)
    found = _find(user, [scope.season, *_past(scope, seasons)])
    rounds = [one for one in found.rounds if one.season_id == scope.season.pk]
    phases = [phase for phase in PHASES if any(phase_of(one) == phase for one in rounds)]
    scope = scope if scope.phase else _latest(found, scope, phases)
    against = scope.earlier(seasons)
    against = against if against and found.at(against) else None
    items, choices = _compared(_items, found, scope, against), _compared(_choices, found, scope, against)
    asked: list[Item | Choice] = sorted([*items, *choices], key=lambda one: one.position)
    names = list({one.section: one.theme for one in asked if one.section}.items())
    items = [item for item in items if scope.theme in ("", item.section)]
    choices = [choice for choice in choices if scope.theme in ("", choice.section)]
    here = found.at(scope)
    return Alignment(
        scope, seasons, by_gap(items), themes_of(items), by_distance(choices), phases, _sites(found, here, scope), names,
        against, _released_on(found, here), max((least_shown(one) for one in here), default=5),
        _answers([*items, *choices]),
    )  # fmt: skip


def _compared(
    read_all: Callable[[_Found, Scope], list[One]], found: _Found, scope: Scope, against: Scope | None
) -> list[One]:
    """What was asked, each with the same of the moment it is compared with."""
    before = {(one.key, one.kind): one for one in read_all(found, against)} if against else {}
    return [replace(one, earlier=before.get((one.key, one.kind))) for one in read_all(found, scope)]


def every_moment(user: User, season: Season | None) -> Iterator[Alignment]:
    """The season's total at every moment at which paired questions were asked; of all seasons without one."""
    seasons = seasons_for(user)
    for one in seasons:
        if season is None or one == season:
            latest = read(user, Scope(one, ""), seasons)
            yield from (
                latest if phase == latest.scope.phase else read(user, Scope(one, phase), seasons)
                for phase in latest.phases
            )


def _past(scope: Scope, seasons: Sequence[Season]) -> list[Season]:
    before = replace(scope, phase=Phase.BEFORE).earlier(seasons)
    return [before.season] if before and before.season else []


def _find(user: User, seasons: Sequence[Season]) -> _Found:
    rounds = list(aligned_rounds(user).filter(season__in=seasons).select_related("season", "version").order_by("pk"))
    found = _Found(rounds)
    questions = Question.objects.filter(version__in={one.version_id for one in rounds}, type__in=[*SCALES, *CHOICES])
    for question in questions.exclude(alignment_key="").order_by("position"):
        found.questions.setdefault(question.version_id, []).append(question)
    ids = [one.pk for one in rounds]
    for cell in Cell.objects.filter(round__in=ids).for_results(user):
        found.shown.setdefault(cell.round_id, []).append(cell)
    asked = [question.pk for group in found.questions.values() for question in group]
    found.tallies = dict(tallies_of_rounds(ids, asked))
    return found


def _latest(found: _Found, scope: Scope, phases: Sequence[str]) -> Scope:
    """The latest moment at which something can be compared, else the latest at which anything was asked."""
    asked = [replace(scope, phase=phase) for phase in phases]
    told = [
        one
        for one in asked
        if any(item.gap for item in _items(found, one)) or any(choice.gap for choice in _choices(found, one))
    ]
    return [*told, *asked, replace(scope, phase=PHASES[0])][0]


def _asked(found: _Found, scope: Scope) -> dict[tuple[str, str], list[tuple[Round, Question]]]:
    """Every alignment key with its type asked at that moment, in the order of the questionnaires."""
    asked: dict[tuple[str, str], list[tuple[Round, Question]]] = {}
    for survey_round in found.at(scope):
        for question in found.questions.get(survey_round.version_id, []):
            asked.setdefault((question.alignment_key, question.type), []).append((survey_round, question))
    return asked


def _items(found: _Found, scope: Scope) -> list[Item]:
    """Scales and yes/no."""
    return [
        Item(key, kind, *_theme(pairs), *_sides(found, scope, pairs), position)
        for position, ((key, kind), pairs) in enumerate(_asked(found, scope).items())
        if kind in SCALES
    ]


def _choices(found: _Found, scope: Scope) -> list[Choice]:
    """ "One of" and "some of"."""
    return [
        _choice(key, kind, pairs, _sides(found, scope, pairs), position)
        for position, ((key, kind), pairs) in enumerate(_asked(found, scope).items())
        if kind in CHOICES
    ]


def _choice(key: str, kind: str, pairs: Pairs, sides: tuple[Side, Side], position: int) -> Choice:
    """Side by side only where everybody chose from the same options."""
    words, others = (_words(_of(pairs, audiences)) for audiences in (EXECUTIVES, FRONT_LINE))
    alike = len({frozenset(_words([pair])) for pair in pairs}) == 1
    options = options_of(words, others, *sides) if alike and words else []
    return Choice(key, kind, *_theme(pairs), *sides, options, alike, position)


def _words(pairs: Pairs) -> dict[Hashable, str]:
    """Key → words of the options that one group was offered."""
    return {option["key"]: option_text(option) for _round, question in pairs[:1] for option in question.options}


def _of(pairs: Pairs, audiences: Sequence[Audience]) -> Pairs:
    return [pair for pair in pairs if pair[0].audience in audiences]


def _sides(found: _Found, scope: Scope, pairs: Pairs) -> tuple[Side, Side]:
    """Executives, front line."""
    return _side(found, scope, _of(pairs, EXECUTIVES)), _side(found, scope, _of(pairs, FRONT_LINE))


def _side(found: _Found, scope: Scope, mine: Pairs) -> Side:
    if not mine:
        return Side()
    shown = [_shown(found, scope, survey_round, question) for survey_round, question in mine]
    return Side(asked=True, text=question_text(mine[0][1]), shown=joined_figure(mine[0][1], shown))


def _shown(found: _Found, scope: Scope, survey_round: Round, question: Question) -> Shown | None:
    tallies = found.tallies.get(survey_round.pk, {})
    counts = tallies.get(question.pk, {})
    return shown_figure(survey_round, question, counts, found.cells(survey_round, scope))


def _theme(pairs: Pairs) -> tuple[str, str]:
    """Key and words of the heading the question stands under, executives' first."""
    ordered = sorted(pairs, key=lambda pair: pair[0].audience not in EXECUTIVES)
    for survey_round, question in ordered:
        for section in survey_round.version.sections:
            if section["key"] == question.section:
                return question.section, str(localized(section["texts"]))
    return "", ""


def _sites(found: _Found, rounds: Sequence[Round], scope: Scope) -> list[Site]:
    """Sites whose front line the reader may see apart, by name."""
    cells = [cell for one in rounds if one.audience in FRONT_LINE for cell in found.shown.get(one.pk, [])]
    sites = {cell.site for cell in cells if cell.site and cell.own}
    if scope.site and scope.site not in {site.pk for site in sites}:
        raise Http404
    return sorted(sites, key=lambda site: site.name_key)


def _released_on(found: _Found, rounds: Sequence[Round]) -> date | None:
    days = [cell.released_on for one in rounds for cell in found.shown.get(one.pk, []) if cell.released_on]
    return max(days, default=None)


def _answers(items: Sequence[Item | Choice]) -> tuple[str, str]:
    """How many answered on each side, as coded, of the question most answered."""

    def most(sides: Iterable[Side]) -> str:
        told = [side.shown.coded.answers for side in sides if side.shown]
        return max(told, key=lambda text: (int(text.rstrip("+")), text), default="")

    return most(item.executives for item in items), most(item.front_line for item in items)
