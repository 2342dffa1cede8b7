"""Issues on their way from hand to hand: offered, asked about, moved, handed back, to be withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from floorprogram.demo.stage import Stage
from issues import actions
from issues.models import Issue
from people.models import Executive
from shadowing.models import Season


def pass_on(demo: Stage, season: Season) -> None:
    """What waits for the demo's executive and coordinator, each shown once. The offered one is the last taken away."""
    now, mine = demo.now - timedelta(minutes=20), demo.cast.executives[0]
    open_ = Issue.objects.open().filter(season=season).exclude(promised_to=mine.pk).order_by("-number")
    others, leaver = list(open_.exclude(owner=mine)[:4]), demo.cast.executives[-1]
    if len(others) == 4 and leaver.pk != mine.pk:
        _others(demo, others, mine, now)
    own = Issue.objects.open().filter(owner=mine).order_by("-number").first()
    if own:
        _ask(own, others[0].owner if others else leaver, now)


def _others(demo: Stage, others: list[Issue], mine: Executive, now: datetime) -> None:
    offered, shared, ending, moving = others
    reason = "The form belongs to your unit; we only fill it in."
    actions.offer_handover(issue=offered, to=mine, reason=reason, by=offered.owner.user, now=now)
    request = "Let your team try the new form for a week."
    actions.ask_counterpart(issue=shared, person=mine.user, request=request, by=shared.owner.user, now=now)
    reason = "The tariff ends in spring, and the question with it."
    actions.ask_withdrawal(issue=ending, reason=reason, by=ending.owner.user, now=now)
    _hand_back(demo, moving, others[0].owner, now)


def _hand_back(demo: Stage, moving: Issue, to: Executive, now: datetime) -> None:
    """One executive's issues moved to another, who hands one back."""
    if moving.owner_id == to.pk:
        return
    by, reason = demo.cast.coordinator, "She changes to another company."
    moved = actions.transfer_leavers_issues(leaver=moving.owner, to=to, reason=reason, by=by, now=now)
    actions.hand_back(issue=moved[0], reason="Our unit has no say in this system.", by=to.user, now=now)


def _ask(own: Issue, other: Executive, now: datetime) -> None:
    """The demo's executive works with somebody on one of theirs."""
    request = "Open the interface to the billing system for the desk."
    actions.ask_counterpart(issue=own, person=other.user, request=request, by=own.owner.user, now=now)
    actions.accept_counterpart(issue=own, by=other.user, now=now)
