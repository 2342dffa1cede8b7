"""The signed-in person's own day: what waits for them first, with its next step as a button, then figures and lists.

Reads only. Each identity adds its own tasks; somebody who coordinates and owns issues sees both in one list.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils import timezone

from floorprogram.home import administering, coordinating, hosting, sponsoring, visiting
from floorprogram.home.answering import survey_tasks
from floorprogram.home.parts import Home, Moment
from floorprogram.home.words import greeting, lead, meant
from people.models import User
from shadowing.models import Season, SeasonState

__all__ = ["build"]


def build(user: User, *, now: datetime) -> Home:
    """Everything the home page shows. A constant number of queries for each identity, whatever the number of rows."""
    seen = user.identities
    moment = Moment(user=user, now=now, today=timezone.localdate(now, user.zone))
    home = Home(seasons=seasons_of(moment))
    if seen & {"admin", "coordinator"}:
        coordinating.fill(home, moment)
    elif "sponsor" in seen:
        sponsoring.fill(home, moment)
    if "admin" in seen:
        administering.fill(home, moment)
    if seen & {"executive", "assistant"}:
        visiting.fill(home, moment)
    if "host" in seen:
        hosting.fill(home, moment)
    if seen & {"executive", "host"}:
        home.tasks += survey_tasks(moment)
    home.tasks.sort(key=lambda task: task.expires)
    season = meant(moment, home)
    home.season = season.name if season else ""
    home.heading, home.lead = greeting(moment, home), lead(moment, home)
    return home


def seasons_of(moment: Moment) -> list[Season]:
    """Seasons, oldest first, those not over yet with their sites (else the last): two queries, read once for the whole
    page. Who only visits or hosts sees no season before it is published."""
    rows = Season.objects.only("name", "slug", "state", "starts_on", "ends_on").order_by("starts_on", "pk")
    if not moment.user.identities & {"admin", "coordinator", "sponsor"}:
        rows = rows.filter(state__in=(SeasonState.PUBLISHED, SeasonState.CLOSED))
    seasons = list(rows)
    prefetch_related_objects([season for season in seasons if season.ends_on >= moment.today] or seasons[-1:], "sites")
    return seasons
