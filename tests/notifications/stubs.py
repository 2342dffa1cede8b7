"""A kind that says what the test wants, and a sample of everything a section can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notifications.kinds import Due, Kind, Section, register
from notifications.models import Notice


@dataclass
class Stub:
    """What a kind answers: ``owed`` at any time (or a function of now), ``gone`` subjects hold no longer."""

    owed: list[Due] | Callable[[datetime], Iterable[Due]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    section: Callable[[Notice], Section] = lambda notice: Section(
        subject_line=f"About {notice.subject}", lead="It waits."
    )
    rendered: int = 0

    def due(self, now: datetime) -> Iterable[Due]:
        return self.owed(now) if callable(self.owed) else list(self.owed)

    def holds(self, notices: Sequence[Notice]) -> set[int]:
        return {notice.pk for notice in notices if notice.subject not in self.gone}

    def render(self, notices: Sequence[Notice]) -> dict[int, Section]:
        self.rendered += 1
        return {notice.pk: self.section(notice) for notice in notices}


def kind(name: str = "test.reminder", stub: Stub | None = None, **options: Any) -> Stub:
    """Register a kind that answers as the stub says."""
    stub = stub or Stub()
    register.add(Kind(name, label=name, render=stub.render, holds=stub.holds, due=stub.due, **options))
    return stub
