"""What was promised to a host: where each promise stands, the last word, the next date, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from issues import clocks, rules
from issues.models import OPEN, HoldsCheck, Issue, IssueState, IssueUpdate
from issues.promiser import first_owner
from people.models import User
from people.requests import PersonRequest

MOST = 50  # promises on the page


@dataclass(frozen=True)
class Promise:
    """``asks`` names the question: "confirm", "check", or nothing. ``own``: promised to the reader, not to a colleague who
    has left."""

    issue: Issue
    today: date
    asks: str
    own: bool
    clocks: clocks.Clocks

    @property
    def is_open(self) -> bool:
        return self.issue.state in OPEN

    @property
    def state(self) -> str:
        reopened = self.issue.reopened and self.issue.state == IssueState.IN_PROGRESS
        return "reopened" if reopened else self.issue.state


@require_safe
def promises(request: PersonRequest) -> HttpResponse:
    """What was promised to me: what waits for my answer first, then what is open, then what is closed."""
    now = timezone.now()
    found = [promise for issue in _issues(request.user) if (promise := _promise(issue, request.user, now))]
    context = {
        "asked": [promise for promise in found if promise.asks],
        "open": [promise for promise in found if promise.is_open and not promise.asks],
        "closed": [promise for promise in found if not (promise.is_open or promise.asks)],
        "today": timezone.localdate(now),
    }
    return render(request, "issues/promises.html", context)


def _issues(user: User) -> Iterable[Issue]:
    """Issues promised to this host, and confirmed ones of colleagues of the team who have left. One query."""
    gone = Q(raised_in=user.host.team_id, state=IssueState.CONFIRMED, promised_to__user__is_active=False)
    words = IssueUpdate.objects.filter(issue=OuterRef("pk"), host_reads=True).exclude(by=user)
    checks = HoldsCheck.objects.filter(issue=OuterRef("pk")).order_by("-confirmed_on", "-days")
    people = ("owner__user", "owner__assistant", "promised_to__user", "site", "season")
    issues: QuerySet[Issue] = Issue.objects.filter(Q(promised_to=user.pk) | gone).select_related(*people)
    latest = words.order_by("-at", "-pk")
    said = {"said": Subquery(latest.values("text")[:1]), "said_at": Subquery(latest.values("at")[:1])}
    newest = {f"checked_{name}": Subquery(checks.values(name)[:1]) for name in ("confirmed_on", "days")}
    return issues.annotate(**said, **newest, first_owner=first_owner()).order_by("first_due", "-number")[:MOST]


def _promise(issue: Issue, user: User, now: datetime) -> Promise | None:
    """None for what a colleague was promised, unless the reader is asked about it."""
    today = clocks.site_day(issue.site, now)
    vars(issue)["_checked"] = (vars(issue)["checked_confirmed_on"], vars(issue)["checked_days"])
    own = rules.is_host(user, issue)
    asks = next((verb for verb in ("confirm", "check") if rules.can(user, verb, issue, today=today)), "")
    asks = asks if own or asks == "check" else ""
    return Promise(issue, today, asks, own, clocks.read(vars(issue), today)) if own or asks else None
