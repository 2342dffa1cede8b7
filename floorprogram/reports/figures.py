"""The figures of the program: participation, take-aways, issues. Reads only; every rate keeps its two parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, ExtractMonth, ExtractYear, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from issues.models import Issue, IssueState, TakeAwayWaiver
from issues.queries import took_issue
from people.models import Site, User
from shadowing.models import ENDED, LIVE, Season, Visit, VisitState

GROUPS = {
    "site": (_("Site"), F("site__name")),
    "unit": (_("Business unit"), Coalesce(F("executive__business_unit__path"), Value(""))),
    "level": (_("Level"), F("executive__level")),
    "month": (_("Month"), None),
    "season": (_("Season"), F("season__name")),
}


@dataclass
class Row:
    """Visits of one group that were due by the moment of the report, by what became of them."""

    group: str
    invited: int = 0
    confirmed: int = 0
    due: int = 0
    held: int = 0
    cancelled: int = 0
    declined: int = 0
    no_show: int = 0
    took_away: int = 0
    before: Row | None = field(default=None, repr=False)

    @property
    def open(self) -> int:
        """Due, but nobody has said yet what became of them."""
        return self.due - self.held - self.cancelled - self.declined - self.no_show


@dataclass(frozen=True)
class Filters:
    """What a report is asked for. ``season`` None: all seasons; ``take_away``: owed, taken, waived, or all of them."""

    season: Season | None = None
    by: str = "site"
    take_away: str = ""

    def as_dict(self) -> dict[str, str | None]:
        return {"season": self.season.slug if self.season else None, "by": self.by}


def over_by(now: datetime) -> Q:
    """Visits whose day at their site has passed, and those of today that are decided already.

    The world has at most three dates at one instant, so zones are grouped by theirs."""
    zones: dict[date, list[str]] = {}
    for zone in Site.objects.values_list("time_zone", flat=True).distinct():
        zones.setdefault(timezone.localdate(now, Site(time_zone=zone).zone), []).append(zone)
    decided = (VisitState.HELD, *ENDED)
    condition = Q(pk__in=[])
    for today, names in zones.items():
        condition |= Q(site__time_zone__in=names) & (Q(date__lt=today) | Q(date=today, state__in=decided))
    return condition


def published(user: User) -> QuerySet[Visit]:
    """Visits people were told of, as this reader may see them; one that ended and was replaced counts by its replacement."""
    again = Visit.objects.filter(executive=OuterRef("executive"), season=OuterRef("season"), state__in=LIVE)
    visits = Visit.objects.visible_to(user).published()
    return visits.exclude(Q(state__in=[VisitState.CANCELLED, VisitState.DECLINED]) & Exists(again))


def participation(user: User, filters: Filters, *, due: Q) -> list[Row]:
    """One row a group, sorted by its name; ``due`` is ``over_by`` of the moment. One query."""
    visits = published(user).filter(season=filters.season) if filters.season else published(user)
    counts = {
        "invited": Count("pk"),
        "confirmed": Count("pk", filter=Q(state__in=[VisitState.CONFIRMED, VisitState.HELD, VisitState.NO_SHOW])),
        "due": Count("pk", filter=due),
        "took_away": Count("pk", filter=Q(state=VisitState.HELD) & took_issue()),
    }
    counts |= {state.value: Count("pk", filter=due & Q(state=state)) for state in (VisitState.HELD, *ENDED)}
    rows = _grouped(visits, filters.by).annotate(**counts).values("group", *counts)
    return sorted((Row(**{**row, "group": row["group"] or ""}) for row in rows), key=lambda row: row.group.casefold())


def _grouped(visits: QuerySet[Visit], by: str) -> Any:
    if by == "month":
        year = Cast(ExtractYear("date"), CharField())
        return (
            visits.annotate(year=year, month=ExtractMonth("date")).values("year", "month").annotate(group=_month_name())
        )
    return visits.annotate(group=GROUPS[by][1]).values("group")


def _month_name() -> Any:
    from django.db.models.functions import Concat, LPad

    return Concat(F("year"), Value("-"), LPad(Cast(F("month"), CharField()), 2, Value("0")))


def total(rows: Iterable[Row], name: str = "") -> Row:
    """The sum of rows."""
    whole = Row(name)
    for row in rows:
        for key in ("invited", "confirmed", "due", "held", "cancelled", "declined", "no_show", "took_away"):
            setattr(whole, key, getattr(whole, key) + getattr(row, key))
    return whole


def previous_season(season: Season) -> Season | None:
    """The season of the same program before this one."""
    earlier = Season.objects.filter(program=season.program, ends_on__lt=season.starts_on)
    return earlier.order_by("-ends_on", "-pk").first()


@dataclass(frozen=True)
class IssueCounts:
    opened: int
    delivered: int
    confirmed: int
    in_place: int
    open: int
    overdue: int


def issue_counts(user: User, season: Season | None, *, today: date) -> IssueCounts:
    """Issues of a season: how many were ever delivered, and of those confirmed by the host (or in their place). One query."""
    issues = Issue.objects.visible_to(user)
    if season:
        issues = issues.filter(season=season)
    found = issues.aggregate(
        opened=Count("pk"),
        delivered=Count("pk", filter=Q(delivered_at__isnull=False)),
        confirmed=Count("pk", filter=Q(state=IssueState.CONFIRMED)),
        in_place=Count("pk", filter=Q(state=IssueState.CONFIRMED, confirmed_in_place=True)),
        open=Count("pk", filter=~Q(state__in=["confirmed", "withdrawn", "merged"])),
        overdue=Count("pk", filter=Q(first_due__lt=today)),
    )
    return IssueCounts(**found)


def stuck(user: User, season: Season | None, *, today: date, most: int = 10) -> QuerySet[Issue]:
    """Issues with a clock that ran out, the longest first. One query."""
    issues = Issue.objects.visible_to(user).overdue(today)
    if season:
        issues = issues.filter(season=season)
    return issues.select_related("owner__user", "owner__business_unit").order_by("first_due", "pk")[:most]


def take_away_rows(user: User, season: Season | None) -> QuerySet[Any, tuple[Any, ...]]:
    """One row a held visit: what was taken away from it, or that it is owed or waived."""
    visits = Visit.objects.visible_to(user).held()
    visits = visits.filter(season=season) if season else visits
    waived = TakeAwayWaiver.objects.filter(visit=OuterRef("pk"))
    counted = visits.annotate(
        issues_taken=Count("issues"), waived=Exists(waived), reason=NullIf("waiver__reason", Value(""))
    )
    return counted.order_by("date", "pk").values_list(
        "uuid", "season__slug", "date", "site__slug", "executive__user__name", "host__user__name", "issues_taken",
        "waived", "reason",
    )  # fmt: skip


def issue_export_rows(user: User, season: Season | None) -> QuerySet[Any, tuple[Any, ...]]:
    """One row an issue, by number."""
    issues = Issue.objects.visible_to(user)
    issues = issues.filter(season=season) if season else issues
    return issues.order_by("number").values_list(
        "number", "title", "state", "category__name", "site__slug", "season__slug", "owner__user__name",
        "promised_to__user__name", "taken_away_at", "target_date", "next_update_due", "word_due", "delivered_at",
        "confirmed_at", "confirmed_in_place", "blocked",
    )  # fmt: skip
