"""What is owed to be said about issues at an instant: set-based queries, the latest step of each date only.

"Today" differs from site to site, intervals from season to season: each query takes the sites that share a date and
the seasons that share an interval.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from issues.models import OPEN, WORKED_ON, EventKind, Issue, IssueEvent, IssueState
from issues.notices import readers, steps
from issues.queries import take_aways_owed
from notifications.kinds import Due
from people.models import Site
from shadowing.models import Season

GRACE = timedelta(days=14)  # how long after the last of a list of reminders a missed one is still sent
NEWS = timedelta(days=7)  # older news is no news
_PEOPLE = ("number", "owner_id", "owner__assistant_id", "owner__line_manager_id", "site_id")
_PUT_OFF = ("target_date", "snoozed_until", "snoozed_target")


def local_days(now: datetime) -> dict[date, list[str]]:
    """Today's calendar dates around the world, each with the time zones of the sites where it is that day."""
    days: dict[date, list[str]] = defaultdict(list)
    for zone in Site.objects.values_list("time_zone", flat=True).distinct().order_by("time_zone"):
        days[timezone.localdate(now, ZoneInfo(zone))].append(zone)
    return days


def by_policy(*names: str) -> Iterator[tuple[Any, list[int]]]:
    """Each set of values these entries of the policy have in some season, with the ids of those seasons."""
    seasons: dict[str, list[int]] = defaultdict(list)
    for season in Season.objects.only("reminders").order_by("pk"):
        seasons[json.dumps([season.policy(name) for name in names])].append(season.pk)
    return ((json.loads(values), ids) for values, ids in seasons.items())


def slices(now: datetime, *policy: str) -> Iterator[tuple[date, Any, Q]]:
    """(today, values of these entries, the rows of visits or issues all of them are true for)."""
    days = local_days(now)
    for values, seasons in by_policy(*policy):
        for today, zones in days.items():
            yield today, values, Q(season__in=seasons, site__time_zone__in=zones)


def take_away_owed(now: datetime) -> Iterator[Due]:
    """1, 3 and 7 days after a held visit; from the second on the site's coordinators hear it too."""
    watchers = readers.Watchers()
    for today, (days,), part in slices(now, "take_away_owed"):
        if not days:
            continue
        first, last = today - timedelta(days=max(days)) - GRACE, today - timedelta(days=min(days))
        visits = take_aways_owed().filter(part, date__range=(first, last))
        columns = ("uuid", "date", "executive_id", "executive__assistant_id", "site_id")
        for uuid, day, executive, assistant, site in visits.values_list(*columns).iterator():
            step = steps.listed(days, (today - day).days)
            recipients = readers.owner_side(executive, assistant)
            readers.add(recipients, watchers.coordinators(site) if step else ())
            yield from _each(recipients, f"visit:{uuid}", day, step, site)


def update_due(now: datetime) -> Iterator[Due]:
    """The day after the next update was due, then every week; from the third on those above hear it too."""
    watchers = readers.Watchers()
    for today, (every,), part in slices(now, "update_due_every"):
        issues = Issue.objects.filter(part, state__in=WORKED_ON, next_update_due__lt=today)
        rows = issues.values_list(*_PEOPLE, "next_update_due", *_PUT_OFF)
        for number, owner, assistant, manager, site, due, *snooze in rows.iterator():
            step = steps.repeated(every, (today - due).days) or 0
            recipients = {} if steps.put_off(*snooze, today=today) else readers.owner_side(owner, assistant)
            readers.add(recipients, escalation(step, manager, site, watchers))
            yield from _each(recipients, f"issue:{number}", due, step, site)


def escalation(step: int, manager: int | None, site: int, watchers: readers.Watchers) -> list[int]:
    """Who hears of a missed update besides the owner: the line manager (none: the coordinators) from the third time on,
    coordinators and sponsors from the fourth."""
    levels, coordinators = steps.levels(step), watchers.coordinators(site)
    people = {
        steps.MANAGER: [manager] if manager else coordinators,
        steps.COORDINATOR: coordinators,
        steps.SPONSOR: watchers.sponsors,
    }
    return [person for level in levels for person in people[level]]


