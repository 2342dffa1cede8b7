"""A group of a regroup as an issue: what of the day belongs to it, and how the regroup's page names what it became."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from issues.models import Issue, RegroupOrigin
from people.models import Team, User
from shadowing.models import PRESENT, FloorNote, RegroupGroup, Visit
from shadowing.regroup.results import Result

WITH_PEOPLE = ("executive__user", "executive__assistant", "host__user", "host__team", "site")


def visits_of(group: RegroupGroup) -> list[Visit]:
    """Visits of the group's day that were held, by the executive's name: one of them gets the issue."""
    held = Visit.objects.on(group.day.site, group.day.date).held().select_related(*WITH_PEOPLE)
    return list(held.order_by("executive__user__name_key", "pk"))


def teams_of(group: RegroupGroup) -> list[Team]:
    """Teams that saw it on its day, by name."""
    day = {"visit__site": group.day.site_id, "visit__date": group.day.date}
    seen = FloorNote.objects.filter(place__group=group, **day).values("visit__host__team")
    return list(Team.objects.filter(pk__in=seen).order_by("name", "pk"))


def teams_there(group: RegroupGroup) -> int:
    """How many teams took part in the day, or wrote something down on it."""
    visits = Visit.objects.on(group.day.site, group.day.date)
    there = visits.filter(state__in=PRESENT).values("host__team")
    wrote = visits.filter(notes__isnull=False).values("host__team")
    return Team.objects.filter(pk__in=there.union(wrote)).count()


def made_of(group: RegroupGroup, reader: User) -> Issue | None:
    """The issue it became, where this person may read it."""
    seen = Issue.objects.visible_to(reader).select_related("owner__user", "promised_to__user")
    return seen.filter(regroup__group=group).first()


def board_of(issue: Issue, reader: User) -> str:
    """The address of the regroup the issue came from, for who may see it; empty for others. One query."""
    seen = RegroupGroup.objects.visible_to(reader).filter(made__issue=issue)
    day = seen.values_list("day__site__slug", "day__date", "pk").first()
    return f"{reverse('shadowing:regroup', args=day[:2])}#group-{day[2]}" if day else ""


def results(reader: User, groups: Iterable[RegroupGroup]) -> dict[int, Result]:
    """Group id → the issue it became, where this person may read it. One query, none without groups."""
    ids = [group.pk for group in groups]
    if not ids:
        return {}
    seen = Issue.objects.visible_to(reader).filter(regroup__group__in=ids)
    rows = RegroupOrigin.objects.filter(group__in=ids, issue__in=seen).select_related(
        "issue__owner__user", "issue__promised_to__user"
    )
    return {row.group_id: result(row.issue) for row in rows}


def result(issue: Issue) -> Result:
    owner, host = issue.owner.user.name, issue.promised_to.user.name
    return Result(issue.number, issue.title, issue.get_absolute_url(), owner, host)
