"""What is said about who carries an issue, and whether it still holds: owed when, still true, to whom.

A notice's step names the request it is about (``telling.PLACES``), so that one that was taken back is not sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from issues.clocks import site_day
from issues.models import (
    OPEN,
    Counterpart,
    CounterpartState,
    Handover,
    HandoverState,
    HoldsCheck,
    Issue,
    IssueState,
)
from issues.notices import readers, steps
from issues.notices.due import GRACE, NEWS, slices
from issues.notices.holds import issues_of, key
from issues.telling import PLACES
from notifications.kinds import Due
from notifications.models import Notice
from people.models import Host


def handover_asked(now: datetime) -> Iterator[Due]:
    """When an issue was offered (told at once, this only heals), and again 3 days later. To the one asked, in person."""
    for today, (days,), part in slices(now, "hands_asked"):
        since = now - timedelta(days=max(days, default=0)) - GRACE
        offered = Issue.objects.filter(
            part, state__in=OPEN, handovers__state=HandoverState.OFFERED, handovers__offered_at__range=(since, now)
        )
        columns = ("handovers", "handovers__to_owner", "handovers__offered_at", "number", "site", "site__time_zone")
        for pk, to, at, number, site, zone in offered.values_list(*columns).iterator():
            asked = _requests({to: None}, pk, at, number, site, zone, days=days, today=today)
            yield from (each._replace(personal=True) for each in asked)


def counterpart_asked(now: datetime) -> Iterator[Due]:
    """When somebody was asked (told at once, this only heals), and again 3 days later. Their assistant hears it too."""
    for today, (days,), part in slices(now, "hands_asked"):
        since = now - timedelta(days=max(days, default=0)) - GRACE
        asked = Issue.objects.filter(
            part, state__in=OPEN, counterparts__state=CounterpartState.ASKED, counterparts__asked_at__range=(since, now)
        )
        columns = ("counterparts", "counterparts__person", "counterparts__person__executive__assistant",
                   "counterparts__asked_at", "number", "site", "site__time_zone")  # fmt: skip
        for pk, person, assistant, *rest in asked.values_list(*columns).iterator():
            yield from _requests(readers.owner_side(person, assistant), pk, *rest, days=days, today=today)


def _requests(
    recipients: readers.Recipients, pk: int, at: datetime, number: int, site: int, zone: str, *, days: Sequence[int],
    today: date,
) -> Iterator[Due]:  # fmt: skip
    anchor = timezone.localdate(at, ZoneInfo(zone))
    place = steps.listed(days, (today - anchor).days)
    for recipient, behalf in recipients.items() if place is not None else ():
        yield Due(recipient, f"issue:{number}", anchor, pk * PLACES + place, behalf, site_id=site)  # type: ignore[operator]


def transferred(now: datetime) -> Iterator[Due]:
    """A coordinator moved somebody's issues to another owner: several are one message."""
    moved = Handover.objects.filter(
        transfer=True, state=HandoverState.ACCEPTED, offered_at__range=(now - NEWS, now), issue__owner=F("to_owner"),
        issue__state__in=OPEN,
    )  # fmt: skip
    columns = ("pk", "to_owner", "to_owner__assistant", "offered_at", "issue", "issue__site", "issue__site__time_zone")
    for pk, owner, assistant, at, number, site, zone in moved.values_list(*columns).iterator():
        anchor = timezone.localdate(at, ZoneInfo(zone))
        for recipient, behalf in readers.owner_side(owner, assistant).items():
            yield Due(recipient, f"issue:{number}", anchor, pk, behalf, site_id=site)


def new_owner(now: datetime) -> Iterator[Due]:
    """The host hears who keeps the promise from now on, after an accepted handover or a transfer."""
    changed = Handover.objects.annotate(at=Coalesce("answered_at", "offered_at")).filter(
        state=HandoverState.ACCEPTED, at__range=(now - NEWS, now), issue__owner=F("to_owner"), issue__state__in=OPEN
    )
    columns = ("pk", "issue__promised_to", "at", "issue", "issue__site", "issue__site__time_zone")
    for pk, host, at, number, site, zone in changed.order_by("pk").values_list(*columns).iterator():
        yield Due(host, f"issue:{number}", timezone.localdate(at, ZoneInfo(zone)), pk, site_id=site, personal=True)


def holds_check(now: datetime) -> Iterator[Due]:
    """30 and 90 days after it was confirmed, and 7 days later once: the host; if they have gone, the team's hosts."""
    for today, (after, again), part in slices(now, "holds_after", "holds_again"):
        since = now - timedelta(days=max(after, default=0) + max(again, default=0)) - GRACE
        until = now - timedelta(days=min(after, default=1) - 1)  # a date at a site may be a day ahead
        confirmed = Issue.objects.filter(part, state=IssueState.CONFIRMED, confirmed_at__range=(since, until))
        columns = ("number", "promised_to", "promised_to__user__is_active", "raised_in", "site", "confirmed_at",
                   "site__time_zone")  # fmt: skip
        rows = list(confirmed.values_list(*columns).iterator())
        teams = _team_hosts(row[3] for row in rows if not row[2])
        answered = _answered(since.date())
        for number, host, here, team, site, at, zone in rows:
            day = timezone.localdate(at, ZoneInfo(zone))
            check = steps.of_check(confirmed=day, today=today, after=after, again=again)
            if check and (number, day, check[0]) not in answered:
                for reader in [host] if here else teams[team]:
                    yield Due(reader, f"issue:{number}", day, check[0] * PLACES + check[1], site_id=site, personal=True)


