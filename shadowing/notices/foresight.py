"""What would be sent about a visit, told before it happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Site
from shadowing.availability.workdays import add_working_days
from shadowing.models import Season, Visit
from shadowing.notices.due import latest_step, step_before_answer
from shadowing.seasons.foreseeing import Coming, Foresight, sent_on

AHEAD = timedelta(days=28)
DAY = timedelta(days=1)


def of_visit(season: Season, site: Site, today: date) -> Iterator[Coming]:
    """Published today, for a day four weeks ahead."""
    yield Coming(today, _("Invitation"), _("Executive, assistant, host"))
    closes = add_working_days(today, season.answer_by_days, country=site.country, subdivision=site.subdivision)
    unanswered = sent_on(
        site, today, closes, lambda day: step_before_answer(season, site, closes, day), before=closes
    )  # fmt: skip
    for day, _step in unanswered:
        yield Coming(day, _("Answer is due soon"), _("Who has not answered"))
    visit, policy = today + AHEAD, season.policy("visit_coming")
    for day, _step in sent_on(site, today, visit, lambda day: latest_step(policy, visit, day), before=visit):
        yield Coming(day, _("Visit is coming"), _("Executive, assistant, host"))


def next_before_answer(visit: Visit, closes: date, today: date, told: int | None = None) -> date | None:
    """The day after ``today`` on which whoever has not answered would be reminded, after the step that was ``told``;
    None when none is left. Working days are those of the visit's site."""
    days = sent_on(
        visit.site, today + DAY, closes, lambda day: step_before_answer(visit.season, visit.site, closes, day),
        before=closes,
    )  # fmt: skip
    return next((day for day, step in days if told is None or step > told), None)


def next_before_visit(visit: Visit, today: date, told: int) -> date | None:
    """The same for a confirmed visit that is near."""
    policy = visit.season.policy("visit_coming")
    days = sent_on(
        visit.site, today + DAY, visit.date, lambda day: latest_step(policy, visit.date, day), before=visit.date
    )
    return next((day for day, step in days if step > told), None)


VISIT = Foresight(gettext_lazy("A visit in four weeks is published"), of_visit)
