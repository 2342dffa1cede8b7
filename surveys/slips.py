"""Printed slips: a QR code for a phone of one's own, and a PIN for the shared terminal.

A PIN is kept as a keyed hash only and shown once, on paper. Whether it was used is the invitation's word, so a slip knows
neither that nor when. Nothing here tells who has answered: everybody chosen gets a slip.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from notifications.links import draft_link
from notifications.models import Link
from people.errors import Conflict, NotAllowed, Refused
from people.models import Site, User
from people.qr import qr
from surveys.models import Audience, Invitation, Round, RoundState, Slip
from surveys.rounds.planning import LONGEST
from surveys.rounds.rights import may_manage, record

ANSWER = "surveys.answer"  # the purpose of links that lead to a survey
DIGITS = 9
MOST = 500  # slips of one print
ON_PAPER = (Audience.VISIT_HOSTS, Audience.FRONT_LINE)


@dataclass(frozen=True)
class Printed:
    """What one slip shows. Neither PIN nor address can be read anywhere again."""

    user: User
    pin: str
    code: SafeString


def may_print(survey_round: Round, site_id: int, user: User) -> bool:
    """Slips are printed by whoever sets the round up, and by coordinators of the site for its hosts."""
    return user.coordinates(site_id) or may_manage(survey_round, user)


def none_now(survey_round: Round) -> str:
    """Why no slips are made for this survey now, in words for whoever asks; empty while they are."""
    if survey_round.audience not in ON_PAPER:
        return _("Slips are for hosts. Executives are asked by message.")
    if survey_round.state == RoundState.DRAFT:
        return _("This survey is not open yet. Slips can be made once it is.")
    if survey_round.state == RoundState.CLOSED:
        return _("This survey is closed. No new slips are made, and those handed out open nothing any more.")
    return ""


def people_of(survey_round: Round, site: Site) -> list[User]:
    """The hosts of a site whose invitation stands, by name; who has an address comes last. Says nothing about answers."""
    invited = User.objects.filter(is_active=True, host__team__site=site)
    invited = invited.filter(pk__in=survey_round.invitations.standing().values("user_id"))
    return sorted(invited.order_by("name_key", "pk").select_related("host__team"), key=lambda user: bool(user.address))


@transaction.atomic
def print_slips(*, round_id: int, site: Site, users: Iterable[int], by: User, now: datetime) -> list[Printed]:
    """New slips for these people of a site; what was printed for them before opens nothing any more.

    Raises Conflict with ``none_now`` while there are to be none, Refused for nobody or too many, NotAllowed."""
    survey_round = Round.objects.select_for_update(of=("self",)).select_related("season", "version").get(pk=round_id)
    if not may_print(survey_round, site.pk, by):
        raise NotAllowed("Only a coordinator of the site prints its slips.")
    if why := none_now(survey_round):
        raise Conflict(why)
    wanted = set(users)
    chosen = [user for user in people_of(survey_round, site) if user.pk in wanted]
    if not chosen or len(chosen) > MOST:
        raise Refused(_("Choose at least one person, and at most %(most)d at a time.") % {"most": MOST})
    _take_back(survey_round, [user.pk for user in chosen])
    record(survey_round, "slips", by=by, now=now, site=site.pk, slips=len(chosen))
    return _make(survey_round, chosen, now=now)


def _take_back(survey_round: Round, users: Sequence[int]) -> None:
    """Earlier slips of these people, with the links of their QR codes (those sent in messages stay)."""
    Slip.objects.filter(round=survey_round, user__in=users).delete()
    printed = Link.objects.filter(message__isnull=True, private=False, purpose=ANSWER)
    printed.filter(subject=f"round:{survey_round.pk}", user__in=users).delete()


def _make(survey_round: Round, users: Sequence[User], *, now: datetime) -> list[Printed]:
    until = survey_round.opens_on + LONGEST  # the last day may move; the round itself decides
    slips, links, printed = [], [], []
    for user, pin in zip(users, _new_pins(len(users)), strict=True):
        hashed = pin_hash(pin)
        dates = {"printed_on": now.date(), "expires_on": until}
        slips.append(Slip(round=survey_round, user=user, pin_hash=hashed, **dates))
        link, address = draft_link(
            purpose=ANSWER, subject=f"round:{survey_round.pk}", user=user, now=now, days=(until - now.date()).days,
            on_behalf_of=None, message=None,
        )  # fmt: skip
        link.private = False  # paper passes through other hands
        links.append(link)
        printed.append(Printed(user, spaced(pin), qr(address, _("QR code that opens the survey"))))
    Slip.objects.bulk_create(slips)
    Link.objects.bulk_create(links)
    return printed


def _new_pins(count: int) -> list[str]:
    """That many different PINs nobody has."""
    pins: dict[str, None] = {}
    while len(pins) < count:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not Slip.objects.filter(pin_hash=pin_hash(pin)).exists():
            pins[pin] = None
    return list(pins)


def pin_hash(pin: str) -> str:
    """Keyed with the installation's secret: without it a table of all PINs tells nothing."""
    return salted_hmac("surveys.slip", pin, algorithm="sha256").hexdigest()


def spaced(pin: str) -> str:
    """ "482 915 307": read and typed in threes."""
    return " ".join(pin[start : start + 3] for start in range(0, len(pin), 3))


def slip_of(pin: str, *, today: date) -> Slip | None:
    """The slip that this PIN opens now, else None: unknown, replaced, expired, closed, used, not asked look the same."""
    hashed = pin_hash("".join(letter for letter in pin if letter.isdigit()))
    slip = Slip.objects.filter(pin_hash=hashed).first()
    still = usable(slip.pk if slip else uuid.uuid4(), today=today)  # the same work for a wrong PIN
    return slip if slip and constant_time_compare(slip.pin_hash, hashed) and still else None


def usable(slip_id: uuid.UUID, *, today: date) -> Invitation | None:
    """The open invitation behind a slip, with what the survey’s page needs; None when there is none. Two queries."""
    related = ("user", "cell", "round__season", "round__version__questionnaire")
    invitations = Invitation.objects.standing().select_related(*related)
    behind = Slip.objects.filter(pk=slip_id, expires_on__gte=today).values_list("round_id", "user_id")
    found = behind.first() or (0, 0)
    open_still = Q(used=False, round__state=RoundState.OPEN, user__is_active=True)
    return invitations.filter(open_still, round=found[0], user=found[1]).first()
