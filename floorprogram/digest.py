"""Monday's digest: what waits at the sites a coordinator works with, or everywhere for a sponsor, in four figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import dateformat, timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from floorprogram.home.parts import link
from issues.models import Issue
from issues.notices.due import local_days
from issues.queries import take_aways_owed
from notifications.kinds import Button, Due, Kind, Section, register
from notifications.models import DigestOptOut, Notice
from notifications.slots import zone_named
from people.models import Role, RoleGrant, Site
from shadowing.models import Visit, VisitState

NAME, SUBJECT = "floorprogram.digest", "digest"
MOST_NAMED = 4  # sites
READERS = (Role.COORDINATOR, Role.SPONSOR)


def due(now: datetime) -> Iterator[Due]:
    """Coordinators and sponsors who did not leave it, once for the week that began with their own last Monday."""
    grants = RoleGrant.objects.filter(role__in=READERS, user__is_active=True).exclude(user__in=left())
    for user, zone in grants.order_by("user").values_list("user", "user__time_zone").distinct():
        today = timezone.localdate(now, zone_named(zone or settings.TIME_ZONE))
        yield Due(user, SUBJECT, today - timedelta(days=today.weekday()))


def left() -> QuerySet[Any]:
    """Ids of people who do not want it any more."""
    return DigestOptOut.objects.filter(kind=NAME).values("user")


@dataclass
class Scope:
    """What one reader hears about: None for every site. ``names`` of the sites, for the words."""

    sites: frozenset[int] | None = frozenset()
    names: list[str] = field(default_factory=list)

    def total(self, counts: Counter[int]) -> int:
        return sum(count for site, count in counts.items() if self.sites is None or site in self.sites)


def scopes(readers: set[int]) -> dict[int, Scope]:
    """Each reader's sites; nobody who has neither role any more. One query."""
    found: dict[int, Scope] = {}
    grants = RoleGrant.objects.filter(role__in=READERS, user__in=readers, user__is_active=True)
    columns = ("user", "role", "all_sites", "sites", "sites__name")
    for user, role, everywhere, site, name in grants.values_list(*columns).order_by("user", "sites__name"):
        scope = found.setdefault(user, Scope())
        if everywhere or role == Role.SPONSOR:
            scope.sites = None
        elif site and scope.sites is not None:
            scope.sites |= {site}
            scope.names.append(name)
    return found


@dataclass
class Figures:
    """Counts by site, and each site's issue that is overdue longest, as (day, number, title, owner)."""

    owed: Counter[int]
    overdue: Counter[int]
    waiting: Counter[int]
    unanswered: Counter[int]
    longest: dict[int, tuple[date, int, str, str]]

    def of(self, scope: Scope) -> list[int]:
        return [scope.total(each) for each in (self.owed, self.overdue, self.waiting, self.unanswered)]

    def longest_of(self, scope: Scope) -> tuple[date, int, str, str] | None:
        rows = (row for site, row in self.longest.items() if scope.sites is None or site in scope.sites)
        return min(rows, default=None)


def figures(now: datetime) -> Figures:
    """Everything the digests of a moment say, by site: six queries, however many readers there are."""
    late, passed = Q(pk__in=()), Q(pk__in=())
    for today, zones in local_days(now).items():
        late |= Q(site__time_zone__in=zones, first_due__lt=today)
        passed |= Q(site__time_zone__in=zones, answer_by__lt=today, date__gte=today)
    return Figures(
        owed=_by_site(take_aways_owed()),
        overdue=_by_site(Issue.objects.filter(late)),
        waiting=_by_site(Issue.objects.waiting_for_host()),
        unanswered=_by_site(Visit.objects.filter(passed, state=VisitState.INVITED)),
        longest=_longest(Issue.objects.filter(late)),
    )


def _by_site(rows: QuerySet[Any]) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list("site").annotate(number=Count("pk"))))


