"""What the coordinators of a site hear when a place is given up, or an invitation stays without an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.kinds import Button, Due, Section
from people.coordinators import Coordinators
from shadowing.models import Answer, SeasonState, Visit, VisitState
from shadowing.models.visits import VisitQuerySet
from shadowing.notices import subjects
from shadowing.notices.words import long_day
from shadowing.repairs.naming import first_for
from shadowing.visits.rules import local_date

if TYPE_CHECKING:
    from notifications.models import Notice

LATELY, AHEAD = timedelta(days=7), timedelta(days=60)
LOST = (VisitState.DECLINED, VisitState.CANCELLED, VisitState.NO_SHOW)


def lost(now: datetime) -> VisitQuerySet:
    """Visits of published seasons that people were told of and that ended without another in their place."""
    other = Visit.objects.live().filter(executive=OuterRef("executive"), season=OuterRef("season"))
    span = (now.date() - LATELY, now.date() + AHEAD)
    found = Visit.objects.published().filter(~Exists(other), state__in=LOST, date__range=span)
    return found.filter(season__state=SeasonState.PUBLISHED, season__ends_on__gte=now.date())


def place_freed(now: datetime) -> Iterator[Due]:
    """Each lost visit once: while its day lies ahead, no-shows up to a week later."""
    coordinators = Coordinators()
    for visit in lost(now).select_related("site").order_by("pk"):
        if visit.state == VisitState.NO_SHOW or visit.date >= local_date(visit.site, now):
            yield from _each(visit, coordinators)


def unanswered(now: datetime) -> Iterator[Due]:
    """Invitations whose answer-by date has passed at their site."""
    coordinators = Coordinators()
    late = Q(answer_by__lte=now.date() + timedelta(days=1), date__gte=now.date() - timedelta(days=1))
    for visit in Visit.objects.filter(late, state=VisitState.INVITED).select_related("site").order_by("pk"):
        today = local_date(visit.site, now)
        if visit.answer_by and visit.answer_by < today <= visit.date:
            yield from _each(visit, coordinators, step=1)


def _each(visit: Visit, coordinators: Coordinators, step: int = 0) -> Iterator[Due]:
    anchor = visit.answer_by if step and visit.answer_by else visit.date
    for person in coordinators.of(visit.site_id):
        yield Due(person, visit.subject, anchor, step, site_id=visit.site_id)


def freed_holds(notices: Sequence[Notice]) -> set[int]:
    """The visit has ended, and its executive still has no other."""
    visits = subjects.visits_of(notices)
    ended = [visit for visit in visits.values() if visit.state in LOST]
    other = Visit.objects.live().filter(executive=OuterRef("executive"), season=OuterRef("season"))
    rows = Visit.objects.filter(~Exists(other), pk__in=[visit.pk for visit in ended])
    still = set(rows.values_list("uuid", flat=True))
    return {notice.pk for notice in notices if notice.subject in visits and visits[notice.subject].uuid in still}


def unanswered_holds(notices: Sequence[Notice]) -> set[int]:
    """The invitation still waits for an answer by the same date."""
    visits = subjects.visits_of(notices)
    return {
        notice.pk
        for notice in notices
        if (visit := visits.get(notice.subject))
        and visit.state == VisitState.INVITED
        and visit.answer_by == notice.anchor
    }


def say_each(notices: Sequence[Notice], say: Callable[[Visit], Section]) -> dict[int, Section]:
    visits = subjects.visits_of(notices)
    return {notice.pk: say(visits[notice.subject]) for notice in notices if notice.subject in visits}


def tell_freed(notices: Sequence[Notice]) -> dict[int, Section]:
    """Names the first of the waiting list for whom each place fits; the same place is looked at once."""
    visits, now = subjects.visits_of(notices).values(), max(notice.created_at for notice in notices)
    named = first_for(visits, now=now)
    return say_each(notices, lambda visit: say_freed(visit, named.get(visit.pk, "")))


def tell_unanswered(notices: Sequence[Notice]) -> dict[int, Section]:
    return say_each(notices, say_unanswered)


def names(visit: Visit) -> dict[str, str]:
    people = {"executive": visit.executive.user.name, "host": visit.host.user.name}
    return people | {"day": long_day(visit.date), "site": visit.site.name, "season": str(visit.season)}


def say_freed(visit: Visit, first: str) -> Section:
    words = names(visit) | {"first": first}
    hosts_no = visit.state == VisitState.DECLINED and visit.host_answer == Answer.NO
    lead = _("%(executive)s has no place any more: the visit on %(day)s in %(site)s ended.")
    if hosts_no:
        lead = _("%(host)s cannot on %(day)s. %(executive)s needs another host.")
    elif visit.state == VisitState.NO_SHOW:
        lead = _("Nobody came on %(day)s in %(site)s. %(executive)s waits for another day.")
    fits = (
        _("The place with %(host)s is free. The first of the waiting list for whom it fits: %(first)s.")
        if first
        else ""
    )
    return Section(
        subject_line=_("%(site)s, %(day)s: choose a replacement") % words,
        lead=lead % words,
        paragraphs=[fits % words] if fits else [],
        buttons=[replace_button(visit, _("Choose a replacement"))],
        why=_("You got this once, because you coordinate %(site)s. Nobody is invited before you choose.") % words,
    )


def say_unanswered(visit: Visit) -> Section:
    silent = [visit.executive.user.name] * (visit.executive_answer == Answer.NONE)
    silent += [visit.host.user.name] * (visit.host_answer == Answer.NONE)
    words = names(visit) | {"who": _(" and ").join(silent)}
    return Section(
        subject_line=_("No answer from %(who)s for %(day)s") % words,
        lead=_("%(who)s did not answer in time for %(day)s in %(site)s.") % words,
        paragraphs=[_("The next best places are ranked on one page. The invitation stands until you choose.")],
        buttons=[replace_button(visit, _("See the next best places"))],
        why=_("You got this once, because you coordinate %(site)s.") % words,
    )


def replace_button(visit: Visit, label: str) -> Button:
    return Button(label, path=reverse("shadowing:replace", args=[visit.uuid]), primary=True)
