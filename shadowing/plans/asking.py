"""Asking an executive without a place for other days, with the days on which places are left."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from notifications import outbox
from people.errors import Conflict, Refused
from people.models import User
from shadowing.models import Plan, PlanLeftOut, Visit
from shadowing.seasons import rights


@transaction.atomic
def ask_other_days(*, plan: Plan, executive_id: int, by: User, now: datetime) -> int:
    """Send the executive and their assistant the days that would place them; once a day. How many are told:
    0 where nobody has an address, or they were asked today.

    Raises NotAllowed (somebody must coordinate all the season's sites), Refused (published, or not left out by this
    plan) or Conflict (they have a visit by now).
    """
    rights.require_change(by, plan.season)
    if plan.season.is_published:
        raise Refused(_("This season is published: use the waiting list."))
    rows = PlanLeftOut.objects.select_related("executive__user", "executive__assistant")
    row = rows.filter(plan=plan, executive=executive_id).first()
    if row is None:
        raise Refused(_("This plan leaves nobody of that name out."))
    if Visit.objects.live().filter(season=plan.season, executive=executive_id).exists():
        raise Conflict(_("%(name)s has a visit by now. Nobody was asked.") % {"name": row.executive})
    executive, told = row.executive, 0
    subject = f"season:{plan.season_id}"
    for user, behalf in ((executive.user, None), (executive.assistant, executive.user)):
        if user is not None and user.is_active:
            message = outbox.tell(
                kind="shadowing.other_days", recipient=user, subject=subject, anchor=now.date(), step=plan.number,
                on_behalf_of=behalf, site_id=executive.home_site_id, now=now,
            )  # fmt: skip
            told += message is not None
    return told