def _longest(issues: QuerySet[Issue]) -> dict[int, tuple[date, int, str, str]]:
    place = Window(RowNumber(), partition_by=F("site"), order_by=[F("first_due").asc(), F("number").asc()])
    first = issues.annotate(place=place).filter(place=1)
    rows = first.values_list("site", "first_due", "number", "title", "owner__user__name")
    return {site: (day, number, title, owner) for site, day, number, title, owner in rows}


def holds(notices: Sequence[Notice]) -> set[int]:
    """Of people who still have the role, did not leave it, and for whom anything waits."""
    found, counted = scopes({notice.recipient_id for notice in notices}), figures(_moment(notices))
    gone = set(left().filter(user__in=found).values_list("user", flat=True))
    return {
        notice.pk
        for notice in notices
        if (scope := found.get(notice.recipient_id)) and notice.recipient_id not in gone and any(counted.of(scope))
    }


def render(notices: Sequence[Notice]) -> dict[int, Section]:
    found, now = scopes({notice.recipient_id for notice in notices}), _moment(notices)
    counted, many = figures(now), Site.objects.count()
    known = [(notice, found[notice.recipient_id]) for notice in notices if notice.recipient_id in found]
    return {notice.pk: section(notice, scope, counted, now, sites=many) for notice, scope in known}


def _moment(notices: Sequence[Notice]) -> datetime:
    """When the newest of them was found owed: those of one claim say the same."""
    return max(notice.created_at for notice in notices)


def section(notice: Notice, scope: Scope, counted: Figures, now: datetime, *, sites: int) -> Section:
    owed, overdue, waiting, unanswered = counted.of(scope)
    count = owed + overdue + waiting + unanswered
    words = ngettext("%(count)d thing waits %(where)s.", "%(count)d things wait %(where)s.", count)
    lead = words % {"where": where(scope, sites), "count": count}
    monday = dateformat.format(notice.anchor + timedelta(days=7), "j F")
    return Section(
        subject_line=_("Your week: %(lead)s") % {"lead": lead.rstrip(".")},
        lead=lead,
        paragraphs=_worst(counted.longest_of(scope), now.date()),
        buttons=[Button(_("Open my day"), path="/", primary=True)],
        facts=[
            (_("Take-aways owed"), f"{owed:,}"),
            (_("Issues overdue"), f"{overdue:,}", overdue > 0),
            (_("Waiting for the host's word"), f"{waiting:,}"),
            (_("Invitations without an answer in time"), f"{unanswered:,}"),
        ],
        links=[
            Button(_("Owed take-aways"), path=link("issues:owed")),
            Button(_("Overdue issues"), path=link("issues:index", overdue="yes")),
        ],
        why=_("You get this on Monday mornings because of your role. The next comes on %(day)s.") % {"day": monday},
    )


def where(scope: Scope, sites: int) -> str:
    """ "in Leeds and Porto", "at your 9 sites", "at all 12 sites"."""
    if scope.sites is None:
        return ngettext("at the one site", "at all %(number)d sites", sites) % {"number": sites}
    if len(scope.names) > MOST_NAMED:
        return _("at your %(number)d sites") % {"number": len(scope.names)}
    return _("in %(sites)s") % {"sites": get_text_list(scope.names, _("and"))}


def _worst(row: tuple[date, int, str, str] | None, today: date) -> list[str]:
    if row is None:
        return []
    day, number, title, owner = row
    days = max((today - day).days, 1)
    words = ngettext(
        "Longest overdue: issue %(number)d, “%(title)s”, with %(owner)s, %(days)d day over.",
        "Longest overdue: issue %(number)d, “%(title)s”, with %(owner)s, %(days)d days over.",
        days,
    )
    return [words % {"number": number, "title": title, "owner": owner, "days": days}]


def register_all() -> None:
    """Called once when the app is ready."""
    label: Any = gettext_lazy("weekly digest")
    register.add(Kind(NAME, label, render=render, holds=holds, due=due, alone=True, digest=True))
