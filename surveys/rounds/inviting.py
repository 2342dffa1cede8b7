"""Invitations: everybody of a standing audience at the opening, visitors as their visits are held."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from surveys.models import BY_VISIT, Invitation, Round, RoundState
from surveys.rounds.audiences import standing_audience, visitors
from surveys.rounds.cells import cells_by_site


def invite_visitors() -> int:
    """Invite the person of every held visit of an open round's season who is not invited yet; returns how many.

    ``due_from`` is the day of their first held visit."""
    asking = Round.objects.filter(state=RoundState.OPEN, audience__in=BY_VISIT).select_related("season")
    return sum(_invite_visitors(survey_round) for survey_round in asking.order_by("pk"))


@transaction.atomic
def _invite_visitors(survey_round: Round) -> int:
    invited = set(survey_round.invitations.values_list("user_id", flat=True))
    new = {who: at for who, at in visitors(survey_round).items() if who not in invited}
    if not new:
        return 0
    cells = cells_by_site(survey_round, {site for site, _day in new.values()})
    return _store(survey_round, [(who, cells[site], day) for who, (site, day) in new.items()])


def invite_everybody(survey_round: Round, *, today: date) -> int:
    """Invite the whole standing audience of a round that opens. Who joins later was not there to be asked."""
    people = standing_audience(survey_round)
    cells = cells_by_site(survey_round, {site for _who, site in people if site is not None})
    if any(site is None for _who, site in people):
        cells |= {None: survey_round.cells.get(site=None).pk}  # type: ignore[dict-item]
    return _store(survey_round, [(who, cells[site], today) for who, site in people])  # type: ignore[index]


def _store(survey_round: Round, rows: list[tuple[int, int, date]]) -> int:
    invitations = [Invitation(round=survey_round, user_id=who, cell_id=cell, due_from=day) for who, cell, day in rows]
    return len(Invitation.objects.bulk_create(invitations, ignore_conflicts=True, batch_size=1000))
