"""What a season's rules leave, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shadowing.seasons.counting import Counted
from shadowing.seasons.effects import Effect


@dataclass(frozen=True)
class Line:
    """What stands under one rule: the effect, who is let through because data is missing, and whether that is a worry."""

    name: str
    text: str
    note: str = ""
    warns: bool = False


def lines(counted: Counted) -> dict[str, Line]:
    """A line for each rule by the name of its field, and one for all of them together."""
    effects = counted.effects
    found = [
        Line("host_min_tenure_months", _tenure(effects.tenure), _without(effects.tenure, _("a hire date"))),
        Line("other_business_unit", _pairs(effects.unit), _without(effects.unit, _("a business unit"))),
        Line("shared_language", _pairs(effects.language), _without(effects.language, _("a language"))),
        Line("no_repeat_seasons", _met(effects.met)),
        _rest(counted),
        _together(counted),
        _willing(counted),
    ]
    return {line.name: line for line in found}


def figure(number: int) -> str:
    """1300 as "1,300"."""
    return number_format(number, use_l10n=True, force_grouping=True)


def _tenure(effect: Effect) -> str:
    if not effect.on:
        return _("Off: all %(whole)s hosts may take part.") % {"whole": figure(effect.whole)}
    return _("Leaves %(left)s of %(whole)s hosts.") % _figures(effect)


def _pairs(effect: Effect) -> str:
    if not effect.on:
        return _("Off. It would leave %(left)s of %(whole)s pairs.") % _figures(effect)
    return _("Leaves %(left)s of %(whole)s pairs.") % _figures(effect)


def _met(effect: Effect) -> str:
    number = effect.whole - effect.left
    words = (
        ngettext("Rules out %(number)s pair.", "Rules out %(number)s pairs.", number)
        if effect.on
        else ngettext(
            "Off. For the last season it would rule out %(number)s pair.",
            "Off. For the last season it would rule out %(number)s pairs.",
            number,
        )
    )
    return words % {"number": figure(number)}


def _figures(effect: Effect) -> dict[str, str]:
    return {"left": figure(effect.left), "whole": figure(effect.whole)}


def _without(effect: Effect, what: str) -> str:
    """ "3 executives and 14 hosts without … are not excluded", only where the rule is on and there are any."""
    if not effect.on or not (effect.unknown_executives or effect.unknown_hosts):
        return ""
    parts = []
    if number := effect.unknown_executives:
        parts.append(ngettext("%(number)s executive", "%(number)s executives", number) % {"number": figure(number)})
    if number := effect.unknown_hosts:
        parts.append(ngettext("%(number)s host", "%(number)s hosts", number) % {"number": figure(number)})
    one = effect.unknown_executives + effect.unknown_hosts == 1
    words = _("%(who)s without %(what)s is not excluded.") if one else _("%(who)s without %(what)s are not excluded.")
    return words % {"who": _(" and ").join(parts), "what": what}


def _rest(counted: Counted) -> Line:
    """Visits the hosts can take, against the executives who want one."""
    visits, executives = counted.effects.visits, counted.executives
    words = {"visits": figure(visits), "executives": figure(executives)}
    text = ngettext(
        "Hosts can take %(visits)s visit in the window.", "Hosts can take %(visits)s visits in the window.", visits
    )
    short = visits < executives
    note = _("%(executives)s executives want one.") if short else ""
    return Line("days_between_host_visits", text % words, note % words if note else "", warns=short)


def _together(counted: Counted) -> Line:
    effects = counted.effects
    text = _("All rules together leave %(left)s of %(whole)s pairs.") % _figures(effects.together)
    alone = effects.without_host
    if not alone:
        return Line("together", text)
    words = ngettext(
        "%(number)s executive is left without a host.", "%(number)s executives are left without a host.", alone
    )
    return Line("together", text, words % {"number": figure(alone)}, warns=True)


def _willing(counted: Counted) -> Line:
    text = ngettext(
        "%(hosts)s host, %(yes)s said yes so far.", "%(hosts)s hosts, %(yes)s said yes so far.", counted.hosts
    )
    return Line("hosts", text % {"hosts": figure(counted.hosts), "yes": figure(counted.willing)})