def word_due(now: datetime) -> Iterator[Due]:
    """The day after the host should have heard something, then every week. Silence counts in every open state."""
    for today, (every,), part in slices(now, "word_due_every"):
        issues = Issue.objects.filter(part, state__in=OPEN, word_due__lt=today)
        rows = issues.values_list(*_PEOPLE, "word_due", *_PUT_OFF)
        for number, owner, assistant, _manager, site, due, *snooze in rows.iterator():
            step = steps.repeated(every, (today - due).days)
            if not steps.put_off(*snooze, today=today):
                yield from _each(readers.owner_side(owner, assistant), f"issue:{number}", due, step, site)


def target(now: datetime) -> Iterator[Due]:
    """A week before the target date, on the day, then every week; once it has passed the coordinators hear it too."""
    watchers = readers.Watchers()
    for today, (near, every), part in slices(now, "target_near", "target_passed_every"):
        furthest = today - timedelta(days=min(near, default=0))
        issues = Issue.objects.filter(part, state__in=WORKED_ON, target_date__lte=furthest)
        rows = issues.values_list(*_PEOPLE, "taken_away_at", "site__time_zone", *_PUT_OFF)
        for number, owner, assistant, _manager, site, taken, zone, *snooze in rows.iterator():
            day, taken_away = snooze[0], timezone.localdate(taken, ZoneInfo(zone))
            step = steps.of_target(target=day, taken_away=taken_away, today=today, near=near, every=every)
            recipients = {} if steps.put_off(*snooze, today=today) else readers.owner_side(owner, assistant)
            readers.add(recipients, watchers.coordinators(site) if step and step > 0 else ())
            ahead = day if step is not None and step < 0 else None
            yield from _each(recipients, f"issue:{number}", day, step, site, not_after=ahead)


def confirm_asked(now: datetime) -> Iterator[Due]:
    """When something was delivered (told at once, this only heals), and 3 and 10 days later."""
    for today, (days,), part in slices(now, "confirm_asked"):
        if not days:
            continue
        since = now - timedelta(days=max(days)) - GRACE
        issues = Issue.objects.filter(part, state=IssueState.DELIVERED, delivered_at__range=(since, now))
        columns = ("number", "promised_to_id", "site_id", "delivered_at", "site__time_zone")
        for number, host, site, at, zone in issues.values_list(*columns).iterator():
            day = timezone.localdate(at, ZoneInfo(zone))
            step = steps.listed(days, (today - day).days)
            yield from _each({host: None}, f"issue:{number}", day, step, site, personal=True)


def moved(now: datetime) -> Iterator[Due]:
    """The latest update the host can read, of open issues. Several between two sweeps are one notice, several issues
    one message."""
    news = IssueEvent.objects.filter(kind=EventKind.UPDATED, update__host_reads=True, at__range=(now - NEWS, now))
    columns = ("issue_id", "issue__promised_to_id", "issue__site_id", "at", "issue__site__time_zone", "update_id")
    rows = news.filter(issue__state__in=OPEN).order_by("at", "pk").values_list(*columns)
    latest = {row[0]: row[1:] for row in rows.iterator()}
    for number, (host, site, at, zone, update) in latest.items():
        day = timezone.localdate(at, ZoneInfo(zone))
        yield Due(host, f"issue:{number}", day, update, site_id=site, personal=True)


def _each(
    recipients: readers.Recipients, subject: str, anchor: date, step: int | None, site: int,
    not_after: date | None = None, *, personal: bool = False,
) -> Iterator[Due]:  # fmt: skip
    if step is None:
        return
    for recipient, behalf in recipients.items():
        yield Due(recipient, subject, anchor, step, behalf, site, not_after, personal)
