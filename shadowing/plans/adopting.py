"""Using a plan: its pairs become proposed visits, in place of the proposed ones nobody locked.

Locks as shadowing.visits.record says: visit days, then visits, then people by ascending id.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.errors import Refused
from people.models import AuditEvent, User
from shadowing.models import (
    LIVE,
    Plan,
    PlanPair,
    PlanState,
    Season,
    SeasonHost,
    SeasonSite,
    Visit,
    VisitDay,
    VisitEvent,
    VisitState,
)
from shadowing.plans import what_if
from shadowing.plans.errors import NoLongerFits
from shadowing.plans.facts import is_kept
from shadowing.seasons import mark_planned, rights
from shadowing.visits import record

BATCH = 500
USABLE = (PlanState.PROVEN, PlanState.FEASIBLE)


@dataclass
class Change:
    """What using a plan does: visits to add, visits to turn into another pair or day (and whether to lock them), visits
    to take away."""

    new: list[Visit]
    turned: list[tuple[Visit, PlanPair, bool]]
    gone: list[Visit]


@transaction.atomic
def adopt_plan(*, plan_id: int, by: User | None, now: datetime) -> Plan:
    """Write a plan's pairs as proposed visits; nobody is told. An executive's proposed visit keeps its identity.

    Raises NotAllowed (somebody must coordinate all the season's sites; None is the operator of a command), Refused
    (not finished, published, or it assumes what the season does not say) or NoLongerFits (places the plan counts on are
    taken by now); then nothing changes.
    """
    plan = Plan.objects.select_for_update(of=("self",), no_key=True).select_related("season").get(pk=plan_id)
    season = plan.season
    rights.require_change(by, season)
    require_usable(plan)
    pairs = list(plan.pairs.order_by("date", "pk"))
    present = lock_everything(season, pairs)
    change = compare(plan, pairs, present)
    try:
        with transaction.atomic():
            write(plan, change, by=by, now=now)
    except IntegrityError as error:
        raise NoLongerFits(changed()) from error
    check_room(season, pairs)
    plan.adopted_at, plan.adopted_by = now, by
    plan.save(update_fields=["adopted_at", "adopted_by"])
    note(plan, change, by=by, now=now)
    return plan


def note(plan: Plan, change: Change, *, by: User | None, now: datetime) -> None:
    """The season is planned now; the audit trail says by which plan."""
    mark_planned(season=plan.season, by=by, now=now)
    counts = {"new": len(change.new), "changed": len(change.turned), "taken_away": len(change.gone)}
    AuditEvent.objects.create(
        at=now, by=by, verb="plan.adopted", subject=f"season:{plan.season_id}", changes={"plan": plan.number} | counts
    )


def require_usable(plan: Plan) -> None:
    """Raises Refused for a plan that has no result, or whose season people were told of."""
    if plan.state not in USABLE:
        raise Refused(_("This plan has no result to use."))
    if plan.season.is_published:
        raise Refused(_("This season is published: its visits are changed one by one."))
    if plan.what_if and (open_points := what_if.unsaid(plan.season, plan)):
        words = _("This plan is a what-if: it assumes what the season does not say (%(what)s). Nothing was changed.")
        raise Refused(words % {"what": "; ".join(one.words for one in open_points)})


def lock_everything(season: Season, pairs: list[PlanPair]) -> list[Visit]:
    """Lock the plan's visit days, the season's live visits and all their people; the visits as they are now."""
    days = sorted({(pair.site_id, pair.date) for pair in pairs})
    VisitDay.objects.bulk_create(
        [VisitDay(site_id=s, date=d) for s, d in days], ignore_conflicts=True, batch_size=BATCH
    )
    wanted = VisitDay.objects.filter(site__in={site for site, _day in days}, date__in={day for _site, day in days})
    list(wanted.select_for_update(no_key=True).order_by("site", "date").values_list("pk"))
    live = Visit.objects.filter(season=season, state__in=LIVE).order_by("pk")
    present = list(live.select_for_update(no_key=True))
    people = {who for pair in pairs for who in (pair.executive_id, pair.host_id)}
    record.lock_people(*people, *(who for visit in present for who in (visit.executive_id, visit.host_id)))
    return present


def compare(plan: Plan, pairs: list[PlanPair], present: list[Visit]) -> Change:
    """What has to change so that the season's visits are those of the plan. Raises NoLongerFits where a visit that
    stays stands in the way of a pair."""
    current, change = {visit.executive_id: visit for visit in present}, Change([], [], [])
    hands = what_if.by_hand(plan.what_if)
    for pair in pairs:
        locked = (pair.executive_id, pair.host_id) in hands
        visit = current.pop(pair.executive_id, None)
        if visit is None:
            change.new.append(proposed(plan, pair, locked))
        elif not same(visit, pair) or (locked and not is_kept(visit)):
            if is_kept(visit):
                raise NoLongerFits(changed())
            change.turned.append((visit, pair, locked))
        elif not is_kept(visit):
            visit.plan = plan
    change.gone = [visit for visit in current.values() if not is_kept(visit)]
    return change


def same(visit: Visit, pair: PlanPair) -> bool:
    """Whether a visit is this pair on its day at its site."""
    return (visit.host_id, visit.site_id, visit.date) == (pair.host_id, pair.site_id, pair.date)


def proposed(plan: Plan, pair: PlanPair, locked: bool) -> Visit:
    """A new visit of a pair."""
    return Visit(
        season_id=plan.season_id, executive_id=pair.executive_id, host_id=pair.host_id, site_id=pair.site_id,
        date=pair.date, plan=plan, locked=locked,
    )  # fmt: skip


def write(plan: Plan, change: Change, *, by: User | None, now: datetime) -> None:
    """Carry a change out. What turns or goes is out of the way first, so that two visits can swap places."""
    reason = _("Replaced by plan %(number)d") % {"number": plan.number}
    moving = [visit.pk for visit, _pair, _locked in change.turned] + [visit.pk for visit in change.gone]
    Visit.objects.filter(pk__in=moving).update(state=VisitState.CANCELLED)
    events = [event(visit, "cancelled", by, now, reason, {"state": "cancelled"}) for visit in change.gone]
    for visit in change.gone:
        visit.state, visit.ended_reason = VisitState.CANCELLED, reason
        visit.version += 1
    for visit, pair, locked in change.turned:
        visit.locked = locked
        events.append(turn(visit, pair, plan, by, now))
    Visit.objects.bulk_update(change.gone, ["state", "ended_reason", "version"], batch_size=BATCH)
    turned = [visit for visit, _pair, _locked in change.turned]
    Visit.objects.bulk_update(turned, ["host", "site", "date", "state", "locked", "plan", "version"], batch_size=BATCH)
    Visit.objects.bulk_create(change.new, batch_size=BATCH)
    events += [event(visit, "proposed", by, now, "", after_of(visit)) for visit in change.new]
    VisitEvent.objects.bulk_create(events, batch_size=BATCH)


def turn(visit: Visit, pair: PlanPair, plan: Plan, by: User | None, now: datetime) -> VisitEvent:
    """Make a proposed visit the plan's pair; the event of it."""
    before = after_of(visit)
    visit.host_id, visit.site_id, visit.date, visit.plan = pair.host_id, pair.site_id, pair.date, plan
    visit.state = VisitState.PROPOSED
    visit.version += 1
    return VisitEvent(visit=visit, at=now, by=by, verb="moved", before=before, after=after_of(visit))


def after_of(visit: Visit) -> dict[str, object]:
    """What events say of a visit's place."""
    return {"date": visit.date.isoformat(), "host": visit.host_id, "site": visit.site_id}


def event(visit: Visit, verb: str, by: User | None, now: datetime, words: str, after: dict) -> VisitEvent:
    return VisitEvent(visit=visit, at=now, by=by, verb=verb, words=words, after=after)


def check_room(season: Season, pairs: list[PlanPair]) -> None:
    """Raises NoLongerFits when a site's day or a host's season now holds more than it takes."""
    limits = dict(SeasonSite.objects.filter(season=season).values_list("site", "visits_a_day"))
    days = {(pair.site_id, pair.date) for pair in pairs}
    near = Visit.objects.live().filter(site__in=limits, date__range=(season.starts_on, season.ends_on))
    taken = Counter(near.values_list("site", "date"))
    most = dict(SeasonHost.objects.filter(season=season).values_list("host", "max_visits"))
    hosted = Counter(Visit.objects.live().filter(season=season).values_list("host", flat=True))
    crowded = any(taken[place] > limits.get(place[0], 0) for place in days)
    if crowded or any(hosted[pair.host_id] > most.get(pair.host_id, 0) for pair in pairs if not pair.locked):
        raise NoLongerFits(changed())


def changed() -> str:
    """The words for a plan that fits no more."""
    since = _("Visits were booked or locked since this plan was made, and it does not fit any more.")
    return " ".join([since, _("Solve again. Nothing was changed.")])
