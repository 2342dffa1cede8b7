"""A reason's code and data in words: what stands in the way, in detail, and what would place them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shadowing.models import PlanLeftOut

SHOWN = 5  # days named before "and 3 more"


@dataclass(frozen=True)
class Words:
    """A reason ready to show."""

    row: PlanLeftOut
    title: str
    detail: str
    way: str


TITLES: Mapping[str, str | Promise] = {
    "own_days": gettext_lazy("No day fits"),
    "places": gettext_lazy("Every place is taken"),
    "host_visits": gettext_lazy("Hosts have all their visits"),
    "host_busy": gettext_lazy("Hosts have another visit"),
    "rest": gettext_lazy("Hosts need their rest days"),
    "cover": gettext_lazy("Teams are short"),
    "host_days": gettext_lazy("Hosts are away"),
    "pair_rule": gettext_lazy("Pairs are ruled out"),
    "met": gettext_lazy("Every host has met them"),
    "language": gettext_lazy("No shared language"),
    "unit": gettext_lazy("Only their own unit is left"),
    "tenure": gettext_lazy("Hosts are too new"),
    "no_hosts": gettext_lazy("No host to visit"),
    "no_open_days": gettext_lazy("No visit day"),
    "several": gettext_lazy("More than one reason"),
    "not_worth": gettext_lazy("Costs more than it brings"),
}
WAYS: Mapping[str, str | Promise] = {
    "own_days": gettext_lazy("Ask for other days"),
    "places": gettext_lazy("One more place on such a day"),
    "host_visits": gettext_lazy("One more visit by such a host"),
    "host_busy": gettext_lazy("Ask for other days"),
    "rest": gettext_lazy("Fewer days between two visits"),
    "cover": gettext_lazy("One more host of a team away at once"),
    "host_days": gettext_lazy("Ask such a host for other days"),
    "pair_rule": gettext_lazy("Allow such a pair again"),
    "met": gettext_lazy("Allow a pair that has met"),
    "language": gettext_lazy("Check their languages"),
    "unit": gettext_lazy("Allow their own unit"),
    "tenure": gettext_lazy("Ask for fewer months of tenure"),
    "no_hosts": gettext_lazy("Ask hosts"),
    "no_open_days": gettext_lazy("Open days"),
    "not_worth": gettext_lazy("Weigh fair load less"),
}


def words_of(row: PlanLeftOut, sites: Mapping[str, str]) -> Words:
    """The reason in words; ``sites`` maps short names to names."""
    title = str(TITLES.get(row.reason, row.reason))
    detail = DETAILS.get(row.reason, _nothing)(row.detail, sites)
    return Words(row, title, detail, str(WAYS.get(row.reason, "")))


LEFT_OUT_COLUMNS = ("position", "executive", "executive_number", "executive_unit", "reason", "detail", "way")


def left_out_rows(found: Iterable[Words]) -> Iterator[tuple[Any, ...]]:
    """The rows of an export, in the order of the waiting list."""
    for one in found:
        executive = one.row.executive
        unit = executive.business_unit.path if executive.business_unit else None
        who = (one.row.position, executive.user.name, executive.user.employee_number, unit)
        yield (*who, one.title, one.detail, one.way)


def joined(parts: Sequence[str]) -> str:
    """A list as in a sentence: one, two and three."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(some)s and %(last)s") % {"some": ", ".join(parts[:-1]), "last": parts[-1]}


def days_in_words(days: Sequence[str], number: int | None = None) -> str:
    """ISO dates as "4 Mar, 5 Mar and 3 more"; ``number`` of them there are in all."""
    number = number or len(days)
    names = [short(date.fromisoformat(day)) for day in days[:SHOWN]]
    if (more := number - len(names)) > 0:
        names.append(ngettext("%(number)d more", "%(number)d more", more) % {"number": more})
    return joined(names)


def short(day: date) -> str:
    return formats.date_format(day, "j M").replace(" ", "\N{NO-BREAK SPACE}")


def _nothing(data: Mapping[str, Any], sites: Mapping[str, str]) -> str:
    return ""


