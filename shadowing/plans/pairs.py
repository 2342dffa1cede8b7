"""A plan's pairs as rows of plain values: one query, then filters, order, page and exports work on the same rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, JSONField, OuterRef, QuerySet, Subquery, Value
from django.http import QueryDict

from people.keys import fold
from people.models import User
from shadowing.models import Plan, PlanPair, SeasonExecutive
from shadowing.planner.scoring import SCALE

TERMS = ("tenure", "other_unit_distance", "home_site")
COLUMNS = {
    "executive_id": "executive_id", "executive": "executive__user__name", "unit": "executive__business_unit__path",
    "number": "executive__user__employee_number", "host_id": "host_id", "host": "host__user__name",
    "team": "host__team__name", "host_unit": "host__team__business_unit__path", "site_id": "site_id",
    "site": "site__name", "site_slug": "site__slug", "date": "date", "score": "score", "terms": "terms",
    "locked": "locked", "runner_up": "runner_up__user__name", "runner_up_on": "runner_up_on",
    "runner_up_change": "runner_up_change", "preferred": "preferred", "as_before": "as_before",
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One pair of a plan with all that lists, charts and exports say of it. Scores in thousandths."""

    executive_id: int
    executive: str
    unit: str | None
    number: str | None
    host_id: int
    host: str
    team: str
    host_unit: str | None
    site_id: int
    site: str
    site_slug: str
    date: datetime.date
    score: int
    terms: dict[str, int]
    locked: bool
    runner_up: str | None
    runner_up_on: datetime.date | None
    runner_up_change: int | None
    preferred: list[str] | None
    as_before: bool

    @property
    def points(self) -> float:
        return self.score / SCALE

    @property
    def term_points(self) -> list[float]:
        """The terms in the order of TERMS, in points."""
        return [self.terms.get(name, 0) / SCALE for name in TERMS]

    @property
    def change_points(self) -> float | None:
        """What the runner-up would change the plan by, in points; None without one."""
        return None if self.runner_up_change is None else self.runner_up_change / SCALE

    @property
    def on_preferred_day(self) -> bool:
        return self.date.isoformat() in (self.preferred or ())

    @property
    def text(self) -> str:
        """What a search looks through, folded."""
        return fold(" ".join(filter(None, (self.executive, self.host, self.number, self.team)))) or ""


def read_pairs(plan: Plan, earlier: Plan | None = None) -> list[Pair]:
    """Every pair of the plan, by date, site and host; ``as_before`` says that ``earlier`` has it on the same day too. One
    query."""
    columns = {name: OuterRef(name) for name in ("executive", "host", "date")}
    before = Exists(PlanPair.objects.filter(plan=earlier, **columns)) if earlier else Value(value=False)
    wishes = SeasonExecutive.objects.filter(season=plan.season_id, executive=OuterRef("executive"))
    preferred = Subquery(wishes.values("preferred")[:1], output_field=JSONField())
    rows: QuerySet[PlanPair, Any] = PlanPair.objects.filter(plan=plan).annotate(preferred=preferred, as_before=before)
    ordered = rows.order_by("date", "site__name", "pk").values_list(*COLUMNS.values())
    return [Pair(**dict(zip(COLUMNS, row, strict=True))) for row in ordered]


def seen_by(user: User, pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs at the person's sites, all for those who read everything."""
    if user.reads_everything:
        return list(pairs)
    return [pair for pair in pairs if pair.site_id in user.coordinated_site_ids]


@dataclass(frozen=True)
class Wanted:
    """Filters and order of the list, from the address. What makes no sense is left out, so an old bookmark opens."""

    q: str = ""
    site: str = ""
    unit: str = ""
    day: str = ""
    only: str = ""
    sort: str = "date"

    @classmethod
    def of(cls, query: QueryDict) -> Wanted:
        """The filters of an address."""
        sort = query.get("sort", "")
        known = sort if sort.removeprefix("-") in SORTS else "date"
        texts = {name: query.get(name, "").strip()[:120] for name in ("q", "site", "unit", "day", "only")}
        return cls(**texts, sort=known)

    @property
    def filtered(self) -> bool:
        return any((self.q, self.site, self.unit, self.day, self.only))

    def fits(self, pair: Pair) -> bool:
        """Whether a pair passes every filter that is set."""
        return (
            (not self.q or (fold(self.q) or "") in pair.text)
            and (not self.site or pair.site_slug == self.site)
            and (not self.unit or within(pair.unit, self.unit))
            and (not self.day or pair.date.isoformat() == self.day)
            and ONLY.get(self.only, everything)(pair)
        )

    def apply(self, pairs: Iterable[Pair]) -> list[Pair]:
        """The pairs that fit, in order; equal ones by name."""
        found = sorted(
            (pair for pair in pairs if self.fits(pair)), key=lambda pair: (pair.executive, pair.executive_id)
        )
        return sorted(found, key=SORTS[self.sort.removeprefix("-")], reverse=self.sort.startswith("-"))


def within(unit: str | None, wanted: str) -> bool:
    """Whether a unit is the wanted one or lies under it; ``-`` wants those without a unit."""
    if wanted == "-":
        return unit is None
    return unit is not None and (unit == wanted or unit.startswith(f"{wanted} / "))


def everything(pair: Pair) -> bool:
    return True


ONLY: dict[str, Callable[[Pair], bool]] = {
    "locked": lambda pair: pair.locked,
    "preferred": lambda pair: pair.on_preferred_day,
    "not_preferred": lambda pair: bool(pair.preferred) and not pair.on_preferred_day,
}
SORTS: dict[str, Callable[[Pair], Any]] = {
    "executive": lambda pair: fold(pair.executive) or "",
    "host": lambda pair: fold(pair.host) or "",
    "date": lambda pair: (pair.date, pair.site),
    "site": lambda pair: (pair.site, pair.date),
    "score": lambda pair: pair.score,
    "change": lambda pair: pair.runner_up_change if pair.runner_up_change is not None else -(10**12),
}
PAIR_COLUMNS = (
    "executive", "executive_number", "executive_unit", "host", "team", "host_unit", "site", "date", "locked",
    "preferred_day", "score", *TERMS, "runner_up", "runner_up_date", "runner_up_change",
)  # fmt: skip


def pair_rows(pairs: Sequence[Pair]) -> Iterator[tuple[Any, ...]]:
    """The rows of an export, in the list's order; scores in points."""
    for pair in pairs:
        who = (pair.executive, pair.number, pair.unit, pair.host, pair.team, pair.host_unit, pair.site_slug, pair.date)
        marks = ("yes" if pair.locked else "no", "yes" if pair.on_preferred_day else "no")
        other = (pair.runner_up, pair.runner_up_on, pair.change_points)
        yield (*who, *marks, pair.points, *pair.term_points, *other)
