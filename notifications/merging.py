"""Several notices about one thing become one section: the most urgent leads, the others are lines below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from notifications.kinds import Button, Section, register
from notifications.models import Notice

Said = tuple[Notice, Section]
Fact = tuple[str, str] | tuple[str, str, bool]


def merged(sections: Iterable[Said]) -> list[Said]:
    """One section for each subject and each person it is read for, the most urgent first.

    What carries a calendar part stays by itself."""
    groups: dict[tuple[object, ...], list[Said]] = {}
    for notice, section in sections:
        apart = notice.pk if section.calendar else None
        groups.setdefault((notice.subject, notice.on_behalf_of_id, apart), []).append((notice, section))
    leading = [_one(sorted(group, key=_urgency)) for group in groups.values()]
    return sorted(leading, key=_urgency)


def _urgency(said: Said) -> int:
    """Sorts the most urgent first; what is equally urgent keeps its order."""
    return -register[said[0].kind].urgency


def _one(group: Sequence[Said]) -> Said:
    notice, leader = group[0]
    others = [section for _notice, section in group[1:]]
    if not others:
        return notice, leader
    paragraphs = [*leader.paragraphs, *(line for other in others for line in _lines(other, leader))]
    return notice, replace(
        leader,
        paragraphs=list(dict.fromkeys(paragraphs)),
        buttons=_buttons(leader, others),
        links=list(dict.fromkeys(link for section in (leader, *others) for link in section.links)),
        facts=_facts([leader, *others]),
        why=" ".join(dict.fromkeys(section.why for section in (leader, *others) if section.why)),
    )


def _lines(other: Section, leader: Section) -> list[str]:
    """What another notice adds: its line, and words the leader does not quote."""
    quoted = [f"“{other.quote}”"] if other.quote and other.quote != leader.quote else []
    return [other.line or other.lead, *quoted, *other.paragraphs]


def _buttons(leader: Section, others: Sequence[Section]) -> list[Button]:
    """Each button once; only the leader's first one is filled."""
    found = {button.label: button for button in leader.buttons}
    for section in others:
        for button in section.buttons:
            found.setdefault(button.label, replace(button, primary=False))
    return list(found.values())


def _facts(sections: Sequence[Section]) -> list[Fact]:
    """Each fact once, as the most urgent says it."""
    found: dict[str, Fact] = {}
    for section in sections:
        for fact in section.facts:
            found.setdefault(fact[0], fact)
    return list(found.values())
