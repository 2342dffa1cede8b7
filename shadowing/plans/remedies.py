"""What would place somebody who is left out: the remedies a plan found, in words and as things to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shadowing.models import Plan, PlanLeftOut
from shadowing.plans.load import HostRow
from shadowing.plans.words import Words, joined, short

ASKS = frozenset({"own_days", "host_busy", "no_open_days"})  # reasons that other days of the executive would lift


@dataclass(frozen=True)
class Names:
    """Names behind the planner's keys: sites by short name, people and teams by id as text."""

    sites: Mapping[str, str]
    people: Mapping[str, str]
    teams: Mapping[str, str]


@dataclass(frozen=True)
class Way:
    """Something to do for one executive: ``do`` is try (a what-if solve), ask (a message) or look (a page)."""

    do: str
    words: str
    url: str
    number: int = 0


TRY: Mapping[str, str | Promise] = {
    "host_visits": gettext_lazy("Try one more visit by %(host)s"),
    "host_days": gettext_lazy("Try %(host)s on %(day)s"),
    "own_days": gettext_lazy("Try %(day)s for them"),
    "rest": gettext_lazy("Try %(days)s days between visits"),
    "cover": gettext_lazy("Try one more of %(team)s away on %(day)s"),
    "pair_rule": gettext_lazy("Try allowing %(host)s"),
    "met": gettext_lazy("Try %(host)s, whom they met"),
    "language": gettext_lazy("Try %(host)s without a shared language"),
    "unit": gettext_lazy("Try waiving “other unit” for %(host)s"),
    "tenure": gettext_lazy("Try %(host)s despite %(months)s months"),
}
NEAREST: Mapping[str, str | Promise] = {
    "host_visits": gettext_lazy("one more visit by %(host)s"),
    "host_days": gettext_lazy("%(host)s free on %(day)s"),
    "own_days": gettext_lazy("%(executive)s free on %(day)s"),
    "rest": gettext_lazy("%(days)s days between two visits instead of %(rule)s"),
    "cover": gettext_lazy("one more host of %(team)s away on %(day)s"),
    "pair_rule": gettext_lazy("the pair with %(host)s allowed again"),
    "met": gettext_lazy("meeting %(host)s again"),
    "language": gettext_lazy("a shared language with %(host)s"),
    "unit": gettext_lazy("%(host)s, of the same unit"),
    "tenure": gettext_lazy("%(host)s, with %(months)s months of the %(rule)s asked for"),
}


def names_of(hosts: Sequence[HostRow], sites: Mapping[str, str]) -> Names:
    """The names behind the keys of remedies, from the season's hosts."""
    people = {str(row.host): row.name for row in hosts}
    return Names(sites, people, {str(row.team): row.team_name for row in hosts})


def remedies_of(row: PlanLeftOut) -> list[dict[str, Any]]:
    """The remedies the planner found, the easiest first; none in plans made before there were any."""
    found: list[dict[str, Any]] = row.detail.get("remedies", [])
    return found


def nearest(one: Words, names: Names) -> str:
    """ "Nearest remedy: one more place at Leeds on 4 March"; empty when none was found."""
    first = next(iter(remedies_of(one.row)), None)
    if first is None:
        return ""
    words = joined([change_words(NEAREST, change, one.row, names) for change in first["changes"]])
    return _("Nearest remedy: %(what)s.") % {"what": words}


def change_words(table: Mapping[str, str | Promise], change: Mapping[str, Any], row: PlanLeftOut, names: Names) -> str:
    """One change in the words of a table."""
    if change["kind"] == "places":
        return more_places(change, names, trying=table is TRY)
    parts = {
        "host": names.people.get(str(change.get("host")), _("a host")),
        "team": names.teams.get(str(change.get("team")), _("their team")),
        "executive": row.executive.user.name,
        "day": short(date.fromisoformat(change["date"])) if change.get("date") else "",
        "days": change.get("days", ""), "months": change.get("months", ""), "rule": change.get("rule", ""),
    }  # fmt: skip
    return str(table[change["kind"]]) % parts if change["kind"] in table else ""


def more_places(change: Mapping[str, Any], names: Names, *, trying: bool) -> str:
    """ "one more place at Leeds on 4 Mar", as a button or inside a sentence."""
    number = int(change.get("more", 1))
    told = ngettext("one more place at %(site)s on %(day)s", "%(number)d more places at %(site)s on %(day)s", number)
    tried = ngettext(
        "Try one more place at %(site)s on %(day)s", "Try %(number)d more places at %(site)s on %(day)s", number
    )
    where = {"site": names.sites.get(change["site"], change["site"]), "day": short(date.fromisoformat(change["date"]))}
    return (tried if trying else told) % (where | {"number": number})


@dataclass(frozen=True)
class Waiting:
    """Somebody without a place: the reason in words, the nearest remedy, what can be done about it."""

    words: Words
    nearest: str
    ways: Sequence[Way]


def waiting(found: Sequence[Words], plan: Plan, slug: str, names: Names, *, full: bool) -> list[Waiting]:
    """Everybody left out, in order. Hosts are named and buttons are there only with ``full``: for those who coordinate all
    the season's sites."""
    names = names if full else Names(names.sites, {}, {})
    return [
        Waiting(one, nearest(one, names), ways_of(one, plan, slug, names) if full else ())
        for one in found
    ]  # fmt: skip


def ways_of(one: Words, plan: Plan, slug: str, names: Names) -> list[Way]:
    """What a coordinator can do for one executive: ask, look at a page, try each remedy."""
    row = one.row
    found: list[Way] = []
    kinds = {change["kind"] for remedy in remedies_of(row) for change in remedy["changes"]} | {row.reason}
    if kinds & ASKS:
        url = reverse("shadowing:plan_ask_days", args=[slug, plan.number, row.executive_id])
        found.append(Way("ask", _("Ask for other days"), url))
        days = reverse("shadowing:person_availability", args=[row.executive_id])
        found.append(Way("look", _("See their days"), days))
    if "language" in kinds:
        found.append(Way("look", _("Check their languages"), reverse("people:person", args=[row.executive_id])))
    if row.reason == "no_hosts":
        found.append(Way("look", _("Ask hosts"), reverse("shadowing:season_people", args=[slug])))
    if row.reason in ("no_open_days", "not_worth"):
        found.append(Way("look", one.way, reverse("shadowing:season_edit", args=[slug])))
    return [*found, *tries(row, plan, slug, names)]


def tries(row: PlanLeftOut, plan: Plan, slug: str, names: Names) -> list[Way]:
    """A what-if for each remedy."""
    url = reverse("shadowing:plan_try", args=[slug, plan.number, row.executive_id])
    found = []
    for number, remedy in enumerate(remedies_of(row)):
        changes: Sequence[Mapping[str, Any]] = remedy["changes"]
        if len(changes) == 1:
            words = change_words(TRY, changes[0], row, names)
        else:
            words = _("Try %(what)s") % {"what": joined([change_words(NEAREST, c, row, names) for c in changes])}
        found.append(Way("try", words, url, number))
    return found


def assume(plan: Plan, executive_id: int, number: str) -> dict[str, Any] | None:
    """The what-if of a plan's own assumptions and one remedy; None when there is no such remedy."""
    row = PlanLeftOut.objects.filter(plan=plan, executive=executive_id).first()
    found = remedies_of(row) if row else []
    if not number.isdecimal() or len(number) > 3 or int(number) >= len(found):
        return None
    changes = [*plan.what_if.get("changes", ()), *found[int(number)]["changes"]]
    return plan.what_if | {"changes": changes}
