"""The next step of every season this person may change."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from floorprogram.home.parts import Home, Moment, Task, link
from floorprogram.templatetags.look import day_words
from shadowing.models import Season, SeasonState


class Step(NamedTuple):
    title: str | Promise
    detail: str | Promise
    button: str | Promise
    url: str
    tone: str
    icon: str


STEPS = {
    SeasonState.DRAFT: Step(
        _("%(season)s is a draft"),
        _("It starts on %(starts)s. Next, executives and hosts name their days."),
        _("Set it up"),
        "shadowing:season",
        "rest",
        "calendar-range",
    ),
    SeasonState.COLLECTING: Step(
        _("%(season)s collects days"),
        _("It starts on %(starts)s. A plan can be proposed at any time, and again."),
        _("Propose a plan"),
        "shadowing:season_plan",
        "wait",
        "calendar-range",
    ),
    SeasonState.PLANNED: Step(
        _("%(season)s is planned, and nobody is invited yet"),
        _("It starts on %(starts)s. Invitations go out when you publish."),
        _("Open the board"),
        "shadowing:season_board",
        "brand",
        "calendar-range",
    ),
}


def tasks(home: Home, moment: Moment) -> list[Task]:
    """One task for each season that is not published and whose sites are all this person's."""
    own = (season for season in home.seasons if season.state in STEPS and season.ends_on >= moment.today)
    return [_task(season, moment) for season in own if moment.user.coordinates_all(s.pk for s in season.sites.all())]


def _task(season: Season, moment: Moment) -> Task:
    step = STEPS[SeasonState(season.state)]
    values = {"season": season.name, "starts": day_words(season.starts_on, this_year=moment.today.year)}
    return Task(
        icon=step.icon,
        tone=step.tone,
        title=step.title % values,
        detail=step.detail % values,
        button=str(step.button),
        url=link(step.url, season.slug) or link("shadowing:season", season.slug),
        expires=season.starts_on,
    )
