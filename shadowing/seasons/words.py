"""A season in sentences: what its review page and its own page say was set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import dateformat
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shadowing.agenda import WORDS as PARTS
from shadowing.models import ExecutivesFrom, HostsFrom, Season
from shadowing.seasons.day_plan import clock, minute_of
from shadowing.seasons.effect_words import figure
from shadowing.seasons.questionnaires import offered
from shadowing.seasons.reminder_words import kinds, told

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Places:
    """A site's part: its name, places a day, number of visit days."""

    site: str
    a_day: int
    days: int

    @property
    def places(self) -> int:
        return self.a_day * self.days


def day_words(day: date) -> str:
    """ "Monday 1 March 2027", its date kept together."""
    return dateformat.format(day, f"l j{NBSP}F{NBSP}Y")


def window(season: Season) -> list[str]:
    """When the season runs."""
    names = {"season": season.name, "program": season.program.name}
    first, last = day_words(season.starts_on), day_words(season.ends_on)
    if first == last:
        return [_("%(season)s of %(program)s is one day, %(day)s.") % (names | {"day": first})]
    return [_("%(season)s of %(program)s runs from %(first)s to %(last)s.") % (names | {"first": first, "last": last})]


def sites(places: Sequence[Places]) -> list[str]:
    """What each site takes, and all together."""
    total = sum(place.places for place in places)
    words = ngettext("%(number)s place in all.", "%(number)s places in all.", total)
    return [*(_site(place) for place in places), *([words % {"number": figure(total)}] if len(places) > 1 else [])]


def too_few(places: Sequence[Places], executives: int) -> list[str]:
    """Why the places are not enough; nothing where they are."""
    total = sum(place.places for place in places)
    if not places:
        return [_("No site is chosen yet.")]
    if total >= executives:
        return []
    words = _("%(places)s places for %(executives)s executives: %(missing)s too few.")
    numbers = {"places": total, "executives": executives, "missing": executives - total}
    return [words % {name: figure(number) for name, number in numbers.items()}]


def _site(place: Places) -> str:
    a_day = ngettext("%(number)d visit a day", "%(number)d visits a day", place.a_day) % {"number": place.a_day}
    days = ngettext("on %(number)d day", "on %(number)d days", place.days) % {"number": place.days}
    return _("%(site)s takes %(a_day)s %(days)s.") % {"site": place.site, "a_day": a_day, "days": days}


def rules(season: Season) -> list[str]:
    """Who takes part, and what pairs must keep."""
    return [*_people(season), *_pairs(season), _rest(season)]


def _people(season: Season) -> list[str]:
    everybody = season.executives_from == ExecutivesFrom.ALL
    hosts = {
        HostsFrom.ALL: _("Hosts of its sites are planned with, also before they are asked."),
        HostsFrom.WILLING: _("Hosts of its sites who say yes are planned with."),
        HostsFrom.LISTED: _("Only the hosts named take part."),
    }
    named = _("All executives take part.") if everybody else _("Only the executives named take part.")
    return [named, str(hosts[HostsFrom(season.hosts_from)])]


def _pairs(season: Season) -> list[str]:
    found = []
    if months := season.host_min_tenure_months:
        words = ngettext(
            "A host has been here for at least %(months)d month.",
            "A host has been here for at least %(months)d months.",
            months,
        )
        found.append(words % {"months": months})
    if season.other_business_unit:
        found.append(_("The two come from different business units."))
    if season.shared_language:
        found.append(_("The two share a language."))
    if back := season.no_repeat_seasons:
        words = ngettext(
            "They did not meet in the last season.", "They did not meet in the last %(number)d seasons.", back
        )
        found.append(words % {"number": back})
    return found or [_("Any executive may meet any host.")]


def _rest(season: Season) -> str:
    days = season.days_between_host_visits
    if days <= 1:
        return _("A host can take visits on days in a row.")
    return _("Two visits of one host are at least %(days)d days apart.") % {"days": days}


def agenda(season: Season) -> list[str]:
    """The day, and the days to answer and to move."""
    parts = [f"{part['starts']} {str(PARTS.get(part['kind'], part['kind'])).lower()}" for part in season.agenda]
    last = max((minute_of(part["starts"]) + part["minutes"] for part in season.agenda), default=0)
    day = _("The day: %(parts)s, until %(end)s.") % {"parts": ", ".join(parts), "end": clock(last)}
    answer = ngettext(
        "Invitations are answered within %(days)d working day.",
        "Invitations are answered within %(days)d working days.",
        season.answer_by_days,
    ) % {"days": season.answer_by_days}
    notice = ngettext(
        "Executives may move their own visit until %(days)d working day before.",
        "Executives may move their own visit until %(days)d working days before.",
        season.notice_days,
    ) % {"days": season.notice_days}
    return [day, answer, notice]


def reminders(season: Season) -> list[str]:
    """Each kind of reminder with its days, then the questionnaires."""
    found = [f"{kind.label}: {told(kind, season.policy(kind.name))}." for kind in kinds()]
    names = [str(each.name) for each in offered() if each.slug in season.questionnaires]
    asked = _("Questionnaires: %(names)s.") % {"names": get_text_list(names, _("and"))}
    return [*found, asked if names else _("No questionnaire is asked.")]
