"""The regroup of one held day of the demo: what several teams saw, one shared issue, one group still open, one carried on."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db.models import Count

from floorprogram.demo.stage import Stage
from issues.actions import raise_from_group
from issues.queries import take_aways_owed
from people.errors import Refused
from shadowing.models import FloorNote, RegroupGroup, Season, Visit
from shadowing.regroup import actions, settling
from shadowing.visits import notes

# group → (who says it, kind, text), one for each visit of the day in turn
SEEN: dict[str, list[tuple[str, str, str]]] = {
    "The caller’s address is asked for again and again": [
        ("host", "customer", "She told it to three of us before I could help."),
        ("executive", "obstacle", "Nobody sees what the robot already asked."),
        ("host", "obstacle", "The transfer note holds 80 characters, so the address does not fit."),
        ("executive", "obstacle", "The address comes from the order, yet the agent types it again."),
    ],
    "Refunds above €40 wait for a supervisor": [
        ("executive", "obstacle", "Eleven callers were told to ring again because no supervisor was free."),
        ("host", "idea", "Let us refund up to €100 and look at a sample afterwards."),
    ],
    "The wiki finds old tariffs first": [
        ("host", "obstacle", "I keep a printed list because the search shows last year’s tariffs."),
    ],
    "": [
        ("executive", "praise", "A caller was calmed in four sentences. Worth teaching."),
        ("host", "obstacle", "The break timer starts while the last call is still being wrapped up."),
        ("executive", "idea", "Two monitors would save a minute on every broadband call."),
    ],
}
PROMISE = "{host}, by the end of next quarter the address is typed once and every desk sees it."


def hold_regroup(demo: Stage, season: Season) -> None:
    """Play the regroup of the past day of the season that most teams took part in."""
    held = Visit.objects.filter(season=season, date__lt=demo.today).held()
    days = held.values("site", "date").annotate(teams=Count("host__team", distinct=True))
    fullest = days.order_by("-teams", "-date", "site").first()
    if fullest is None:
        return
    people = ("executive__user", "host__user", "host__team", "site")
    there = held.filter(site=fullest["site"], date=fullest["date"]).select_related(*people)
    visits = list(there.order_by("pk"))
    moment = datetime(visits[0].date.year, visits[0].date.month, visits[0].date.day, 12, 30, tzinfo=visits[0].site.zone)
    groups = {name: sort(demo, visits, name, moment) for name in SEEN}
    settle(demo, visits, [group for group in groups.values() if group], moment + timedelta(minutes=20))


def sort(demo: Stage, visits: list[Visit], name: str, now: datetime) -> RegroupGroup | None:
    """Write the notes of one group and put them into it; those without a name stay where they are."""
    by = demo.cast.coordinator
    written = [write(visits[number % len(visits)], said, now) for number, said in enumerate(SEEN[name])]
    if not name:
        return None
    day = visits[0]
    group = actions.make_group(site=day.site, day=day.date, name=name, note=written[0], by=by, now=now)
    for note in written[1:]:
        actions.put_note(note=note, group=group, was=None, by=by, now=now)
    return group


def write(visit: Visit, said: tuple[str, str, str], now: datetime) -> FloorNote:
    who, kind, text = said
    author = visit.host.user if who == "host" else visit.executive.user
    name = uuid.uuid5(visit.uuid, text)  # leaves the demo's chance alone
    return notes.write_note(visit=visit, note_id=name, text=text, kind=kind, other_teams=False, by=author, now=now)


def settle(demo: Stage, visits: list[Visit], groups: list[RegroupGroup], now: datetime) -> None:
    """The first becomes an issue of somebody who still owes one, the last is carried to the next visit day."""
    by, days = demo.cast.coordinator, [visit.pk for visit in visits]
    owing = set(take_aways_owed().filter(pk__in=days).values_list("pk", flat=True))
    owner = min(visits, key=lambda visit: visit.pk not in owing)
    raise_from_group(
        group=groups[0], version=0, owner=owner, title="The address is typed once, by whoever hears it first",
        promise=PROMISE.format(host=owner.host.user.first_name), target_date=owner.date + timedelta(days=80),
        obstacle="A caller’s address is asked for up to three times: no step sees what the step before has typed.",
        by=by, now=now,
    )  # fmt: skip
    try:
        settling.carry(group=groups[-1], version=0, by=by, now=now)
    except Refused:  # the season's last day at this site
        settling.discuss(group=groups[-1], version=0, by=by, now=now)