def _hosts(data: Mapping[str, Any]) -> str:
    """How many hosts it is about."""
    number = data.get("hosts", 0)
    return ngettext("One host", "%(number)d hosts", number) % {"number": number}


def _own_days(data: Mapping[str, Any], sites: Mapping[str, str]) -> str:
    open_days = _("Places are left on %(days)s.") % {"days": days_in_words(data.get("days", ()), data.get("open"))}
    if not data.get("free", 0):
        return " ".join([_("Not free on any visit day."), open_days])
    free = _("Free on %(days)s.") % {"days": days_in_words(data.get("free_days", ()), data.get("free", 0))}
    return f"{free} {open_days}"


def _places(data: Mapping[str, Any], sites: Mapping[str, str]) -> str:
    slugs = data.get("sites", ())
    full, free = data.get("open", 0), data.get("free", 0)
    days = days_in_words(data.get("days", ()), full)
    if full >= free and free > SHOWN:
        words = ngettext(
            "%(sites)s has no place left on any of the %(free)d days they can.",
            "%(sites)s have no place left on any of the %(free)d days they can.", len(slugs),
        )  # fmt: skip
    elif full >= free:
        words = ngettext(
            "%(sites)s has no place left on any day they can: %(days)s.",
            "%(sites)s have no place left on any day they can: %(days)s.", len(slugs),
        )  # fmt: skip
    else:
        words = ngettext(
            "%(sites)s would fit but is full on %(full)d of the %(free)d days they can: %(days)s.",
            "%(sites)s would fit but are full on %(full)d of the %(free)d days they can: %(days)s.", len(slugs),
        )  # fmt: skip
    return words % {
        "sites": joined([sites.get(slug, slug) for slug in slugs]),
        "days": days,
        "full": full,
        "free": free,
    }


def _about_hosts(words: str | Promise) -> Callable[[Mapping[str, Any], Mapping[str, str]], str]:
    def detail(data: Mapping[str, Any], sites: Mapping[str, str]) -> str:
        return str(words) % {"hosts": _hosts(data), "days": days_in_words(data.get("days", ()), data.get("open"))}

    return detail


def _several(data: Mapping[str, Any], sites: Mapping[str, str]) -> str:
    if data.get("remedies"):
        return _("It would take more than one change.")
    names = [str(TITLES.get(rule, rule)) for rule in data.get("rules", ())]
    return _("It would take more than one change. Nearest: %(reasons)s.") % {"reasons": joined(names).lower()}


DETAILS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str]], str]] = {
    "own_days": _own_days,
    "places": _places,
    "several": _several,
    "host_visits": _about_hosts(gettext_lazy("Would fit but for their visits this season: %(hosts)s.")),
    "host_busy": _about_hosts(gettext_lazy("Would fit on %(days)s but for another visit: %(hosts)s.")),
    "rest": _about_hosts(gettext_lazy("Would fit on %(days)s but for the rest after another visit: %(hosts)s.")),
    "cover": _about_hosts(gettext_lazy("Would fit on %(days)s if their team could miss one more: %(hosts)s.")),
    "host_days": _about_hosts(gettext_lazy("Would fit on %(days)s but are away: %(hosts)s.")),
    "pair_rule": _about_hosts(gettext_lazy("Would fit if they were not ruled out for this season: %(hosts)s.")),
    "met": _about_hosts(gettext_lazy("Would fit, but the two have met in the seasons that count: %(hosts)s.")),
    "language": _about_hosts(gettext_lazy("Would fit, but share no language with them: %(hosts)s.")),
    "unit": _about_hosts(gettext_lazy("Would fit, but belong to the same business unit: %(hosts)s.")),
    "tenure": _about_hosts(gettext_lazy("Would fit, but have been here too short: %(hosts)s.")),
    "no_hosts": _about_hosts(gettext_lazy("No host takes part who could be visited.")),
    "no_open_days": _about_hosts(gettext_lazy("No site of the season has a visit day.")),
    "not_worth": _about_hosts(gettext_lazy("The load on a host would cost more than leaving them out.")),
}
