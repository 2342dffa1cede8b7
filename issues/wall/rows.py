"""What stands on a wall: confirmed issues of a site by team, newest first, in words that name nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.markdown import plain
from issues.models import EventKind, Issue, IssueState, IssueUpdate
from issues.models.issues import acted_for
from people.models import Executive, Host, Site, User
from shadowing.models import Season, Visit

MOST = 200  # entries of a wall
SHORTEST = 3  # letters of a part of a name that is looked for by itself


@dataclass(frozen=True)
class Line:
    """``said`` is what was in the way, ``did`` what the owner said was done, ``changed`` what it changes."""

    said: str
    did: str
    changed: str
    on: date


@dataclass
class TeamLines:
    """A team's lines, newest first. What a coordinator confirmed in a host's place stands ``apart``."""

    team: str
    lines: list[Line] = field(default_factory=list)
    apart: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Wall:
    """``more``: there are older ones than are shown. ``seasons`` to choose from, newest first."""

    site: Site
    teams: list[TeamLines]
    more: bool
    seasons: list[Season]
    chosen: Season | None

    @property
    def count(self) -> int:
        """What hosts said helps."""
        return sum(len(team.lines) for team in self.teams)


def sites_of(user: User) -> QuerySet[Site]:
    """The sites whose walls somebody signed in reads: readers of everything all, coordinators theirs, hosts their own,
    executives (and assistants) their home site and those they visited."""
    sites = Site.objects.order_by("name_key", "pk")
    if user.reads_everything:
        return sites
    seen = Q(pk__in=user.coordinated_site_ids)
    if user.is_host:
        seen |= Q(pk=user.host.team.site_id)
    if user.identities & {"executive", "assistant"}:
        mine = acted_for(user)
        seen |= Q(pk__in=Visit.objects.held().filter(executive__in=mine).values("site"))
        seen |= Q(pk__in=Executive.objects.filter(pk__in=mine, home_site__isnull=False).values("home_site"))
    return sites.filter(seen)


def wall_of(site: Site, season: str = "") -> Wall:
    """The wall of a site; ``season`` (a slug) leaves the others out, an unknown one nothing. Three queries."""
    confirmed = Issue.objects.filter(site=site, state=IssueState.CONFIRMED)
    seasons = list(Season.objects.filter(pk__in=confirmed.values("season")).order_by("-starts_on", "pk"))
    chosen = next((one for one in seasons if one.slug == season), None)
    wanted = confirmed.filter(season=chosen) if chosen else confirmed
    rows = list(_with_words(wanted).order_by("-confirmed_at", "-pk")[: MOST + 1])
    return Wall(site, _by_team(rows[:MOST], site), len(rows) > MOST, seasons, chosen)


def _with_words(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    told = IssueUpdate.objects.filter(issue=OuterRef("pk"), event__kind=EventKind.DELIVERED, host_reads=True)
    people = ("raised_in", "promised_to__user", "owner__user", "owner__assistant", "delivered_by", "confirmed_by")
    return issues.select_related(*people).annotate(told=Subquery(told.order_by("-at", "-pk").values("text")[:1]))


def _by_team(issues: Iterable[Issue], site: Site) -> list[TeamLines]:
    hosts = _pattern(Host.objects.filter(team__site=site).values_list("user__name", flat=True))
    teams: dict[str, TeamLines] = {}
    for issue in issues:
        name = issue.raised_in.name if issue.raised_in else str(_("All teams"))
        team = teams.setdefault(name, TeamLines(name))
        (team.apart if issue.confirmed_in_place else team.lines).append(_line(issue, site, hosts))
    return list(teams.values())


def _line(issue: Issue, site: Site, hosts: re.Pattern[str] | None) -> Line:
    own = _own_names(issue)
    said, did, changed = (
        _nameless(plain(text or ""), own, hosts) for text in (issue.title, vars(issue)["told"], issue.impact)
    )
    confirmed = timezone.localdate(issue.confirmed_at, site.zone) if issue.confirmed_at else issue.target_date
    return Line(said, did, changed, confirmed)


def _own_names(issue: Issue) -> list[tuple[re.Pattern[str], str]]:
    """Names of the people of this issue, whole and in parts, and what stands in their place."""
    others = [person for person in (issue.owner.assistant, issue.delivered_by, issue.confirmed_by) if person]
    people = [(issue.promised_to.user, _("a colleague")), (issue.owner.user, _("the owner"))]
    people += [(person, _("somebody")) for person in others]
    found = [(_pattern([person.name, *_parts(person.name)]), words) for person, words in people]
    return [(pattern, words) for pattern, words in found if pattern]


def _parts(name: str) -> list[str]:
    return [part for part in name.split() if len(part) >= SHORTEST]


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Any of these names as whole words, the longest first."""
    longest = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)") if longest else None


def _nameless(text: str, own: list[tuple[re.Pattern[str], str]], hosts: re.Pattern[str] | None) -> str:
    """A text without the names of the issue's people, and without the whole names of the site's hosts."""
    for pattern, words in own:
        text = pattern.sub(words, text)
    return hosts.sub(_("a colleague"), text) if hosts else text
