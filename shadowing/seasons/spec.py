"""What a season file may say (docs: interface, season file). The same check serves the command and the pages."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from shadowing.availability.workdays import is_known_country
from shadowing.models.seasons import (
    ExecutivesFrom,
    HostsFrom,
    default_agenda,
    default_questionnaires,
    default_reminders,
    default_weights,
)
from shadowing.seasons import reading
from shadowing.seasons.problems import Problem
from shadowing.seasons.questionnaires import offered
from shadowing.seasons.reading import Reader, day, number, one_of, slug, text, whole, yes_or_no

KEYS = (
    "program", "name", "slug", "starts_on", "ends_on", "sites", "rules", "weights", "agenda", "answer_by_days",
    "notice_days", "reminders", "executives", "hosts", "preferred", "questionnaires", "copy_from",
)  # fmt: skip
SITE_KEYS = ("slug", "name", "time_zone", "country", "subdivision", "visits_a_day", "open_days")
AGENDA_KINDS = ("briefing", "floor", "regroup", "take-away")
RULES: Mapping[str, tuple[Any, Any]] = {
    "host_min_tenure_months": (whole(0, 600), 0),
    "other_business_unit": (yes_or_no, False),
    "shared_language": (yes_or_no, False),
    "no_repeat_seasons": (whole(0, 20), 0),
    "days_between_host_visits": (whole(0, 60), 1),
}
RESERVED = ("new",)
MINUTES_A_DAY = 24 * 60
LONGEST = timedelta(days=366)
MOST_SITES, MOST_PEOPLE, MOST_PARTS = 200, 50_000, 20


@dataclass
class SiteSpec:
    """A site of the season; None where the file says nothing, so that a known site keeps its own."""

    path: str
    slug: str
    name: str | None = None
    time_zone: str | None = None
    country: str | None = None
    subdivision: str | None = None
    visits_a_day: int | None = None
    open_days: list[str] = field(default_factory=list)


@dataclass
class SeasonSpec:
    """A season as asked for, well formed in itself. ``executives`` and ``hosts`` list keys where they are named."""

    program: str
    name: str
    slug: str
    starts_on: date
    ends_on: date
    sites: list[SiteSpec]
    rules: dict[str, Any]
    weights: dict[str, float]
    agenda: list[dict[str, Any]]
    answer_by_days: int
    notice_days: int
    reminders: dict[str, Any]
    executives_from: str
    executives: list[str]
    hosts_from: str
    hosts: list[str]
    preferred: list[tuple[str, list[str]]]
    questionnaires: list[str]


def read_spec(data: object, *, unfinished: bool = False) -> tuple[SeasonSpec | None, list[Problem]]:
    """The season a parsed JSON document asks for, and every problem with it; None when there are any.

    ``unfinished`` is a draft whose sites are still to be chosen. ``copy_from`` was followed before (copying.fill).
    """
    reader = Reader(data).only(*KEYS)
    reader.read("copy_from", slug, None)
    executives_from, executives = _people(reader, "executives", ExecutivesFrom.ALL, (ExecutivesFrom.ALL,))
    hosts_from, hosts = _people(reader, "hosts", HostsFrom.WILLING, (HostsFrom.ALL, HostsFrom.WILLING))
    starts_on, ends_on = _window(reader)
    spec = SeasonSpec(
        program=reader.read("program", text(120)),
        name=reader.read("name", text(120)),
        slug=reader.read("slug", _season_slug),
        starts_on=starts_on,
        ends_on=ends_on,
        sites=_sites(reader, starts_on, ends_on, unfinished=unfinished),
        rules=_rules(reader.part("rules")),
        weights=_weights(reader.part("weights")),
        agenda=_agenda(reader),
        answer_by_days=reader.read("answer_by_days", whole(1, 60), 3),
        notice_days=reader.read("notice_days", whole(0, 60), 5),
        reminders=_reminders(reader.part("reminders")),
        executives_from=executives_from,
        executives=executives,
        hosts_from=hosts_from,
        hosts=hosts,
        preferred=_preferred(reader, starts_on, ends_on),
        questionnaires=_questionnaires(reader),
    )
    return (None, reader.problems) if reader.problems else (spec, [])


def _season_slug(value: Any) -> str:
    if slug(value) in RESERVED:
        raise ValueError(_("this short name is an address of the program"))
    return slug(value)


def _window(reader: Reader) -> tuple[Any, Any]:
    """First and last day; None for one that cannot be read, or that cannot be meant."""
    first, last = reader.read("starts_on", day), reader.read("ends_on", day)
    if first and last and last < first:
        reader.note("ends_on", _("the season starts on %(day)s: choose that day or one after it") % {"day": first})
        last = None
    elif first and last and last - first > LONGEST:
        reader.note("ends_on", _("a season lasts a year at most"))
        last = None
    return first, last


def _sites(reader: Reader, first: date | None, last: date | None, *, unfinished: bool) -> list[SiteSpec]:
    sites = [_site(each, first, last) for each in reader.items("sites", most=MOST_SITES)]
    if not sites and not unfinished and not any(problem.path == "sites" for problem in reader.problems):
        reader.note("sites", _("a season needs at least one site"))
    seen: set[str] = set()
    for site in sites:
        if site.slug and site.slug in seen:
            reader.problems.append(Problem(f"{site.path}.slug", _("%(slug)s is listed twice") % {"slug": site.slug}))
        seen.add(site.slug)
    return sites


def _site(reader: Reader, first: date | None, last: date | None) -> SiteSpec:
    reader.only(*SITE_KEYS)
    country = reader.read("country", _country, None)
    subdivision = reader.read("subdivision", reading.optional(text(8)), None)
    if subdivision and country and not is_known_country(country, subdivision):
        reader.note(
            "subdivision", _("%(value)s is not a part of %(country)s") % {"value": subdivision, "country": country}
        )
    return SiteSpec(
        path=reader.path,
        slug=reader.read("slug", slug),
        name=reader.read("name", text(120), None),
        time_zone=reader.read("time_zone", _zone, None),
        country=country,
        subdivision=subdivision,
        visits_a_day=reader.read("visits_a_day", whole(1, 1000), None),
        open_days=_days(reader, "open_days", first, last),
    )


def _zone(value: Any) -> str:
    if not isinstance(value, str) or value not in zoneinfo.available_timezones():
        raise ValueError(_("%(value)s is not a time zone like Europe/Lisbon") % {"value": reading.shown(value)})
    return value


def _country(value: Any) -> str:
    if value == "":
        return ""
    if not isinstance(value, str) or not is_known_country(value):
        raise ValueError(_("%(value)s is not a country code like PT") % {"value": reading.shown(value)})
    return value


def _days(reader: Reader, name: str, first: date | None, last: date | None) -> list[str]:
    """Dates within the season, sorted and once each, in ISO form."""
    found: set[str] = set()
    for place, value in enumerate(reader.entries(name, most=LONGEST.days)):
        try:
            if first and last and not first <= day(value) <= last:
                raise ValueError(_("%(day)s lies outside the season") % {"day": value})
            found.add(day(value).isoformat())
        except ValueError as error:
            reader.note(f"{name}[{place}]", str(error))
    return sorted(found)


def _rules(reader: Reader) -> dict[str, Any]:
    reader.only(*RULES)
    return {name: reader.read(name, convert, default) for name, (convert, default) in RULES.items()}


def _weights(reader: Reader) -> dict[str, float]:
    reader.only(*default_weights())
    return {name: reader.read(name, number(1000), default) for name, default in default_weights().items()}


def _agenda(reader: Reader) -> list[dict[str, Any]]:
    """The parts of the day, in order and without overlap."""
    if not reader.has("agenda"):
        return default_agenda()
    parts, free_from = [], 0
    for each in reader.items("agenda", most=MOST_PARTS):
        part = _agenda_part(each)
        parts.append(part)
        if part["starts"] and part["minutes"]:
            free_from = _follow(each, part, free_from)
    if not parts:
        reader.note("agenda", _("an agenda needs at least one part"))
    return parts


def _follow(reader: Reader, part: dict[str, Any], free_from: int) -> int:
    """The minute of the day at which the part ends; noted when it begins before the last one ended."""
    hours, minutes = (int(figure) for figure in part["starts"].split(":"))
    starts = hours * 60 + minutes
    if starts < free_from:
        before = f"{free_from // 60:02}:{free_from % 60:02}"
        reader.note("starts", _("the part before it lasts until %(time)s") % {"time": before})
    elif starts + part["minutes"] > MINUTES_A_DAY:
        reader.note("minutes", _("the day ends at midnight"))
    return int(starts + part["minutes"])


def _agenda_part(reader: Reader) -> dict[str, Any]:
    reader.only("kind", "starts", "minutes")
    return {
        "kind": reader.read("kind", one_of(*AGENDA_KINDS)),
        "starts": reader.read("starts", reading.clock_time),
        "minutes": reader.read("minutes", whole(5, 720)),
    }


def read_reminders(policy: object) -> tuple[dict[str, Any], list[Problem]]:
    """A reminder policy by itself, and every problem with it."""
    reader = Reader({"reminders": policy})
    return _reminders(reader.part("reminders")), reader.problems


def _reminders(reader: Reader) -> dict[str, Any]:
    """Only what the file says; the rest follows the defaults, also when those change."""
    known = default_reminders()
    reader.only(*known)
    found: dict[str, Any] = {}
    for name in (name for name in known if reader.has(name)):
        if name.endswith("_every"):
            found[name] = reader.read(name, whole(1, 365))
        else:
            bounds = (-90, 0) if comes_before(known[name]) else (0, 365)
            found[name] = [each.read("", whole(*bounds)) for each in _values(reader, name)]
    return found


def comes_before(days: list[int]) -> bool:
    """Whether a kind of reminder comes before its event: the days of its default do."""
    return all(day < 0 for day in days)


def _values(reader: Reader, name: str) -> list[Reader]:
    return [Reader({"": each.data}, each.path, each.problems) for each in reader.items(name, most=20)]


def _people(reader: Reader, name: str, default: str, words: tuple[str, ...]) -> tuple[str, list[str]]:
    """A word like "all", or a list of keys: how people are chosen, and the keys."""
    value = reader.data.get(name, str(default))
    if isinstance(value, str):
        return reader.read(name, one_of(*words), default), []
    keys = reader.entries(name, most=MOST_PEOPLE)
    for place, key in enumerate(keys):
        if not isinstance(key, str) or not key.strip():
            reader.note(f"{name}[{place}]", _("this must be a number or an e-mail, as a text"))
    return "listed", [key for key in keys if isinstance(key, str)]


def _preferred(reader: Reader, first: date | None, last: date | None) -> list[tuple[str, list[str]]]:
    wishes = []
    for each in reader.items("preferred", most=MOST_PEOPLE):
        each.only("executive", "dates")
        wishes.append((each.read("executive", text(320)), _days(each, "dates", first, last)))
    return wishes


def _questionnaires(reader: Reader) -> list[str]:
    """Short names of questionnaires, once each, by name."""
    if not reader.has("questionnaires"):
        return default_questionnaires()
    known = one_of(*(each.slug for each in offered()))
    found = {each.read("", known) for each in _values(reader, "questionnaires")}
    return sorted(slug for slug in found if slug)
