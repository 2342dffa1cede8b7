"""The waiting list: who of a season's executives has no place, why and since when, in a stated order.

Nothing is stored: it is whoever takes part, has no live visit and did not step back. Places are offered by coordinators,
one at a time; an invitation is the offer.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent, User
from shadowing.models import (
    ENDED,
    Answer,
    Plan,
    PlanLeftOut,
    Season,
    SeasonExecutive,
    SeasonState,
    Visit,
    VisitEvent,
    VisitState,
)
from shadowing.plans.build import OF_EXECUTIVE, waiting_order
from shadowing.plans.words import TITLES
from shadowing.visits.room import short

ORDER = gettext_lazy(
    "First those whom the plan in use left out, in its order, then who came later, those who named their days before the "
    "others, then those who lost their visit, the longest waiting first."
)
COLUMNS = ("position", "executive", "number", "unit", "reason", "since", "stepped_back_on")


@dataclass(frozen=True)
class Lost:
    """The visit somebody had, as far as the list speaks of it; ``host`` is a name."""

    uuid: uuid.UUID
    date: date
    state: str
    host: str
    host_answer: str
    ended_reason: str
    over_at: datetime | None

    def get_absolute_url(self) -> str:
        return reverse("shadowing:visit", args=[self.uuid])


@dataclass(frozen=True)
class Waiting:
    """One executive on the list; ``lost`` is the visit they had, ``since`` None where nothing says it."""

    position: int
    row: SeasonExecutive
    reason: str
    since: datetime | None
    lost: Lost | None = None

    @property
    def executive_id(self) -> int:
        return self.row.executive_id


def without_place(season: Season) -> QuerySet[SeasonExecutive]:
    """Who takes part and has no live visit, in the order of the planner."""
    return waiting_order(season).exclude(Exists(live_visits(season)))


def live_visits(season: Season) -> QuerySet[Visit]:
    """Of the executive of the outer row."""
    return Visit.objects.live().filter(season=season, executive=OuterRef("executive"))


def waiting_list(season: Season) -> list[Waiting]:
    """The list in its order. One query whatever its length."""
    return in_order(with_reasons(season, without_place(season)))


def with_stepped_back(season: Season) -> tuple[list[Waiting], list[SeasonExecutive]]:
    """The list, and who does not want a place this season any more, by name. One query."""
    rows = SeasonExecutive.objects.filter(season=season, executive__user__is_active=True).select_related(*OF_EXECUTIVE)
    rows = rows.filter(Q(stepped_back_at__isnull=False) | ~Exists(live_visits(season)))
    answered = Case(When(stepped_back_at__isnull=True, then="answered_at"))
    rows = rows.order_by(answered.asc(nulls_last=True), "executive__user__name_key", "pk")
    found = with_reasons(season, rows)
    gone = [one.row for one in found if one.row.stepped_back_at]
    return in_order([one for one in found if one.row.stepped_back_at is None]), gone


class Reasons(NamedTuple):
    """An executive, and as the database says it: that the plan in use left them out, and the visit they lost."""

    row: SeasonExecutive
    left_out: dict[str, Any] | None
    lost: dict[str, Any] | None


def with_reasons(season: Season, rows: QuerySet[SeasonExecutive]) -> list[Reasons]:
    """These rows with why they wait. One query: the list is a part of other pages, too."""
    found = rows.annotate(left_out=Subquery(in_plan(season)), lost=Subquery(last_visit(season)))
    return [Reasons(row, row.left_out, row.lost) for row in found]


def in_plan(season: Season) -> QuerySet[PlanLeftOut, Any]:
    """Why the plan in use left the executive of the outer row out, and where it put them."""
    plans = Plan.objects.filter(season=season, adopted_at__isnull=False).order_by("-adopted_at", "-pk")
    rows = PlanLeftOut.objects.filter(plan=Subquery(plans.values("pk")[:1]), executive=OuterRef("executive"))
    data = JSONObject(place="position", pk="pk", reason="reason", since="plan__adopted_at")
    return rows.values_list(data, flat=True)[:1]


def last_visit(season: Season) -> QuerySet[Visit, Any]:
    """The visit that ended last of those the executive of the outer row had been invited to, and when."""
    ended = Visit.objects.filter(
        season=season, state__in=ENDED, invited_at__isnull=False, executive=OuterRef("executive")
    )
    verbs = ("executive_declined", "host_declined", "cancelled", "no_show", "corrected")
    over = VisitEvent.objects.filter(visit=OuterRef("pk"), verb__in=verbs).order_by("-at", "-pk")
    ended = ended.annotate(over_at=Subquery(over.values("at")[:1]))
    data = JSONObject(
        pk="pk", uuid="uuid", date="date", state="state", host="host__user__name", host_answer="host_answer",
        ended_reason="ended_reason", over_at="over_at", since=Coalesce("over_at", "invited_at"),
    )  # fmt: skip
    return ended.order_by(Coalesce("over_at", "invited_at").desc(), "-pk").values_list(data, flat=True)[:1]


def in_order(rows: Iterable[Reasons]) -> list[Waiting]:
    """First whom the plan left out, in its order, then who came later, then who lost a visit, the longest ago first."""
    rows = list(rows)
    planned = any(one.left_out for one in rows)
    left_out = [(one.left_out["place"], one.left_out["pk"], one) for one in rows if one.left_out and not one.lost]
    lost = [(moment(one.lost["since"]), one.lost["pk"], one) for one in rows if one.lost]
    found = [one for _place, _pk, one in sorted(left_out)]
    found += [one for one in rows if not one.left_out and not one.lost]
    found += [one for _since, _pk, one in sorted(lost)]
    return [Waiting(number, one.row, *why(one, planned=planned)) for number, one in enumerate(found, start=1)]


def why(one: Reasons, *, planned: bool) -> tuple[str, datetime | None, Lost | None]:
    """Why and since when somebody waits, and the visit they had."""
    if one.lost:
        lost = lost_visit(one.lost)
        return why_lost(lost), lost.over_at, lost
    if one.left_out:
        reason = one.left_out["reason"]
        return str(TITLES.get(reason, reason)), moment(one.left_out["since"]), None
    return _("Came after the plan") if planned else _("No plan has placed them yet"), one.row.answered_at, None


def lost_visit(data: dict[str, Any]) -> Lost:
    key, day, over = uuid.UUID(data["uuid"]), date.fromisoformat(data["date"]), data["over_at"]
    texts = {name: data[name] for name in ("state", "host", "host_answer", "ended_reason")}
    return Lost(uuid=key, date=day, over_at=moment(over) if over else None, **texts)


def moment(text: str) -> datetime:
    """A time as JSON has it: in UTC where it names no zone, as in SQLite."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def why_lost(visit: Lost) -> str:
    """What became of the visit they had, for coordinators."""
    words = {"day": short(visit.date), "host": visit.host, "reason": visit.ended_reason}
    if visit.state == VisitState.NO_SHOW:
        return _("Nobody came on %(day)s") % words
    if visit.host_answer == Answer.NO:
        return _("%(host)s declined %(day)s") % words
    said = _("Declined %(day)s") if visit.state == VisitState.DECLINED else _("%(day)s was called off")
    return (said + ": %(reason)s" if visit.ended_reason else said) % words


