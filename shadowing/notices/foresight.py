"""What would be sent about a visit, told before it happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Site
from shadowing.availability.workdays import add_working_days
from shadowing.models import Season
from shadowing.notices.due import latest_step, step_before_answer
from shadowing.seasons.foreseeing import Coming, Foresight, sent_on

AHEAD = timedelta(days=28)


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


VISIT = Foresight(gettext_lazy("A visit in four weeks is published"), of_visit)
