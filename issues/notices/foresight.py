"""What would be sent about an issue if nothing happened, by the steps the sweep goes by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.clocks import UPDATE_DAYS, WORD_DAYS
from issues.notices import steps
from issues.notices.due import GRACE
from people.models import Site
from shadowing.models import Season
from shadowing.seasons.foreseeing import Coming, Foresight, sent_on

TARGET = timedelta(days=60)  # the target date of the issue foretold
BEYOND = timedelta(days=21)  # how long after it the story is told


def of_issue(season: Season, site: Site, today: date) -> Iterator[Coming]:
    """Agreed today with a target date in 60 days, and never a word after it."""
    yield from _updates(season, site, today)
    yield from _words(season, site, today)
    yield from _targets(season, site, today)


def _updates(season: Season, site: Site, today: date) -> Iterator[Coming]:
    due, every = today + timedelta(days=UPDATE_DAYS), season.policy("update_due_every")
    for day, step in sent_on(site, today, today + TARGET + BEYOND, lambda day: steps.repeated(every, (day - due).days)):
        who = {steps.MANAGER: _("line manager"), steps.COORDINATOR: _("coordinator"), steps.SPONSOR: _("sponsor")}
        yield Coming(day, _("Update overdue"), _people(_("owner"), *(who[level] for level in steps.levels(step))))


def _words(season: Season, site: Site, today: date) -> Iterator[Coming]:
    due, every = today + timedelta(days=WORD_DAYS), season.policy("word_due_every")
    for day, _step in sent_on(
        site, today, today + TARGET + BEYOND, lambda day: steps.repeated(every, (day - due).days)
    ):
        yield Coming(day, _("Host waits for word"), _people(_("owner")))


def _targets(season: Season, site: Site, today: date) -> Iterator[Coming]:
    target, near, every = today + TARGET, season.policy("target_near"), season.policy("target_passed_every")

    def step_of(day: date) -> int | None:
        return steps.of_target(target=target, taken_away=today, today=day, near=near, every=every)

    for day, _step in sent_on(site, today, target, step_of, before=target):
        yield Coming(day, _("Target date is near"), _people(_("owner")))
    for day, step in sent_on(site, target, target + BEYOND, step_of):
        passed = _people(_("owner"), _("coordinator")) if step else _people(_("owner"))
        yield Coming(day, _("Target date has passed") if step else _("Target date is here"), passed)


def of_held_visit(season: Season, site: Site, today: date) -> Iterator[Coming]:
    """Held today, and no issue taken away."""
    days = season.policy("take_away_owed")
    last = today + timedelta(days=max(days, default=0)) + GRACE
    for day, step in sent_on(site, today, last, lambda day: steps.listed(days, (day - today).days)):
        yield Coming(day, _("Take-away owed"), _people(_("executive"), *([_("coordinator")] if step else [])))


def of_request(season: Season, site: Site, today: date) -> Iterator[Coming]:
    """Somebody is asked today to own an issue or to work on it too, and does not answer."""
    days = season.policy("hands_asked")
    yield from _listed(site, today, days, _("Handover or help asked"), _("The one asked"))


def of_delivery(season: Season, site: Site, today: date) -> Iterator[Coming]:
    """Delivered today, and the host says nothing."""
    yield from _listed(site, today, season.policy("confirm_asked"), _("Host asked whether it helps"), _("Host"))


def _listed(site: Site, today: date, days: list[int], what: str, to: str) -> Iterator[Coming]:
    """Whoever does it tells the first at once, whatever the list says; the sweep only reminds."""
    last = today + timedelta(days=max(days, default=0)) + GRACE

    def step_of(day: date) -> int | None:
        return 0 if day == today else steps.listed(days, (day - today).days)

    for day, _step in sent_on(site, today, last, step_of, at_once=True):
        yield Coming(day, what, to)


def of_confirmation(season: Season, site: Site, today: date) -> Iterator[Coming]:
    """Confirmed today, and nobody answers later."""
    after, again = season.policy("holds_after"), season.policy("holds_again")
    last = today + timedelta(days=max(after, default=0) + max(again, default=0)) + GRACE

    def step_of(day: date) -> tuple[int, int] | None:
        return steps.of_check(confirmed=today, today=day, after=after, again=again)

    for day, _step in sent_on(site, today, last, step_of):
        yield Coming(day, _("Does it still hold"), _("Host"))


def _people(*names: str) -> str:
    return capfirst(get_text_list(list(names), _("and")))


FORESIGHTS = (
    Foresight(gettext_lazy("A visit is held"), of_held_visit),
    Foresight(gettext_lazy("An issue is agreed, target date in 60 days"), of_issue),
    Foresight(gettext_lazy("Somebody is asked to own it, or to help"), of_request),
    Foresight(gettext_lazy("It is delivered"), of_delivery),
    Foresight(gettext_lazy("The host confirms it"), of_confirmation),
)
