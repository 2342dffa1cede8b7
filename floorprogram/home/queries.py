"""The reads behind the homes. Lists come with their total in the same query and are cut to what is shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from issues.filters import CAP
from issues.models import OPEN, Issue, IssueState
from issues.models.issues import IssueQuerySet, acted_for
from issues.queries import took_issue
from people import together
from people.models import Executive, Host, User
from shadowing.models import ENDED, Answer, SeasonExecutive, Visit, VisitState
from shadowing.models.visits import VisitQuerySet

Rows = TypeVar("Rows", VisitQuerySet, IssueQuerySet)


def coordinated(rows: Rows, user: User) -> Rows:
    """Visits or issues of the sites this person coordinates: not the ones they are part of themselves."""
    return rows if user.coordinates_everywhere else rows.filter(site__in=user.coordinated_site_ids)


@dataclass(frozen=True)
class Cut:
    """All rows of a kind, and the keys of the first."""

    rows: QuerySet[Any]
    keys: list[Any]

    def top(self, **parts: Q) -> tuple[list[Any], dict[str, int]]:
        """The first rows, and how many there are: ``total``, and of each of ``parts``. No query when there are none, else
        two: rows and counts in one would first join the names of all rows."""
        counts = {"total": Count("pk")} | {name: Count("pk", filter=which) for name, which in parts.items()}
        if not self.keys:
            return [], dict.fromkeys(counts, 0)
        return list(self.rows.filter(pk__in=self.keys)), self.rows.order_by().aggregate(**counts)


def cut(**rows: tuple[QuerySet[Any], int]) -> dict[str, Cut]:
    """Each of these kinds of rows with the keys of its first: as many as are shown. One query for all of them: mostly there
    is nothing of most kinds."""
    found = {name: Cut(every, []) for name, (every, _count) in rows.items()}
    firsts = {name: every.values_list("pk")[:count] for name, (every, count) in rows.items()}
    for name, (key,) in together.listed(**firsts):
        found[name].keys.append(key)
    return found


def first(rows: QuerySet[Any], count: int) -> list[Any]:
    """The first ``count`` rows. Keys are looked for by themselves: where there are none, and mostly there are none, nothing
    is joined, and where there are, names are joined to these alone."""
    keys = list(rows.values_list("pk", flat=True)[:count])
    return list(rows.filter(pk__in=keys)) if keys else []


def unreplaced(today: date) -> VisitQuerySet:
    """Declined visits still ahead whose executive has no other live visit in the season, and did not step back."""
    same = {"executive": OuterRef("executive"), "season": OuterRef("season")}
    other = Visit.objects.live().filter(**same)
    back = SeasonExecutive.objects.filter(**same, stepped_back_at__isnull=False)
    return Visit.objects.filter(~Exists(other), ~Exists(back), state=VisitState.DECLINED, date__gte=today)


def unanswered(today: date) -> VisitQuerySet:
    """Invitations past their answer-by date."""
    return Visit.objects.filter(state=VisitState.INVITED, answer_by__lt=today, date__gte=today)


def unchecked(today: date) -> VisitQuerySet:
    """Confirmed visits whose day has passed: nobody has said yet whether they were held."""
    return Visit.objects.filter(state=VisitState.CONFIRMED, date__lt=today)


def by_first_clock(rows: IssueQuerySet) -> IssueQuerySet:
    """Issues with the names a list shows, the one whose clock ran (or runs) out first on top."""
    return rows.select_related("owner__user", "promised_to__user").order_by("first_due", "number")


def silent(today: date) -> Q:
    """Open issues whose host should have had a word before ``today``."""
    return Q(state__in=OPEN, word_due__lt=today)


def around(today: date) -> VisitQuerySet:
    """Live visits of yesterday, today and tomorrow: sites in other zones have another "today"."""
    days = (today - timedelta(days=1), today + timedelta(days=1))
    return Visit.objects.live().filter(date__range=days, invited_at__isnull=False)


def executives_of(user: User) -> list[int]:
    """The executives this person acts for. As ids and not as a subquery: with those the database knows how few they are."""
    return list(acted_for(user).values_list("pk", flat=True))


def with_names(visits: VisitQuerySet, most: int | None = None) -> list[Visit]:
    """The first visits by date with both people, site and season. Three queries: in one, the database looks longer for
    the order of ten joins than for the rows."""
    executive = Prefetch("executive", Executive.objects.select_related("user"))
    host = Prefetch("host", Host.objects.select_related("user", "team"))
    named = visits.select_related("site", "season").prefetch_related(executive, host)
    return list(named.order_by("date", "pk")[:most])


def counted(**rows: QuerySet[Any]) -> dict[str, int]:
    """How many rows each of these has, in one query that counts each by an index of its own, and no further than what is
    shown as "10,000+"."""
    return together.counted(CAP, **rows)


def visit_counts(visits: QuerySet[Visit]) -> dict[str, int]:
    """Visits by what became of them, and how many of the held ones were followed by an issue. Grouped: the database looks
    at a year's visits once, and not once for each figure."""
    took_one = Count("pk", filter=Q(state=VisitState.HELD) & took_issue())
    kinds = visits.order_by().values_list("state").annotate(number=Count("*"), took=took_one)
    found = {state: (number, took) for state, number, took in kinds}
    held, took = found.get(VisitState.HELD, (0, 0))
    number = Counter({state: count for state, (count, _took) in found.items()})
    return {
        "published": number.total(),
        "held": held,
        "confirmed": number[VisitState.CONFIRMED],
        "invited": number[VisitState.INVITED],
        "fallen": sum(number[state] for state in ENDED),
        "took": took,
    }


def delivered_counts(issues: QuerySet[Issue]) -> dict[str, int]:
    """Issues that were ever delivered, how many of them are confirmed, and how many of those in the host's place."""
    confirmed = Q(state=IssueState.CONFIRMED)
    return issues.filter(delivered_at__isnull=False).aggregate(
        delivered=Count("pk"),
        confirmed=Count("pk", filter=confirmed),
        in_place=Count("pk", filter=confirmed & Q(confirmed_in_place=True)),
    )


def unanswered_side(visit: Visit) -> tuple[str, str]:
    """Whose answer is missing, and which mark the name has; the executive's first."""
    if visit.executive_answer == Answer.NONE:
        return str(visit.executive), "executive"
    return str(visit.host), "host"
