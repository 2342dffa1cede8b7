"""What the publish page shows: every warning by kind, what blocks, the season as a whole, who will be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from shadowing.models import Season, SeasonSite, Visit
from shadowing.visits import season_doubts, telling, warnings
from shadowing.visits.warnings import BLOCKING, CHECKS, Warned

MOST_SHOWN = 100  # of a kind; more are counted

KINDS: dict[str, str | Promise] = {
    "over_capacity": gettext_lazy("More visits than a site takes"),
    "host_full": gettext_lazy("More visits than a host takes"),
    "outside": gettext_lazy("Outside the season"),
    "left": gettext_lazy("Somebody has left"),
    "executive_away": gettext_lazy("The executive is away"),
    "host_away": gettext_lazy("The host is away"),
    "not_willing": gettext_lazy("The host does not want to host"),
    "not_a_visit_day": gettext_lazy("No visit day"),
    "rest_days": gettext_lazy("Too little rest between two visits"),
    "floor_cover": gettext_lazy("A team is short of people"),
    "tenure": gettext_lazy("The host is new"),
    "same_unit": gettext_lazy("The same business unit"),
    "language": gettext_lazy("No shared language"),
    "met_before": gettext_lazy("They met before"),
    "stands_by": gettext_lazy("The host stands by for others"),
}


@dataclass(frozen=True)
class Group:
    """All warnings of one kind, those to look at first."""

    code: str
    found: Sequence[Warned]

    @property
    def word(self) -> str | Promise:
        return KINDS.get(self.code, self.code)

    @property
    def blocks(self) -> bool:
        return self.code in BLOCKING

    @property
    def open(self) -> int:
        """How many nobody has acknowledged."""
        return sum(one.acknowledged is None for one in self.found)

    @property
    def acknowledged(self) -> int:
        return len(self.found) - self.open

    @property
    def shown(self) -> Sequence[Warned]:
        return self.found[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return len(self.found) - len(self.shown)


def groups_of(found: Sequence[Warned]) -> list[Group]:
    """The warnings by kind: what blocks first, then in the order of the checks."""
    kinds: dict[str, list[Warned]] = defaultdict(list)
    for warned in found:
        kinds[warned.code].append(warned)
    order = sorted(kinds, key=lambda code: (code not in BLOCKING, list(CHECKS).index(code)))
    return [Group(code, sorted(kinds[code], key=lambda one: one.acknowledged is not None)) for code in order]


def publish_page(
    season: Season, places: Sequence[SeasonSite], visits: Sequence[Visit], *, now: datetime
) -> dict[str, Any]:
    """Everything the page shows, in a number of queries that does not grow with the visits; ``places`` are the season's
    sites."""
    facts = warnings.read_facts(season, visits, now, places) if visits else None
    found = warnings.by_facts(facts, visits) if facts else []
    counts = season_doubts.counts_of(season)
    open_ones = [one for one in found if one.severity == "warns"]
    people = {reader.user.pk for visit in visits for reader in telling.readers(visit)}
    return {
        "season": season,
        "visits": visits,
        "told": len(people),
        "told_by_role": told_by_role(visits),
        "groups": groups_of(found),
        "blocking": sum(one.severity == "blocks" for one in found),
        "open": len(open_ones),
        "warned": len(found),
        "seen": " ".join(one.key for one in open_ones),
        "doubts": season_doubts.of_season(season, visits, counts, facts.willing) if facts else [],
        "first": visits[0] if visits else None,
        "answer_days": season.answer_by_days,
        "published": counts["published"],
    }


def told_by_role(visits: Sequence[Visit]) -> dict[str, int]:
    """How many executives, hosts and assistants are told."""
    return {
        "executives": len({visit.executive_id for visit in visits}),
        "hosts": len({visit.host_id for visit in visits}),
        "assistants": len({visit.executive.assistant_id for visit in visits if visit.executive.assistant_id}),
    }
