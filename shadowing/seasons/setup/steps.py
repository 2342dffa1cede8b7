"""The five steps: their forms, words and addresses, and the stepper above each page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shadowing.models import Season
from shadowing.seasons.setup.agenda import AgendaForm
from shadowing.seasons.setup.base import StepForm
from shadowing.seasons.setup.reminders import RemindersForm
from shadowing.seasons.setup.rules import RulesForm
from shadowing.seasons.setup.sites import SitesForm
from shadowing.seasons.setup.window import WindowForm


@dataclass(frozen=True)
class Step:
    """``name`` is the stepper's word, ``heading`` the page's; ``key`` makes route (season_…) and template (setup_….html)."""

    key: str
    form: type[StepForm]
    name: str | Promise
    heading: str | Promise
    lead: str | Promise

    @property
    def template(self) -> str:
        return f"shadowing/setup_{self.key}.html"

    def url(self, season: Season) -> str:
        return reverse(f"shadowing:season_{self.key}", args=[season.slug])


STEPS = {
    step.key: step
    for step in (
        Step("window", WindowForm, _("Dates"), _("What it is called and when it runs"),
             _("It is a draft until you ask people for their days. Nobody is told before.")),
        Step("sites", SitesForm, _("Sites"), _("Where visits take place"),
             _("Tick the sites, and say how many visits each can take a day.")),
        Step("rules", RulesForm, _("Rules and people"), _("Who may visit whom"),
             _("The planner keeps every rule. Under each stands what it leaves.")),
        Step("agenda", AgendaForm, _("The day"), _("How the day goes"),
             _("The same timetable on every visit day, in the site's own time.")),
        Step("reminders", RemindersForm, _("Reminders"), _("Reminders and questionnaires"),
             _("Reminders go out on working days between 08:00 and 18:00.")),
    )
}  # fmt: skip
ORDER = tuple(STEPS)


def neighbour(key: str, shift: int) -> Step | None:
    """The step before or after; None at the ends."""
    place = ORDER.index(key) + shift
    return STEPS[ORDER[place]] if 0 <= place < len(ORDER) else None


def stepper(season: Season, now: str = "") -> list[dict[str, Any]]:
    """What ``components/_steps.html`` takes. Without ``now`` every step is done: that is the review."""
    place = ORDER.index(now) if now else len(ORDER)
    states = ["done"] * place + ["now"] + ["next"] * len(ORDER)
    return [
        {"name": step.name, "state": state, "url": step.url(season) if season.pk and state != "now" else ""}
        for step, state in zip(STEPS.values(), states, strict=False)
    ]
