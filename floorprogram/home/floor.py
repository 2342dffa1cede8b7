"""Who is on the floor today, site by site, and when each site's regroup starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from floorprogram.home.parts import Home, Moment, SiteToday, Task, link
from floorprogram.home.queries import around, coordinated, with_names
from floorprogram.home.words import those
from floorprogram.templatetags.look import day_words
from people.models import Site
from shadowing.agenda import Slot, slots
from shadowing.models import Visit, VisitDay, VisitState

NAMED = 2  # of those still to come


def fill(home: Home, moment: Moment) -> None:
    """One row per site with visits on its own today, and a task while a regroup is still ahead or runs."""
    visits = with_names(coordinated(around(moment.today), moment.user).annotate(note_count=Count("notes")))
    by_site: dict[Site, list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.date == timezone.localdate(moment.now, visit.site.zone):
            by_site[visit.site].append(visit)
    days = {(day.site_id, day.date): day for day in _days(by_site)}
    for site, found in sorted(by_site.items(), key=lambda item: item[0].name):
        slot = regroup(found[0], days.get((site.pk, found[0].date)))
        home.floor.append(_row(site, found, slot, days.get((site.pk, found[0].date)), moment))
        home.tasks += _regroup_task(site, found, slot, moment)


def _days(by_site: dict[Site, list[Visit]]) -> list[VisitDay]:
    dates = {visits[0].date for visits in by_site.values()}
    return list(VisitDay.objects.filter(site__in=by_site, date__in=dates))


def regroup(visit: Visit, day: VisitDay | None) -> Slot | None:
    """The regroup of this visit's day, by the day's own agenda or else the season's."""
    entries = (day.agenda if day else None) or visit.season.agenda
    found = slots(entries, day=visit.date, zone=visit.site.zone)
    return next((slot for slot in found if slot.kind == "regroup"), None)


def _row(site: Site, visits: list[Visit], slot: Slot | None, day: VisitDay | None, moment: Moment) -> SiteToday:
    missing = [str(visit.executive) for visit in visits if visit.state != VisitState.HELD]
    return SiteToday(
        name=site.name,
        clock=time_format(timezone.localtime(moment.now, site.zone).time(), "H:i"),
        arrived=len(visits) - len(missing),
        expected=len(visits),
        coming=those(missing[:NAMED], len(missing)) or _("Nobody"),
        regroup=time_format(slot.starts.time(), "H:i") if slot else "",
        room=day.room if day else "",
        notes=sum(visit.note_count for visit in visits),  # type: ignore[attr-defined]
        url=link("shadowing:visit_day", site.slug, visits[0].date.isoformat()),
    )


def _regroup_task(site: Site, visits: list[Visit], slot: Slot | None, moment: Moment) -> Iterator[Task]:
    if slot is None or slot.over_at(moment.now):
        return
    yield Task(
        icon="users",
        tone="warn",
        title=_("The regroup in %(site)s starts at %(time)s") % {"site": site.name, "time": f"{slot.starts:%H:%M}"},
        detail=_notes(visits),
        button=_("Open the regroup"),
        url=link("shadowing:regroup", site.slug, visits[0].date.isoformat()),
        expires=moment.today,
    )


def _notes(visits: list[Visit]) -> str:
    noted = [(visit.note_count, visit.host.team_id) for visit in visits if visit.note_count]  # type: ignore[attr-defined]
    count, teams = sum(number for number, _team in noted), len({team for _number, team in noted})
    if not count:
        return _("No floor notes yet. They arrive from every phone on the floor.")
    notes = ngettext("%(count)d floor note", "%(count)d floor notes", count) % {"count": count}
    from_teams = ngettext("%(count)d team", "%(count)d teams", teams) % {"count": teams}
    return _("%(notes)s so far, from %(teams)s.") % {"notes": notes, "teams": from_teams}


def next_day(home: Home, moment: Moment) -> str:
    """ "Next visit day: Lisbon, 11 November.", for days without a task. One query."""
    ahead = coordinated(Visit.objects.live().filter(date__gt=moment.today), moment.user)
    found = ahead.order_by("date", "pk").values_list("site__name", "date").first()
    if not found:
        return _("No visit day is ahead.")
    site, day = found
    return _("Next visit day: %(site)s, %(day)s.") % {"site": site, "day": _day(day, moment)}


def _day(day: date, moment: Moment) -> str:
    return day_words(day, this_year=moment.today.year)
