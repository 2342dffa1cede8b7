"""The review: what was set up, in sentences, with the way to each step and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from people.models import User
from shadowing.models import Season
from shadowing.seasons import changes, overview, states, words
from shadowing.seasons.counting import count_effects
from shadowing.seasons.effect_words import Line, lines
from shadowing.seasons.setup.steps import STEPS, Step, stepper


@dataclass(frozen=True)
class Told:
    """One step in sentences; ``warnings`` are what would make the season fail."""

    step: Step
    url: str
    sentences: list[str]
    warnings: list[str]


def page(season: Season, user: User) -> dict[str, Any]:
    """Everything the review page shows."""
    rows = overview.site_rows(season, list(season.season_sites.all()))
    executives = season.executives.count()
    effects = lines(count_effects(season, rules={}, **_named(season)))
    told = _told(season, rows, executives, effects)
    visits = overview.visit_counts(season, [row.place.site_id for row in rows])
    return {
        "season": season,
        "steps": stepper(season),
        "told": told,
        "next_step": overview.next_step(season, visits, has_sites=bool(rows)),
        "meaning": changes.meaning(season),
        "may_delete": states.may_delete(season),
    }


def _named(season: Season) -> dict[str, set[int] | None]:
    """The people of a season that names them; None where it takes all."""
    executives = season.executives_from == "listed"
    hosts = season.hosts_from == "listed"
    return {
        "executives": set(season.executives.values_list("executive", flat=True)) if executives else None,
        "hosts": set(season.hosts.values_list("host", flat=True)) if hosts else None,
    }


def _told(season: Season, rows: list[overview.SiteRow], executives: int, effects: dict[str, Line]) -> list[Told]:
    places = [words.Places(row.place.site.name, row.place.visits_a_day, len(row.days)) for row in rows]
    together, rest = effects["together"], effects["days_between_host_visits"]
    sentences = {
        "window": words.window(season),
        "sites": words.sites(places),
        "rules": [*words.rules(season), together.text, rest.text],
        "agenda": words.agenda(season),
        "reminders": words.reminders(season),
    }
    warnings = {
        "sites": words.too_few(places, executives),
        "rules": [f"{line.text} {line.note}" if line is rest else line.note for line in (together, rest) if line.warns],
    }
    if rest.warns:
        sentences["rules"].remove(rest.text)
    return [Told(step, step.url(season), sentences[key], warnings.get(key, [])) for key, step in STEPS.items()]
