"""What the page of a regroup shows: notes that lie in no group by team, the groups, and in how many teams each was
seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from people.models import AuditEvent, Site, Team, User
from shadowing.models import FloorNote, GroupOutcome, RegroupGroup, Visit, VisitDay, VisitState
from shadowing.models.floor import FloorNoteQuerySet
from shadowing.regroup import rules
from shadowing.regroup.actions import subject_of
from shadowing.regroup.results import Result, results
from shadowing.visits import days

WITH_PEOPLE = ("executive__user", "host__user", "host__team")


@dataclass(frozen=True)
class Square:
    """One team of the day on one group."""

    team: Team
    seen: bool


@dataclass
class Card:
    """One group for one reader. ``notes`` are those they may read, ``hidden`` how many others there are."""

    group: RegroupGroup
    squares: list[Square]
    notes: list[FloorNote]
    hidden: int
    result: Result | None
    first: bool = False

    @property
    def seen_in(self) -> int:
        return sum(square.seen for square in self.squares)

    @property
    def seen_by(self) -> list[str]:
        """Names of the teams that saw it."""
        return [square.team.name for square in self.squares if square.seen]

    @property
    def count(self) -> int:
        return len(self.notes) + self.hidden

    @property
    def settled(self) -> bool:
        """It goes on elsewhere: as an issue, or on another day."""
        return self.group.outcome in (GroupOutcome.ISSUE, GroupOutcome.CARRIED)

    @property
    def earlier(self) -> int:
        """Teams of the day it was carried from that had seen it."""
        return int(vars(self.group).get("earlier_teams", 0))


@dataclass
class Board:
    """One regroup for one reader. ``loose``: (team, its notes in no group)."""

    site: Site
    day: date
    page: VisitDay | None
    visits: list[Visit]
    reader: User
    groups: list[RegroupGroup] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    loose: list[tuple[Team, list[FloorNote]]] = field(default_factory=list)
    teams: list[tuple[Team, int]] = field(default_factory=list)
    notes: int = 0
    revision: str = ""

    @property
    def may_change(self) -> bool:
        return rules.may_change(self.reader, self.site.pk, self.visits)

    @property
    def coordinates(self) -> bool:
        return self.reader.coordinates(self.site.pk)

    @property
    def may_raise(self) -> bool:
        """Whether this person can make a group an issue now."""
        return self.may_change and bool(rules.takers(self.reader, self.site.pk, self.visits))

    @property
    def waits_for_arrival(self) -> bool:
        """Whether a group could become an issue if only somebody had been checked in."""
        ready = any(card.count and not card.settled for card in self.cards)
        return self.may_change and not self.may_raise and ready

    @property
    def arrived(self) -> int:
        """How many visits were held so far."""
        return sum(visit.state == VisitState.HELD for visit in self.visits)

    @property
    def not_grouped(self) -> int:
        """Notes this person may read that lie in no group."""
        return sum(len(notes) for _team, notes in self.loose)

    @property
    def own(self) -> Visit | None:
        """The reader's own visit of the day, where they came from."""
        return next((v for v in self.visits if self.reader.pk in (v.executive_id, v.host_id)), None)


def open_day(site: Site, day: date, reader: User) -> Board | None:
    """The day with its visits; None when this person does not take part in its regroup."""
    visits = list(Visit.objects.on(site, day).select_related(*WITH_PEOPLE).order_by("host__team__name", "pk"))
    if not rules.may_read(reader, site.pk, visits):
        return None
    return Board(site, day, days.visit_day(site, day), visits, reader)


def read(board: Board) -> Board:
    """The board with its notes and groups. Six queries, however many there are."""
    notes = list(_notes(board))
    readable = _readable(board, notes)
    board.notes, board.revision = len(notes), revision(board, len(notes))
    board.teams = _teams(board, notes)
    board.groups = _groups(board)
    board.loose = _loose(board, [note for note in notes if note.pk in readable])
    became = results(board.reader, [group for group in board.groups if group.outcome == GroupOutcome.ISSUE])
    board.cards = [_card(board, group, notes, readable, became) for group in board.groups]
    for card in [card for card in board.cards if card.group.outcome == GroupOutcome.OPEN][:1]:
        card.first = True
    return board


def revision(board: Board, notes: int | None = None) -> str:
    """Another one as soon as somebody has written a note or changed a group of the day."""
    if notes is None:
        notes = _notes(board).count()
    if board.page is None:
        return f"0-{notes}"
    said = AuditEvent.objects.filter(subject=subject_of(board.page)).order_by("-pk")
    return f"{said.values_list('pk', flat=True).first() or 0}-{notes}"


def group_of(note: FloorNote) -> int | None:
    """The id of the group it lies in."""
    place = getattr(note, "place", None)
    return place.group_id if place else None


def _notes(board: Board) -> FloorNoteQuerySet:
    notes = FloorNote.objects.filter(visit__site=board.site, visit__date=board.day)
    return notes.select_related("author", "place").order_by("written_at", "pk")


def _readable(board: Board, notes: list[FloorNote]) -> set[object]:
    """Ids of the notes this person may read; the others only count."""
    by_visit = {visit.pk: visit for visit in board.visits}
    for note in notes:
        note.visit = by_visit[note.visit_id]
    seen = FloorNote.objects.visible_to(board.reader).filter(pk__in=[note.pk for note in notes])
    return set(seen.values_list("pk", flat=True))


def _teams(board: Board, notes: list[FloorNote]) -> list[tuple[Team, int]]:
    """Teams whose visit takes place, or that wrote something down, each with its number of notes; by name."""
    found = {visit.host.team_id: visit.host.team for visit in rules.present(board.visits)}
    found |= {note.visit.host.team_id: note.visit.host.team for note in notes}
    wrote = [note.visit.host.team_id for note in notes]
    return [(team, wrote.count(team.pk)) for team in sorted(found.values(), key=lambda team: (team.name, team.pk))]


def _loose(board: Board, notes: list[FloorNote]) -> list[tuple[Team, list[FloorNote]]]:
    """Notes in no group of this day by team; one that lies on another day came with a visit that was moved."""
    here = {group.pk for group in board.groups}
    notes = [note for note in notes if group_of(note) not in here]
    by_team = [(team, [note for note in notes if note.visit.host.team_id == team.pk]) for team, _count in board.teams]
    return [(team, own) for team, own in by_team if own]


def _groups(board: Board) -> list[RegroupGroup]:
    if board.page is None:
        return []
    teams = Count("carried_from__places__note__visit__host__team", distinct=True)
    return list(board.page.groups.for_page().annotate(earlier_teams=teams))


def _card(
    board: Board, group: RegroupGroup, notes: list[FloorNote], readable: set[object], became: dict[int, Result]
) -> Card:
    own = [note for note in notes if group_of(note) == group.pk]
    seen = {note.visit.host.team_id for note in own}
    shown = [note for note in own if note.pk in readable]
    squares = [Square(team, team.pk in seen) for team, _count in board.teams]
    return Card(group, squares, shown, len(own) - len(shown), became.get(group.pk))
