"""Conditions of the issue list that more than one column decides."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from issues.models import OPEN, WORKED_ON, Counterpart, CounterpartState, IssueState
from issues.models.issues import IssueQuerySet

CLOCKS = ("target", "update", "word")


def ran_out(clock: str, today: date) -> Q:
    """This one clock ran out before ``today`` (issues.clocks says when which of them runs)."""
    if clock == "word":
        return Q(state__in=OPEN, word_due__lt=today)
    if clock == "update":
        return Q(state__in=WORKED_ON, next_update_due__lt=today)
    return Q(state__in=WORKED_ON, target_date__lt=today) | Q(state=IssueState.ON_HOLD, hold_until__lt=today)


def silent_since(day: date) -> Q:
    """Open, and without an update after that day; those never updated were taken away by then."""
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    never = Q(last_update_on=None, taken_away_at__lt=midnight)
    return Q(state__in=OPEN) & (Q(last_update_on__lte=day) | never)


def crossing(issues: IssueQuerySet) -> IssueQuerySet:
    """Issues that cross units: the owner's lies on another branch than the one it was raised in, or than that of a
    counterpart who works on it. What is above and below each other on one branch crosses nothing."""
    shared = Counterpart.objects.filter(issue=OuterRef("pk"), state=CounterpartState.ACCEPTED, unit__isnull=False)
    paths = {"own": _path("issue__owning_unit"), "theirs": _path("unit")}
    others = shared.alias(**paths).filter(_apart("theirs", "own"))
    known = Q(raised_in__business_unit__isnull=False)
    apart = issues.filter(owning_unit__isnull=False)
    apart = apart.alias(own=_path("owning_unit"), raised=_path("raised_in__business_unit"))
    return apart.filter((known & _apart("own", "raised")) | Exists(others))


def _path(unit: str) -> Concat:
    """A unit's path with the divider at its end, so that "Sales" does not begin "Sales Support"."""
    return Concat(f"{unit}__path_key", Value(" / "))


def _apart(one: str, other: str) -> Q:
    """Neither path begins with the other; both end in the divider."""
    return ~Q(**{f"{one}__startswith": F(other)}) & ~Q(**{f"{other}__startswith": F(one)})
