"""Managers and assistants: found by their key, dropped when missing, oneself, or part of a loop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from people.keys import fold
from people.models import Executive, User
from people.roster.applying import Applier, Person
from people.roster.matching import Index

ATTRIBUTE = {"manager": "line_manager", "assistant": "assistant"}
Node = int | str  # a known person's id, or the line of a new one


class Superiors:
    """Whom the lines of one file name as managers and assistants."""

    def __init__(self, people: Iterable[Person], index: Index, applier: Applier) -> None:
        self.people = list(people)
        self.index = index
        self.applier = applier
        self.in_file: dict[str, list[Person]] = defaultdict(list)
        for person in self.people:
            for key in filter(None, (person.entry.number_key, person.entry.email_key)):
                self.in_file[key].append(person)
        self.by_node = {node_of(person): person for person in self.people}

    def apply(self, known_managers: Mapping[int, int | None]) -> None:
        """Set both on every executive, listing what cannot be.

        ``known_managers``: id → manager's id, of all executives there are.
        """
        managers = self._find("manager")
        graph: dict[Node, Node | None] = dict(known_managers.items())
        graph.update(managers)
        for node in loop_members(graph):
            if node in managers:
                managers[node] = None
                self._warn(node, "manager", _("part of a loop of managers: left empty"))
        self._set("manager", managers)
        self._set("assistant", self._find("assistant"))

    def _find(self, name: str) -> dict[Node, Node | None]:
        """Node → whom its line names, None when that cannot be; lines that name nobody are missing."""
        found: dict[Node, Node | None] = {}
        for node, person in self.by_node.items():
            if key := person.entry.values.get(name):
                found[node] = self._one(node, name, key)
        return found

    def _one(self, node: Node, name: str, text: str) -> Node | None:
        key = fold(text) or ""
        fits: list[Node] = [node_of(person) for person in self.in_file.get(key, ())]
        fits = fits or [known.pk for known in self.index.by_key(key)]
        if len(fits) == 1 and fits[0] != node:
            return fits[0]
        if not fits:
            reason = _("nobody has the number or e-mail “%(key)s”: left empty")
        elif len(fits) > 1:
            reason = _("“%(key)s” fits several people: left empty")
        else:
            reason = _("“%(key)s” is this person: left empty")
        self._warn(node, name, reason % {"key": text[:60]})
        return None

    def _warn(self, node: Node, name: str, reason: str) -> None:
        self.applier.warn(self.by_node[node].entry.line, name, reason)

    def _set(self, name: str, found: Mapping[Node, Node | None]) -> None:
        attribute = ATTRIBUTE[name]
        for node, target in found.items():
            person = self.by_node[node]
            profile = person.profile
            if not isinstance(profile, Executive):
                continue
            before = getattr(profile, f"{attribute}_id")
            user = self._user(target)
            if before != (target if isinstance(target, int) else None) or isinstance(target, str):
                person.profile_changes[name] = [self._shown(before), user.key if user else self._shown(target)]
                setattr(profile, attribute if user or target is None else f"{attribute}_id", user or target)

    def _user(self, node: Node | None) -> User | None:
        person = self.by_node.get(node) if node is not None else None
        return person.user if person else None

    def _shown(self, pk: Node | None) -> str:
        known = self.index.by_pk.get(pk) if isinstance(pk, int) else None
        return (known.number_key or known.name_key) if known else ""


def node_of(person: Person) -> Node:
    """What stands for a person in the graph of managers."""
    return person.user.pk if not person.is_new else f"line {person.entry.line}"


def loop_members(above: Mapping[Node, Node | None]) -> list[Node]:
    """Everybody who is their own superior over any number of steps."""
    settled: set[Node] = set()
    members: list[Node] = []
    for start in above:
        path: dict[Node, int] = {}
        node: Node | None = start
        while node is not None and node not in settled and node not in path:
            path[node] = len(path)
            node = above.get(node)
        if node in path:
            members += [each for each, place in path.items() if place >= path[node]]
        settled |= path.keys()
    return members
