"""The one question an issue's page asks its reader, above everything else: the next action is theirs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from issues import rules
from issues.hands import hands
from issues.models import CounterpartState, Issue
from issues.verbs import VERBS
from people.models import User


@dataclass(frozen=True)
class Ask:
    """``words`` are somebody's own, said by ``by``. ``verb`` is posted at once when ``post``, else it has a page of its
    own; ``data`` goes along. ``other`` is the second answer, with as much room as the first."""

    question: str
    hint: str
    verb: str
    button: str
    other: str
    other_button: str
    words: str = ""
    by: str = ""
    post: bool = True
    style: str = "btn-primary"
    icon: str = ""
    data: dict[str, str] = field(default_factory=dict)
    number: int = 0

    @property
    def url(self) -> str:
        return reverse(f"issues:{self.verb}", args=[self.number])

    @property
    def other_url(self) -> str:
        return reverse(f"issues:{self.other}", args=[self.number])


def ask(user: User, issue: Issue, can: Collection[str]) -> Ask | None:
    """What this person is asked about the issue now, given the verbs they ``can`` do; None when nothing."""
    makers = (_confirm, _check, _offer, _request, _handed_back, _withdrawal)
    return next((asked for maker in makers if (asked := maker(user, issue, can))), None)


def _confirm(user: User, issue: Issue, can: Collection[str]) -> Ask | None:
    if "confirm" not in can or not rules.is_host(user, issue):
        return None
    return Ask(
        _("Does it help on your floor?"), _("Only your answer closes this. Both are fine."), "confirm",
        _("Yes, it helps"), "not_yet", _("Not yet"), style="btn-host", icon="check", number=issue.pk,
    )  # fmt: skip


def _check(user: User, issue: Issue, can: Collection[str]) -> Ask | None:
    if "check" not in can or rules.is_coordinator(user, issue):
        return None
    hint = _("You said that it helps. Both answers are fine.")
    if not rules.is_host(user, issue):
        hint = _("The colleague it was promised to has left, so your team is asked. Both answers are fine.")
    return Ask(
        _("Does it still hold on your floor?"), hint, "check", _("Yes, it still holds"), "check", _("No, not any more"),
        style="btn-host", icon="check", data={"holds": "yes"}, number=issue.pk,
    )  # fmt: skip


def _offer(user: User, issue: Issue, can: Collection[str]) -> Ask | None:
    offer = hands(issue).offer
    if "accept_handover" not in can or offer is None:
        return None
    words = VERBS["accept_handover"].words(issue)
    return Ask(
        _("Make this issue yours?"), words["follows"], "accept_handover", words["button"], "decline_handover",
        _("Decline"), words=offer.reason, by=_("%(name)s offers it to you") % {"name": issue.owner.user.name},
        number=issue.pk,
    )  # fmt: skip


def _request(user: User, issue: Issue, can: Collection[str]) -> Ask | None:
    asked = hands(issue).asked(user, CounterpartState.ASKED)
    if "accept_counterpart" not in can or asked is None:
        return None
    words = VERBS["accept_counterpart"].words(issue)
    by = _("%(name)s asks you") if asked.person_id == user.pk else _("%(name)s asks %(whom)s")
    return Ask(
        _("Work on this too?"), words["follows"], "accept_counterpart", _("Accept"), "decline_counterpart", _("Decline"),
        words=asked.request, by=by % {"name": issue.owner.user.name, "whom": asked.person.name}, number=issue.pk,
    )  # fmt: skip


def _handed_back(user: User, issue: Issue, can: Collection[str]) -> Ask | None:
    if "transfer" not in can:
        return None
    back, name = hands(issue).handed_back, {"name": issue.owner.user.name}
    return Ask(
        _("Who is to own it now?"), _("The new owner is told at once, and can hand it back within five working days."),
        "transfer", _("Give it a new owner"), "withdraw", _("Withdraw it"), words=back.answer if back else "",
        by=_("%(name)s handed it back") % name if back else _("%(name)s has left") % name, post=False, number=issue.pk,
    )  # fmt: skip


def _withdrawal(user: User, issue: Issue, can: Collection[str]) -> Ask | None:
    if "refuse_withdrawal" not in can:
        return None
    return Ask(
        _("Withdraw it?"), _("It counts as not solved then. Until you answer its clocks run."), "withdraw",
        _("Withdraw it"), "refuse_withdrawal", _("Let it go on"), words=issue.withdrawal_reason,
        by=_("%(name)s asks for it") % {"name": issue.owner.user.name}, post=False, number=issue.pk,
    )  # fmt: skip
