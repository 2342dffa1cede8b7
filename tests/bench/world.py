"""One program that grows by stages, and the people and things whose pages are asked for. Import after Django is set up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from floorprogram.demo.scale import Scale, Size
from issues.models import WORKED_ON, Issue
from issues.notices.words import UPDATE
from notifications.links import make_link
from people.models import Role, RoleGrant, Site, User
from shadowing.models import Season, SeasonState, Visit

EXECUTIVES = {1_000: 100, 10_000: 1_300}  # of a stage; one of 1,300 makes the year the board's budget speaks of
SITES = 3  # a stage


def grow(size: int) -> float:
    """Add issues, and people, until there are ``size`` of each; the seconds ``load_scale`` took for the new ones.

    The last season runs now. Statistics are brought up to date, as the server itself would within a minute."""
    issues, people = size - Issue.objects.count(), size - User.objects.count()
    if issues <= 0:
        return 0.0
    executives = EXECUTIVES.get(size, size // 10)
    started = time.perf_counter()
    Scale(Size(executives, max(people - executives, executives), SITES, issues), timezone.localdate()).make()
    seconds = time.perf_counter() - started
    _run_the_last_season()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return seconds


def _run_the_last_season() -> None:
    today = timezone.localdate()
    last = Season.objects.order_by("-starts_on", "-pk").values("pk")[:1]
    Season.objects.filter(state=SeasonState.PUBLISHED).update(
        state=SeasonState.CLOSED, ends_on=today - timedelta(days=1)
    )
    Season.objects.filter(pk__in=last).update(state=SeasonState.PUBLISHED, ends_on=today + timedelta(days=4))


def sign_in(user: User) -> str:
    """The key of a session of this person, made as signing in would make it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def with_role(role: Role) -> User:
    """The bench's own coordinator, or sponsor."""
    email = f"{role}@bench.example"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=f"Bench {role}")
    RoleGrant.objects.get_or_create(user=user, role=role)
    return user


@dataclass(frozen=True)
class Samples:
    """What the pages asked for are about: the middle of the program, nothing special."""

    sessions: dict[str, str]
    issue: Issue
    visit: Visit
    season: Season
    full_season: Season
    site: Site
    to_update: list[int]
    one_click: str  # the path of a reminder's link


def samples() -> Samples:
    """Sessions by role; the executive and the host are those with most open issues."""
    issues = Issue.objects.filter(state__in=WORKED_ON).order_by("number")
    issue = issues[issues.count() // 2]
    owner = issues.order_by().values("owner").annotate(count=Count("pk")).order_by("-count", "owner")[0]["owner"]
    host = issues.order_by().values("promised_to").annotate(count=Count("pk")).order_by("-count", "promised_to")[0]
    people = {
        "coordinator": with_role(Role.COORDINATOR),
        "sponsor": with_role(Role.SPONSOR),
        "executive": User.objects.get(pk=owner),
        "host": User.objects.get(pk=host["promised_to"]),
    }
    return Samples(
        sessions={name: sign_in(user) for name, user in people.items()},
        issue=issue,
        visit=issue.origin_visit,
        season=issue.season,
        full_season=_season_of(1_300),
        site=issue.site,
        one_click=_one_click(issue),
        to_update=list(issues.values_list("number", flat=True)[:2000]),
    )


def _one_click(issue: Issue) -> str:
    """Where the first button of a reminder about the issue leads its owner."""
    owner = issue.owner.user
    address = make_link(purpose=UPDATE, subject=issue.subject, user=owner, now=timezone.now())
    return f"{urlsplit(address).path}?answer=moved"


def _season_of(visits: int) -> Season:
    """The season with about that many visits."""
    sizes = Season.objects.annotate(size=Count("visits"))
    return min(sizes, key=lambda season: (abs(season.size - visits), season.pk))
