"""How much work a calendar may cause. Recurrence rules are small programs, and some of them never end."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

MOST_STEPS_OF_ONE = 200_000  # a daily rule since the year 1604, which some address books write, has 155,000
MOST_STEPS = 1_000_000  # some seconds of work for a whole file
SEARCH_STEPS = 10_000
PER_DAY = {"HOURLY": 24, "MINUTELY": 24 * 60, "SECONDLY": 24 * 60 * 60}
COARSER = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
KNOWN_PARTS = frozenset({
    "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY",
    "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST",
})  # fmt: skip
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAY = re.compile(r"^[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)$")
TWENTY_EIGHT_YEARS = 28 * 366  # after so many days, weekdays, month ends and leap years have met in every way


class UnreadableError(Exception):
    """One component cannot be read; the text says why. Never leaves this package."""


class Budget:
    """The steps left for one file. A step is about one date that a rule has to look at."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take that many steps, or raise UnreadableError when one component or the whole file asks for too many."""
        if steps > MOST_STEPS_OF_ONE:
            raise UnreadableError(_("it repeats too often"))
        if steps > self.left:
            raise UnreadableError(_("the file repeats too many entries"))
        self.left -= steps


def parse_rule(text: str) -> dict[str, list[str]]:
    """The parts of an RRULE, each a list of values. Raises UnreadableError for what no calendar program may write."""
    pairs = [part.partition("=") for part in text.upper().split(";") if part]
    rule = {name: value.split(",") for name, _equals, value in pairs}
    if not rule.keys() <= KNOWN_PARTS or rule.get("FREQ", ["-"])[0] not in (*COARSER, *PER_DAY):
        raise UnreadableError(_("its recurrence rule is unknown"))
    if _number(rule, "INTERVAL", 1) < 1 or not all(WEEKDAY.match(day) for day in rule.get("BYDAY", ())):
        raise UnreadableError(_("its recurrence rule is broken"))
    if "BYWEEKNO" in rule and rule["FREQ"] != ["YEARLY"]:
        raise UnreadableError(_("its recurrence rule is broken"))
    return rule


def check_rule(text: str, *, start: datetime | date, last: date, budget: Budget) -> None:
    """Let a rule through that can be expanded from ``start`` to ``last`` (dates) within the budget."""
    rule = parse_rule(text)
    days = max((_end(rule, last) - date(start.year, start.month, start.day)).days, 0) + 1
    budget.spend(int(days * _times_a_day(rule)) + 1)
    if _may_be_impossible(rule):
        budget.spend(SEARCH_STEPS)
        if not _happens(rule):
            raise UnreadableError(_("its recurrence rule fits no day"))


def _number(rule: dict[str, list[str]], name: str, default: int) -> int:
    value = rule.get(name, [str(default)])[0]
    if not re.fullmatch(r"[+-]?\d{1,9}", value):
        raise UnreadableError(_("its recurrence rule is broken"))
    return int(value)


def _end(rule: dict[str, list[str]], last: date) -> date:
    """The last date the rule has to be followed to: its own UNTIL, or the end of what is asked for."""
    until = rule.get("UNTIL", [""])[0][:8]
    try:
        return min(datetime.strptime(until, "%Y%m%d").date(), last)  # noqa: DTZ007 – a date has no zone
    except ValueError:
        return last


def _times_a_day(rule: dict[str, list[str]]) -> float:
    """An upper bound of the instants on one day."""
    hours, minutes, seconds = (max(len(rule.get(name, ())), 1) for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    match rule["FREQ"][0]:
        case "HOURLY":
            minutes_and_seconds = minutes * seconds
        case "MINUTELY":
            minutes_and_seconds = seconds
        case "SECONDLY":
            minutes_and_seconds = 1
        case _coarser:
            return hours * minutes * seconds
    return max(PER_DAY[rule["FREQ"][0]] / _number(rule, "INTERVAL", 1), 1) * minutes_and_seconds


def _may_be_impossible(rule: dict[str, list[str]]) -> bool:
    """Whether its parts could exclude each other, like 30 February: then the library would search to the year 9999."""
    filters = len(rule.keys() & {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY"})
    return "BYSETPOS" in rule or filters > 1 or any(len(day) > 2 for day in rule.get("BYDAY", ()))


def _happens(rule: dict[str, list[str]]) -> bool:
    """Whether any day passes the rule, with enough of them in one period for its BYSETPOS."""
    first = date(2000, 1, 1)
    days = (first + timedelta(days=shift) for shift in range(TWENTY_EIGHT_YEARS))
    fitting = (day for day in days if _fits(rule, day))
    if "BYSETPOS" not in rule:
        return any(True for _day in fitting)
    together = Counter(_period(rule["FREQ"][0], day) for day in fitting)
    most = max(together.values(), default=0) * max(_times_a_day(rule), 1)
    return any(abs(_position(value)) <= most for value in rule["BYSETPOS"])


def _period(frequency: str, day: date) -> tuple[int, ...]:
    """The period of the rule that the day lies in."""
    match frequency:
        case "YEARLY":
            return (day.year,)
        case "MONTHLY":
            return day.year, day.month
        case "WEEKLY":
            return tuple(day.isocalendar()[:2])
    return (day.toordinal(),)


def _position(value: str) -> int:
    return int(value) if re.fullmatch(r"[+-]?\d{1,4}", value) else 9999


def _fits(rule: dict[str, list[str]], day: date) -> bool:
    """Whether the day passes every filter of the rule, read generously where the standard is unclear."""
    month_length = calendar.monthrange(day.year, day.month)[1]
    year_day, year_length = day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
    in_year = rule["FREQ"] == ["YEARLY"] and "BYMONTH" not in rule
    place, length = (year_day, year_length) if in_year else (day.day, month_length)
    return (
        _is_in(rule.get("BYMONTH"), {day.month})
        and _is_in(rule.get("BYMONTHDAY"), {day.day, day.day - month_length - 1})
        and _is_in(rule.get("BYYEARDAY"), {year_day, year_day - year_length - 1})
        and _is_in(rule.get("BYWEEKNO"), {day.isocalendar().week, day.isocalendar().week - 53})
        and _is_weekday(rule.get("BYDAY"), day, {0, (place - 1) // 7 + 1, -((length - place) // 7 + 1)})
    )


def _is_in(values: list[str] | None, choices: set[int]) -> bool:
    return values is None or any(_position(value) in choices for value in values)


def _is_weekday(values: list[str] | None, day: date, ordinals: set[int]) -> bool:
    """Whether the day is one of the weekdays, also as the n-th of its month or year, counted from either end."""
    name = WEEKDAYS[day.weekday()]
    return values is None or any(value[-2:] == name and _position(value[:-2] or "0") in ordinals for value in values)