def _team_hosts(teams: Iterable[int | None]) -> dict[int | None, list[int]]:
    """The active hosts of each team."""
    found: dict[int | None, list[int]] = defaultdict(list)
    wanted = set(teams) - {None}
    hosts = Host.objects.filter(team__in=wanted, user__is_active=True) if wanted else Host.objects.none()
    for team, host in hosts.values_list("team", "pk").order_by("pk"):
        found[team].append(host)
    return found


def _answered(since: date) -> set[tuple[int, date, int]]:
    """(issue, day it was confirmed, days) of the checks that were answered."""
    rows = HoldsCheck.objects.filter(confirmed_on__gte=since - timedelta(days=1))
    return set(rows.values_list("issue", "confirmed_on", "days"))


def offers_of(notices: Sequence[Notice], places: int = PLACES) -> dict[int, Handover]:
    """The handover each notice names by its step, by notice id, in one query."""
    ids = {notice.pk: notice.step // places for notice in notices}
    people = ("from_owner__user", "to_owner__user", "offered_by")
    rows = Handover.objects.select_related(*people).in_bulk(set(ids.values()))
    return {notice: rows[pk] for notice, pk in ids.items() if pk in rows}


def requests_of(notices: Sequence[Notice]) -> dict[int, Counterpart]:
    """The request to a counterpart each notice names by its step, by notice id, in one query."""
    ids = {notice.pk: notice.step // PLACES for notice in notices}
    rows = Counterpart.objects.select_related("person", "asked_by").in_bulk(set(ids.values()))
    return {notice: rows[pk] for notice, pk in ids.items() if pk in rows}


def _of_open(notices: Sequence[Notice]) -> set[int]:
    """Notices whose issue is still open, by id."""
    rows = Issue.objects.open().filter(pk__in={int(key(notice)) for notice in notices})
    still = {str(number) for number in rows.values_list("pk", flat=True)}
    return {notice.pk for notice in notices if key(notice) in still}


def still_offered(notices: Sequence[Notice]) -> set[int]:
    """Offers that were neither answered nor taken back."""
    open_ = {pk for pk, offer in offers_of(notices).items() if offer.state == HandoverState.OFFERED}
    return open_ & _of_open(notices)


def still_asked(notices: Sequence[Notice]) -> set[int]:
    """Requests nobody has answered or ended."""
    open_ = {pk for pk, request in requests_of(notices).items() if request.state == CounterpartState.ASKED}
    return open_ & _of_open(notices)


def still_moved(notices: Sequence[Notice]) -> set[int]:
    """Transfers whose new owner still owns the issue and has not handed it back."""
    accepted = {pk for pk, moved in offers_of(notices, 1).items() if moved.state == HandoverState.ACCEPTED}
    issues = issues_of(notices)
    return {notice.pk for notice in notices if notice.pk in accepted and _owns(issues.get(key(notice)), notice)}


def _owns(issue: Issue | None, notice: Notice) -> bool:
    return issue is not None and issue.is_open and issue.owner_id in (notice.recipient_id, notice.on_behalf_of_id)


def still_theirs(notices: Sequence[Notice]) -> set[int]:
    """Changes of owner that stand: the new owner still owns the open issue and has not handed it back."""
    issues, owners = issues_of(notices), offers_of(notices, 1)
    return {one.pk for one in notices if one.pk in owners and _keeps(issues.get(key(one)), owners[one.pk])}


def _keeps(issue: Issue | None, moved: Handover) -> bool:
    if issue is None or not issue.is_open or moved.state != HandoverState.ACCEPTED:
        return False
    return issue.owner_id == moved.to_owner_id


def still_handed_back(notices: Sequence[Notice]) -> set[int]:
    """Issues for which no new owner was found yet."""
    rows = Issue.objects.handed_back().filter(pk__in={int(key(notice)) for notice in notices})
    waiting = {str(number) for number in rows.values_list("pk", flat=True)}
    return {notice.pk for notice in notices if key(notice) in waiting}


def still_to_check(notices: Sequence[Notice]) -> set[int]:
    """Checks nobody has answered, of issues still confirmed since the day the notice counts from."""
    issues = issues_of(notices)
    answered = _answered(min(notice.anchor for notice in notices)) if notices else set()
    return {notice.pk for notice in notices if _unanswered(issues.get(key(notice)), notice, answered)}


def _unanswered(issue: Issue | None, notice: Notice, answered: set[tuple[int, date, int]]) -> bool:
    if issue is None or issue.state != IssueState.CONFIRMED or issue.confirmed_at is None:
        return False
    known = (issue.pk, notice.anchor, notice.step // PLACES)
    return site_day(issue.site, issue.confirmed_at) == notice.anchor and known not in answered


def still_to_withdraw(notices: Sequence[Notice]) -> set[int]:
    """Requests for a withdrawal no coordinator has answered."""
    rows = Issue.objects.withdrawal_asked().filter(pk__in={int(key(notice)) for notice in notices})
    waiting = {str(number) for number in rows.values_list("pk", flat=True)}
    return {notice.pk for notice in notices if key(notice) in waiting}
