"""The reports by name: their columns and rows, the same for the page's export and for ``export_report``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from floorprogram.reports import figures
from floorprogram.reports.figures import Filters
from notifications.export import OUTBOX_COLUMNS, outbox_rows
from people.models import User
from surveys.alignment.reading import every_moment
from surveys.alignment.rows import COLUMNS as ALIGNMENT_COLUMNS
from surveys.alignment.rows import rows_of as alignment_rows
from surveys.exports import SURVEY_COLUMNS, survey_rows
from surveys.findings import findings
from surveys.models import Round, RoundState

Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Report:
    """``rows(user, filters, now)`` yields plain values in the order of ``columns``; dates stay dates, numbers numbers."""

    name: str
    title: str | Promise
    columns: Sequence[str]
    rows: Callable[[User, Filters, datetime], Rows]


def participation(user: User, filters: Filters, now: datetime) -> Rows:
    rows = figures.participation(user, filters, due=figures.over_by(now))
    for row in [*rows, figures.total(rows, "all")]:
        yield (
            row.group, row.invited, row.confirmed, row.due, row.held, row.cancelled, row.declined, row.no_show,
            _per_cent(row.held, row.due), row.took_away, row.held, _per_cent(row.took_away, row.held),
        )  # fmt: skip


def _per_cent(numerator: int, denominator: int) -> float | None:
    """Per cent with one decimal; None without a denominator."""
    return round(100 * numerator / denominator, 1) if denominator else None


def take_aways(user: User, filters: Filters, now: datetime) -> Rows:
    for *row, taken, waived, reason in figures.take_away_rows(user, filters.season).iterator(2000):
        state = "taken" if taken else "waived" if waived else "owed"
        if filters.take_away in ("", state):
            yield (*row, taken, state, reason)


def issues(user: User, filters: Filters, now: datetime) -> Rows:
    return figures.issue_export_rows(user, filters.season).iterator(2000)


def survey(user: User, filters: Filters, now: datetime) -> Rows:
    rounds = Round.objects.visible_to(user).exclude(state=RoundState.DRAFT).order_by("pk")
    rounds = rounds.select_related("season", "version__questionnaire")
    for survey_round in rounds.filter(season=filters.season) if filters.season else rounds:
        yield from survey_rows(findings(survey_round, user))


def alignment(user: User, filters: Filters, now: datetime) -> Rows:
    for found in every_moment(user, filters.season):
        yield from alignment_rows(found)


def outbox(user: User, filters: Filters, now: datetime) -> Rows:
    return outbox_rows(user)


CATALOGUE = {
    report.name: report
    for report in (
        Report(
            "participation",
            _("Participation"),
            ("group", "invited", "confirmed", "due", "held", "cancelled", "declined", "no_show", "held_of_due_percent",
             "took_away", "held_visits", "took_away_percent"),
            participation,
        ),
        Report(
            "takeaways",
            _("Take-aways"),
            ("visit", "season", "date", "site", "executive", "host", "issues", "take_away", "waiver_reason"),
            take_aways,
        ),
        Report(
            "issues",
            _("Issues"),
            ("number", "title", "state", "category", "site", "season", "owner", "promised_to", "taken_away_at",
             "target_date", "next_update_due", "word_due", "delivered_at", "confirmed_at", "confirmed_in_place", "blocked"),
            issues,
        ),
        Report("survey", _("Surveys"), SURVEY_COLUMNS, survey),
        Report("alignment", _("Alignment"), ALIGNMENT_COLUMNS, alignment),
        Report("outbox", _("Outbox"), OUTBOX_COLUMNS, outbox),
    )
}  # fmt: skip
