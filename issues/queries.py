"""Reads that join issues with visits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, TextField

from issues.models import Issue, TakeAwayWaiver
from issues.models.issues import IssueQuerySet
from shadowing.models import Visit
from shadowing.models.visits import VisitQuerySet

CHUNK = 2000  # rows fetched at a time when all are written out
EXPORT_COLUMNS = {
    "number": "number", "title": "title", "state": "state", "category": "category__name", "site": "site__name",
    "season": "season__name", "team": "raised_in__name", "promised to": "promised_to__user__name",
    "owner": "owner__user__name", "owning unit": "owning_unit__path", "promise": "promise", "obstacle": "obstacle",
    "taken away": "taken_away_at", "target date": "target_date", "next update": "next_update_due",
    "last word to the host": "last_word_on", "word to the host due": "word_due", "on hold until": "hold_until",
    "blocked": "blocked", "reopened": "reopened", "delivered": "delivered_at", "impact": "impact",
    "confirmed": "confirmed_at", "confirmed in the host's place": "confirmed_in_place", "merged into": "merged_into",
}  # fmt: skip


class Texts(Func):
    """What an issue says, as one text. The index issue_text_parts is of exactly this expression."""

    template = "(%(expressions)s)"
    arg_joiner = " || '\n' || "
    output_field = TextField()

    def __init__(self) -> None:
        super().__init__(F("title"), F("obstacle"), F("promise"))


def take_aways_owed(visits: VisitQuerySet | None = None) -> VisitQuerySet:
    """Held visits (of ``visits``, else all) that no issue has settled and no coordinator has waived.

    An issue that began at the visit settles it whatever became of it. One made from the visit day's regroup began at the
    visit of its first owner, and settles that one alone. Combine with ``visible_to(user)``.

    Visits that are marked as followed are left out by an index; the others are looked at one by one.
    """
    held = (Visit.objects.all() if visits is None else visits).held().filter(followed=False)
    own = Issue.objects.filter(origin_visit=OuterRef("pk"))
    shared = Issue.objects.filter(
        origin_visit=None, origin_day__site=OuterRef("site"), origin_day__date=OuterRef("date"),
        owner=OuterRef("executive"),
    )  # fmt: skip
    waived = TakeAwayWaiver.objects.filter(visit=OuterRef("pk"))
    return held.filter(~Exists(own), ~Exists(shared), ~Exists(waived))


def took_issue() -> Q:
    """Visits at which an issue began: those marked, and of the others those that have one."""
    return Q(followed=True) | Q(Exists(Issue.objects.filter(origin_visit=OuterRef("pk"))))


def issue_rows(issues: IssueQuerySet) -> Iterator[tuple[Any, ...]]:
    """One tuple per issue, in the order of EXPORT_COLUMNS, fetched in chunks: for lists that are written out whole."""
    return issues.values_list(*EXPORT_COLUMNS.values()).iterator(chunk_size=CHUNK)
