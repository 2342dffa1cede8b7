"""Who carries an issue besides its owner: offers, transfers and counterparts, read once for an issue in hand."""

from __future__ import annotations

from dataclasses import dataclass

from issues.models import LIVE_COUNTERPART, Counterpart, CounterpartState, Handover, HandoverState, Issue
from people.models import User

MOVED = (HandoverState.ACCEPTED, HandoverState.HANDED_BACK)  # the issue changed hands by it


@dataclass(frozen=True)
class Hands:
    """Handovers newest first, counterparts oldest first, both in whatever state."""

    handovers: tuple[Handover, ...]
    counterparts: tuple[Counterpart, ...]

    @property
    def last_offer(self) -> Handover | None:
        """The newest offer, open or not: who it was made to may still hear what became of it."""
        return next((one for one in self.handovers if not one.transfer), None)

    @property
    def offer(self) -> Handover | None:
        """The open offer; there is one at most."""
        return next((one for one in self.handovers if one.state == HandoverState.OFFERED), None)

    @property
    def transfer(self) -> Handover | None:
        """The coordinator's transfer that made the present owner the owner, if it was one."""
        newest = next((one for one in self.handovers if one.state in MOVED), None)
        return newest if newest and newest.transfer else None

    @property
    def handed_back(self) -> Handover | None:
        """The transfer the owner has handed back: a coordinator has to find another."""
        moved = self.transfer
        return moved if moved and moved.state == HandoverState.HANDED_BACK else None

    @property
    def live(self) -> list[Counterpart]:
        """Those who are asked or work on it too."""
        return [one for one in self.counterparts if one.state in LIVE_COUNTERPART]

    def asked(self, user: User, *states: CounterpartState) -> Counterpart | None:
        """The newest request to this person, or to an executive they act for, in one of ``states`` (none: in any)."""
        rows = [one for one in reversed(self.counterparts) if not states or one.state in states]
        own = (one for one in rows if one.person_id == user.pk)
        others = (one for one in rows if acts_for(user, one.person))
        return next(own, None) or next(others, None)


def acts_for(user: User, person: User) -> bool:
    """The assistant, or who stands in: may do for this person all but hand over. Only executives have somebody."""
    return person.is_executive and (person.executive.assistant_id == user.pk or person.pk in user.acting_for)


def hands(issue: Issue) -> Hands:
    """Two queries the first time (none for what ``for_page`` says there is not), then remembered with this instance. A
    locked issue is a new instance."""
    if "_hands" not in vars(issue):
        known = vars(issue)
        known["_hands"] = Hands(
            _handovers(issue) if known.get("has_handovers", True) else (),
            _counterparts(issue) if known.get("has_counterparts", True) else (),
        )
    found: Hands = vars(issue)["_hands"]
    return found


def _handovers(issue: Issue) -> tuple[Handover, ...]:
    people = ("to_owner__user", "from_owner__user", "offered_by")
    return tuple(issue.handovers.select_related(*people).order_by("-offered_at", "-pk"))


def _counterparts(issue: Issue) -> tuple[Counterpart, ...]:
    return tuple(issue.counterparts.select_related("person__executive", "unit").order_by("asked_at", "pk"))


def forget(issue: Issue) -> None:
    """Read them anew next time: something about them was written."""
    vars(issue).pop("_hands", None)
