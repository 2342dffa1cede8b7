"""Who of the people already known each line of a file is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from people.roster.entries import Entry
from people.roster.errors import RosterRefused
from people.roster.gathering import doubled
from people.roster.names import words_of

ENOUGH = 20  # known names in a file before their numbers can seem changed


class Known(NamedTuple):
    """A person already known, by what tells people apart. ``same_kind``: what the file says its people are, already."""

    pk: int
    number_key: str | None
    name_key: str
    email_key: str | None
    same_kind: bool = True


@dataclass(frozen=True)
class Match:
    """A line's person. ``how``: "" the same key and name, else "renamed" or "renumbered", which are listed."""

    pk: int
    how: str = ""


Finder = Callable[[Entry], Match | None]


class Index:
    """Known people by number, name and sign-in address."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_number: dict[str, list[Known]] = defaultdict(list)
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        self.by_email: dict[str, Known] = {}
        self.by_pk: dict[int, Known] = {}
        for person in known:
            self.by_pk[person.pk] = person
            self.by_name[person.name_key].append(person)
            if person.number_key:
                self.by_number[person.number_key].append(person)
            if person.email_key:
                self.by_email[person.email_key] = person

    def by_key(self, key: str) -> list[Known]:
        """People whose number or sign-in address is this folded key."""
        at = self.by_email.get(key)
        return self.by_number.get(key, []) or ([at] if at else [])

    def same(self, entry: Entry) -> Known | None:
        """The known person with the entry's number and name."""
        people = self.by_number.get(entry.number_key or "", ())
        return next((person for person in people if person.name_key == entry.name_key), None)


def refuse_if_renumbered(people: Iterable[Entry], index: Index) -> None:
    """Raise RosterRefused when over half of at least ENOUGH known names stand under new numbers."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for entry in people:
        if entry.number_key:
            numbers[entry.name_key].add(entry.number_key)
    known = {
        name: {person.number_key for person in index.by_name.get(name, ()) if person.number_key} for name in numbers
    }
    seen = [name for name, before in known.items() if before]
    moved = [name for name in seen if not known[name] & numbers[name]]
    if len(seen) >= ENOUGH and len(moved) * 2 > len(seen):
        words = _(
            "Stopped: numbers seem changed. %(moved)d of %(seen)d known names stand under new numbers. "
            "If they are the same people, match by name."
        )
        raise RosterRefused(words % {"moved": len(moved), "seen": len(seen)}, field="match")


def match(people: list[Entry], index: Index, *, by_name: bool) -> dict[int, Match]:
    """Line → the known person it is about; lines about new people are missing.

    Number and name decide first, then the sign-in address; with ``by_name`` a name that is unique on both sides
    comes before all. A number whose known and new name differ is a renaming only when it stands once on
    both sides, the person is of the file's kind, and neither line nor person is spoken for otherwise.
    """
    found: dict[int, Match] = {}
    claimed: set[int] = set()
    finders: list[Finder] = [_by_name(people, index)] if by_name else []
    finders += [_by_number_and_name(index), _by_address(index)]
    finders += [] if by_name else [_by_number_once(people, index)]
    for find in finders:
        for entry in people:
            if entry.line in found or (hit := find(entry)) is None or hit.pk in claimed:
                continue
            claimed.add(hit.pk)
            found[entry.line] = hit
    return found


def _by_name(people: list[Entry], index: Index) -> Finder:
    twice = doubled(entry.name_key for entry in people)

    def find(entry: Entry) -> Match | None:
        known = index.by_name.get(entry.name_key, [])
        if len(known) != 1 or entry.name_key in twice:
            return None
        return Match(known[0].pk, _changed_number(entry, known[0]))

    return find


def _by_number_and_name(index: Index) -> Finder:
    def find(entry: Entry) -> Match | None:
        person = index.same(entry)
        return Match(person.pk) if person else None

    return find


def _by_address(index: Index) -> Finder:
    def find(entry: Entry) -> Match | None:
        person = index.by_email.get(entry.email_key or "")
        if person is None:
            return None
        if person.name_key == entry.name_key:
            return Match(person.pk, _changed_number(entry, person))
        return None if entry.number_key else Match(person.pk, "renamed")

    return find


def _by_number_once(people: list[Entry], index: Index) -> Finder:
    twice = doubled(entry.number_key for entry in people)

    def find(entry: Entry) -> Match | None:
        known = index.by_number.get(entry.number_key or "", [])
        once = len(known) == 1 and entry.number_key not in twice
        return Match(known[0].pk, "renamed") if once and may_be_renamed(entry, known[0]) else None

    return find


def may_be_renamed(entry: Entry, person: Known) -> bool:
    """Can one number with two names be one person?

    Not across kinds, as hosts and executives may be numbered apart. Not when neither a word of the name nor the
    sign-in address agrees: then somebody else has this number.
    """
    if not person.same_kind:
        return False
    other_address = entry.email_key and person.email_key and entry.email_key != person.email_key
    return not other_address or not set(words_of(entry.name)).isdisjoint(words_of(person.name_key))


def _changed_number(entry: Entry, person: Known) -> str:
    """The word for a line whose number is not the one the person is known by."""
    changed = entry.number_key and person.number_key and entry.number_key != person.number_key
    return "renumbered" if changed else ""
