"""Series of events and busy periods become stretches of busy time within a span of dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from django.utils.translation import gettext as _
from icalendar import Calendar, Component

from shadowing.availability.bounds import Budget, UnreadableError, check_rule
from shadowing.availability.lines import Block
from shadowing.availability.parts import Parts, as_list, floating_at

MARGIN = timedelta(days=2)  # zones differ by up to 26 hours
SERIES_MARKS = frozenset({"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
FREE = {
    "STATUS": ("CANCELLED",),
    "TRANSP": ("TRANSPARENT",),
    "X-MICROSOFT-CDO-BUSYSTATUS": ("FREE", "WORKINGELSEWHERE"),
}


@dataclass
class Busy:
    """Whole days, and stretches of time in UTC, within the span asked for."""

    zone: ZoneInfo
    first: date
    last: date
    whole_days: set[date] = field(default_factory=set)
    stretches: list[tuple[datetime, datetime]] = field(default_factory=list)

    def add_days(self, start: date, end: date) -> None:
        """All days from ``start`` up to, not including, ``end``; an end on the first day counts as one day."""
        day, stop = max(start, self.first), min(max(end, start + timedelta(days=1)), self.last + timedelta(days=1))
        while day < stop:
            self.whole_days.add(day)
            day += timedelta(days=1)

    def add_time(self, start: datetime, end: datetime) -> None:
        """Time between two instants, cut to the span."""
        opens = datetime.combine(self.first, time(), self.zone).astimezone(UTC)
        closes = datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)
        start, end = max(start.astimezone(UTC), opens), min(end.astimezone(UTC), closes)
        if start < end:
            self.stretches.append((start, end))


def collect_busy(parts: Parts, busy: Busy, budget: Budget) -> None:
    """Put all busy time of the components into ``busy``; what cannot be expanded is left out and noted."""
    for series in _series(parts):
        try:
            _add_series([component for _block, component in series], busy, budget)
        except UnreadableError as error:
            parts.leave_out(series[0][0], str(error))
        except Exception:  # noqa: BLE001 – hostile dates: whatever the library raises concerns this series only
            parts.leave_out(series[0][0], _("its times make no sense"))
    for block, component in parts.components:
        if block.kind == "VFREEBUSY":
            _try_periods(block, component, parts, busy)


def _series(parts: Parts) -> Iterator[list[tuple[Block, Component]]]:
    """Events of one UID belong together: a rule, and what overrides single dates of it."""
    groups: defaultdict[str, list[tuple[Block, Component]]] = defaultdict(list)
    for block, component in parts.components:
        if block.kind == "VEVENT":
            groups[str(component["UID"])].append((block, component))
    for group in groups.values():
        yield from _without_duplicates(group, parts)


def _without_duplicates(group: list[tuple[Block, Component]], parts: Parts) -> Iterator[list[tuple[Block, Component]]]:
    """One series, with the newest of several masters. The older ones are listed unless they say the same."""
    masters = [pair for pair in group if "RECURRENCE-ID" not in pair[1]]
    newest = max(masters, key=lambda pair: pair[1].get("SEQUENCE", -1), default=None)
    for pair in masters:
        if newest and pair is not newest and pair[1]["DTSTART"].dt != newest[1]["DTSTART"].dt:
            parts.leave_out(pair[0], _("the file holds a newer version of it"))
    yield [pair for pair in group if pair is newest or "RECURRENCE-ID" in pair[1]]


def _add_series(events: list[Component], busy: Busy, budget: Budget) -> None:
    for event in events:
        _check(event, busy, budget)
    if len(events) == 1 and not SERIES_MARKS & events[0].keys():
        occurrences = [(events[0], *_start_and_end(events[0]))]
    else:
        occurrences = [(each, each["DTSTART"].dt, each["DTEND"].dt) for each in _expanded(events, busy)]
    budget.spend(len(occurrences))
    for event, start, end in occurrences:
        if is_busy(event):
            _add_occurrence(start, end, busy)


def _expanded(events: list[Component], busy: Busy) -> list[Component]:
    """Every occurrence of the series near the span.

    The span is naive: the library reads it in each event's own zone, and the margin covers the difference.
    """
    calendar = Calendar()
    calendar.subcomponents = list(events)
    first, last = (datetime.combine(day, time()) for day in (busy.first - MARGIN, busy.last + MARGIN))
    return recurring_ical_events.CalendarQuery(calendar).between(first, last)


def _start_and_end(event: Component) -> tuple[date, date]:
    """Start and end as written: dates, or times with or without a zone. A date alone lasts one day."""
    start, length = event["DTSTART"].dt, event.get("DURATION")
    if "DTEND" in event:
        return start, event["DTEND"].dt
    if length is None:
        return start, start if isinstance(start, datetime) else start + timedelta(days=1)
    if length.dt.seconds and not isinstance(start, datetime):
        start = datetime.combine(start, time())
    return start, start + length.dt


def _check(event: Component, busy: Busy, budget: Budget) -> None:
    """Refuse an event that ends before it starts, or whose rule cannot be followed in reasonable time."""
    start, end = _start_and_end(event)
    if floating_at(end, busy.zone) < floating_at(start, busy.zone):
        raise UnreadableError(_("it ends before it starts"))
    for rule in as_list(event.get("RRULE", [])):
        check_rule(rule.to_ical().decode(), start=start, last=busy.last + MARGIN, budget=budget)
    budget.spend(sum(len(dates.dts) for name in ("RDATE", "EXDATE") for dates in as_list(event.get(name, []))))


def is_busy(event: Component) -> bool:
    """Whether the person is taken: not when cancelled, transparent, or free or elsewhere in Outlook's words."""
    return not any(str(event.get(name, "")).strip().upper() in values for name, values in FREE.items())


def _add_occurrence(start: date, end: date, busy: Busy) -> None:
    if isinstance(start, datetime) or isinstance(end, datetime):
        busy.add_time(floating_at(start, busy.zone), floating_at(end, busy.zone))
    else:
        busy.add_days(start, end)


def _try_periods(block: Block, component: Component, parts: Parts, busy: Busy) -> None:
    try:
        periods = list(_periods(component, busy.zone))
    except Exception:  # noqa: BLE001 – hostile dates: whatever they raise concerns this component only
        parts.leave_out(block, _("its times make no sense"))
        return
    for start, end in periods:
        busy.add_time(start, end)


def _periods(component: Component, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The busy periods of a VFREEBUSY; a kind that is not known counts as busy (RFC 5545, 3.2.9)."""
    for period in _flat(component.get("FREEBUSY", [])):
        if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
            start, end = period.dt
            start = floating_at(start, zone)
            yield start, (start + end if isinstance(end, timedelta) else floating_at(end, zone)).astimezone(UTC)


def _flat(value: Any) -> Iterable[Any]:
    for item in as_list(value):
        yield from _flat(item) if isinstance(item, list) else [item]
