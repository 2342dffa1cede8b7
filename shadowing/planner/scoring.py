"""The terms of a pair's score and the costs of a plan, each a function of plain values.

A term lies between 0 and 1 before its weight; ``points`` makes it an integer in thousandths. Everything else in the
planner reads scores from here, so a term changes in one place.
"""

from datetime import date

from shadowing.planner.problem import Executive, Host, Weights

SCALE = 1000  # thousandths in a point
LEFT_OUT = 100 * SCALE  # what leaving an executive out costs
FULL_TENURE = 60  # months; more does not count

# What moving a standing visit costs: its two people are asked again. A confirmed one dearest, so that no gain in score
# (at most a few points) is worth one; never as much as leaving somebody out, or nobody would make room.
ASK_CONFIRMED = 10 * SCALE  # a person who had said yes
ASK_INVITED = 5 * SCALE  # a person who was told and had not answered
ASK_PROPOSED = SCALE // 4  # a person who knows nothing yet: only the coordinator must look again

Unit = tuple[str, ...]


def points(value: float, weight: float) -> int:
    """``value`` (0 to 1) under ``weight`` in thousandths, halves rounded up."""
    return int(value * weight * SCALE + 0.5)


def whole_months(since: date, until: date) -> int:
    """Complete months between two dates; negative when ``since`` lies in the future."""
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


def tenure(hired_on: date | None, starts_on: date) -> float:
    """0 to 1: whole months since the host was hired at the season's start, full at 60; 0 when not known."""
    if hired_on is None:
        return 0.0
    return min(max(whole_months(hired_on, starts_on), 0), FULL_TENURE) / FULL_TENURE


def unit_distance(one: Unit | None, other: Unit | None) -> int:
    """Edges between two units over their common ancestor; 0 for the same unit or when one is not known."""
    if one is None or other is None:
        return 0
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return len(one) + len(other) - 2 * shared


def other_unit(distance: int, furthest: int) -> float:
    """0 to 1: how far apart the two units are, against the furthest two of the season."""
    return distance / furthest if furthest else 0.0


def home_site(home: str | None, site: str) -> float:
    """1 at the executive's own site, a half when they have none, 0 elsewhere."""
    if home is None:
        return 0.5
    return 1.0 if home == site else 0.0


def load(number: int, weights: Weights) -> int:
    """What a host's visit number ``number`` (from 1) costs in thousandths: nothing, a quarter, a half and so on."""
    return points((number - 1) / 4, weights.fair_load)


def asking_again(price: int, *, new_host: bool) -> int:
    """The price of a visit's move: of its two people on another day, of a third when its host changes as well."""
    return price * 3 // 2 if new_host else price


def terms(executive: Executive, host: Host, *, starts_on: date, furthest: int, weights: Weights) -> dict[str, int]:
    """The pair's terms in thousandths by the name of their weight; their sum is the pair's score."""
    distance = unit_distance(executive.unit, host.unit)
    return {
        "tenure": points(tenure(host.hired_on, starts_on), weights.tenure),
        "other_unit_distance": points(other_unit(distance, furthest), weights.other_unit_distance),
        "home_site": points(home_site(executive.home_site, host.site), weights.home_site),
    }
