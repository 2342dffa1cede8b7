"""The hard rules between two people, each one function: True allows, False excludes, None means the data is not known.

What is not known excludes nobody; plans count how many of their pairs relied on it.
"""

from collections.abc import Callable

from shadowing.planner.problem import Executive, Host, Rules
from shadowing.planner.scoring import whole_months

Verdict = bool | None


def long_enough_here(host: Host, rules: Rules) -> Verdict:
    """The host has the months of tenure the season asks for, at its start."""
    if not rules.host_min_tenure_months:
        return True
    if host.hired_on is None:
        return None
    return whole_months(host.hired_on, rules.starts_on) >= rules.host_min_tenure_months


def other_unit(executive: Executive, host: Host, rules: Rules) -> Verdict:
    """The two belong to different business units."""
    if not rules.other_business_unit:
        return True
    if executive.unit is None or host.unit is None:
        return None
    return executive.unit != host.unit


def shared_language(executive: Executive, host: Host, rules: Rules) -> Verdict:
    """The two have a language in common."""
    if not rules.shared_language:
        return True
    if not executive.languages or not host.languages:
        return None
    return not executive.languages.isdisjoint(host.languages)


def not_met(executive: Executive, host: Host) -> bool:
    """The two have not met in the seasons that count."""
    return host.key not in executive.met


def two_people(executive: Executive, host: Host) -> bool:
    """Nobody visits themselves."""
    return executive.key != host.key


UNKNOWN_COUNTED: dict[str, Callable[[Executive, Host, Rules], Verdict]] = {
    "tenure": lambda executive, host, rules: long_enough_here(host, rules),
    "unit": other_unit,
    "language": shared_language,
}


def relied_on_unknown(pairs: list[tuple[Executive, Host]], rules: Rules) -> dict[str, int]:
    """How many of the pairs stand although a rule's data was not known, by rule."""
    return {
        name: sum(rule(executive, host, rules) is None for executive, host in pairs)
        for name, rule in UNKNOWN_COUNTED.items()
    }