def csv_rows(season: Season) -> Iterator[tuple[Any, ...]]:
    """The list as rows: those who wait in its order, then those who stepped back."""
    found, gone = with_stepped_back(season)
    for one in found:
        yield (one.position, *person(one.row), one.reason, one.since, None)
    for row in gone:
        yield (None, *person(row), _("Stepped back"), None, row.stepped_back_at)


def person(row: SeasonExecutive) -> tuple[str, str, str]:
    user, unit = row.executive.user, row.executive.business_unit
    return user.name, user.employee_number or "", unit.path if unit else ""


def may_step_back(user: User, row: SeasonExecutive, sites: list[int]) -> bool:
    """The executive, their assistant, and who coordinates a site of the season."""
    own = user.pk in (row.executive_id, row.executive.assistant_id) or row.executive_id in user.acting_for
    return own or any(user.coordinates(site) for site in sites)


@transaction.atomic
def step_back(*, entry: SeasonExecutive, back: bool, by: User, now: datetime) -> SeasonExecutive:
    """Leave the season's waiting list, or (``back`` False) come back to it; on record. The same again changes nothing.

    By the executive, the assistant or a coordinator of one of its sites. Raises NotAllowed, Refused (the season is
    closed) or Conflict (there is a visit: it is answered or called off first).
    """
    row = SeasonExecutive.objects.select_for_update(of=("self",), no_key=True).select_related(
        "season", "executive__user"
    )
    entry = row.get(pk=entry.pk)
    if not may_step_back(by, entry, list(entry.season.sites.values_list("pk", flat=True))):
        raise NotAllowed(_("This is not yours to change."))
    if entry.season.state == SeasonState.CLOSED:
        raise Refused(_("This season is closed."))
    if back == (entry.stepped_back_at is not None):
        return entry
    if back and Visit.objects.live().filter(season=entry.season, executive=entry.executive_id).exists():
        raise Conflict(_("There is a visit. Say no to it first, or ask the coordinator."))
    entry.stepped_back_at, entry.stepped_back_by = (now, by) if back else (None, None)
    entry.save(update_fields=["stepped_back_at", "stepped_back_by"])
    verb = "executive.stepped_back" if back else "executive.came_back"
    changes = {"executive": entry.executive_id}
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"season:{entry.season_id}", changes=changes)
    return entry


@dataclass(frozen=True)
class OwnPlace:
    """One season of an executive: their visit there, else that they wait or stepped back."""

    entry: SeasonExecutive
    visit: Visit | None


def own_places(user: User, *, now: datetime) -> list[OwnPlace]:
    """Published seasons that still run, for this person and the executives they act for. Two queries."""
    rows = SeasonExecutive.objects.acted_for(user).filter(season__state=SeasonState.PUBLISHED)
    rows = rows.filter(season__ends_on__gte=now.date()).select_related("season", "executive__user")
    entries = list(rows.order_by("season__starts_on", "executive__user__name_key", "pk"))
    visits = Visit.objects.live().published().filter(season__in={row.season_id for row in entries})
    mine = visits.filter(executive__in={row.executive_id for row in entries}).select_related("host__user", "site")
    found = {(visit.season_id, visit.executive_id): visit for visit in mine}
    return [OwnPlace(row, found.get((row.season_id, row.executive_id))) for row in entries]
