"""Two plans of a season side by side: their figures, who is placed in only one, whose pair changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.keys import fold
from people.models import User
from shadowing.models import Plan
from shadowing.planner.scoring import LEFT_OUT, SCALE
from shadowing.plans.grounds import differences
from shadowing.plans.pairs import Pair, read_pairs


@dataclass(frozen=True)
class Side:
    """One of the two plans with its pairs and the number of executives it leaves out."""

    plan: Plan
    pairs: Sequence[Pair]
    left_out: int

    @property
    def placed(self) -> int:
        return len(self.pairs)

    @property
    def score(self) -> float:
        """What the pairs score less the load, in points, without the price of those left out."""
        return self._points(self.plan.objective)

    @property
    def bound(self) -> float:
        return self._points(self.plan.bound)

    @property
    def gap(self) -> float:
        """In percent."""
        return (self.plan.gap or 0) * 100

    @property
    def preferred(self) -> int:
        return sum(pair.on_preferred_day for pair in self.pairs)

    @property
    def busy_hosts(self) -> int:
        """Hosts with two visits or more."""
        return sum(number > 1 for number in Counter(pair.host_id for pair in self.pairs).values())

    @property
    def unknown(self) -> int:
        return sum(self.plan.relied_on_unknown.values())

    def _points(self, value: int | None) -> float:
        return ((value or 0) + self.left_out * LEFT_OUT) / SCALE


def read_side(plan: Plan) -> Side:
    """Two queries."""
    return Side(plan, read_pairs(plan), plan.left_out.count())


@dataclass(frozen=True)
class Change:
    """What one executive has in either plan; None: no place. ``kind`` is a key of KINDS."""

    kind: str
    executive: str
    unit: str | None
    one: Pair | None
    other: Pair | None

    @property
    def word(self) -> str | Promise:
        return KINDS[self.kind]

    @property
    def text(self) -> str:
        """What a search looks through, folded."""
        return " ".join(pair.text for pair in (self.one, self.other) if pair)


KINDS = {
    "other_host": gettext_lazy("Another host"),
    "other_day": gettext_lazy("Another day"),
    "only_one": gettext_lazy("Placed in the first only"),
    "only_other": gettext_lazy("Placed in the second only"),
}
FIGURES: Sequence[tuple[Any, Callable[[Side], float], int]] = (
    (gettext_lazy("Placed"), lambda side: side.placed, 0),
    (gettext_lazy("Without a place"), lambda side: side.left_out, 0),
    (gettext_lazy("Plan's score"), lambda side: side.score, 1),
    (gettext_lazy("Upper bound"), lambda side: side.bound, 1),
    (gettext_lazy("Gap, %"), lambda side: side.gap, 2),
    (gettext_lazy("On a day they prefer"), lambda side: side.preferred, 0),
    (gettext_lazy("Hosts visited twice or more"), lambda side: side.busy_hosts, 0),
    (gettext_lazy("Pairs that relied on unknown data"), lambda side: side.unknown, 0),
)


@dataclass(frozen=True)
class Figure:
    """One line of figures; ``places`` decimals."""

    name: str
    one: float
    other: float
    places: int

    @property
    def digits(self) -> str:
        """The decimals as the template's filter takes them, thousands grouped."""
        return f"{self.places}g"

    @property
    def difference(self) -> str:
        """The first against the second, with its sign; empty when equal as shown."""
        change = round(self.one, self.places) - round(self.other, self.places)
        return f"{change:+,.{self.places}f}".replace("-", "\N{MINUS SIGN}") if round(change, self.places) else ""


def figures(one: Side, other: Side) -> list[Figure]:
    """Both plans' figures, line by line."""
    return [Figure(str(name), value(one), value(other), places) for name, value, places in FIGURES]


def changes(one: Side, other: Side) -> list[Change]:
    """Everybody whose place differs, by name."""
    first, second = ({pair.executive_id: pair for pair in side.pairs} for side in (one, other))
    found = [difference(first.get(key), second.get(key)) for key in first.keys() | second.keys()]
    return sorted((one for one in found if one), key=lambda change: (fold(change.executive) or "", change.kind))


def difference(one: Pair | None, other: Pair | None) -> Change | None:
    """The change between two places of an executive; None for the same pair on the same day."""
    known = one or other
    if known is None or (one and other and (one.host_id, one.date) == (other.host_id, other.date)):
        return None
    if one and other:
        kind = "other_day" if one.host_id == other.host_id else "other_host"
    else:
        kind = "only_one" if one else "only_other"
    return Change(kind, known.executive, known.unit, one, other)


def seen_by(user: User, found: Sequence[Change]) -> list[Change]:
    """Changes that touch the person's sites; a place at another site is not told."""
    if user.reads_everything:
        return list(found)
    mine = user.coordinated_site_ids
    return [one for one in found if any(pair and pair.site_id in mine for pair in (one.one, one.other))]


def filtered(found: Sequence[Change], query: QueryDict) -> list[Change]:
    """Those of the wanted kind whose executive or hosts match the text."""
    text, kind = fold(query.get("q", "").strip()[:120]) or "", query.get("kind", "")
    return [one for one in found if (kind not in KINDS or one.kind == kind) and text in one.text]


def compare_page(
    sides: tuple[Side, Side], changes: Sequence[Change], found: Sequence[Change], user: User
) -> dict[str, Any]:
    """What the page of a comparison shows, its list aside. ``changes`` are those the person may see."""
    one, other = sides
    counts = Counter(change.kind for change in changes)
    first = {(pair.executive_id, pair.host_id, pair.date) for pair in one.pairs}
    return {
        "one": one.plan,
        "other": other.plan,
        "sides": (one.plan, other.plan),
        "figures": figures(one, other),
        "grounds": (grounds := differences(one.plan, other.plan)),
        "other_weights": any(ground.is_weight for ground in grounds or ()),
        "same": sum((pair.executive_id, pair.host_id, pair.date) in first for pair in other.pairs),
        "changed": len(changes),
        "kinds": [(kind, word, counts[kind]) for kind, word in KINDS.items() if counts[kind]],
        "found": len(found),
        "mine": None if user.reads_everything else user.coordinated_site_ids,
    }


CHANGE_COLUMNS = (
    "change", "executive", "executive_unit", "first_host", "first_site", "first_date", "second_host", "second_site",
    "second_date",
)  # fmt: skip


def change_rows(found: Sequence[Change], user: User) -> Iterator[tuple[Any, ...]]:
    """The rows of the export, in the list's order."""
    for one in found:
        yield (one.kind, one.executive, one.unit, *place(one.one, user), *place(one.other, user))


def place(pair: Pair | None, user: User) -> tuple[Any, ...]:
    """Host, site and date of a place; without names where the person may not see the site's pairs."""
    if pair is None:
        return ("", "", None)
    if not user.reads_everything and pair.site_id not in user.coordinated_site_ids:
        return (_("at another site"), "", None)
    return (pair.host, pair.site_slug, pair.date)
