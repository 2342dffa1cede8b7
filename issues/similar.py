"""Earlier issues like the one somebody is about to take away, and what became of them.

Alike are issues that say two of the longest words, whatever their endings, and where those are few also titles that are
spelt like it (PostgreSQL's trigrams). Other databases look for the words alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import combinations
from operator import or_
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import F, Func, Lookup, Q, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues.models import OPEN, Issue, IssueState
from issues.models.issues import IssueQuerySet
from issues.queries import Texts
from people.keys import fold
from people.models import User

SHOWN, COUNTED = 5, 20
CANDIDATES = 500  # looked at more closely
ALIKE = 0.3  # share of trigrams from which titles are spelt alike
WORDS, LEAST = 4, 4  # as many of the longest words, of so many letters at least
ENDING = 2  # letters that inflection may change
COLUMNS = (
    "number", "title", "state", "taken_away_at", "confirmed_at", "delivered_at", "confirmed_in_place", "merged_into_id",
    "state_reason", "target_date", "owner__user__name", "site__name",
)  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """One earlier issue, with what became of it in words."""

    number: int
    title: str
    site: str
    became: str

    @property
    def url(self) -> str:
        return reverse("issues:issue", args=[self.number])


@dataclass(frozen=True)
class Found:
    """What is alike: the nearest of them, and a sentence about all of them."""

    entries: list[Earlier]
    sentence: str


def stems(text: str) -> list[str]:
    """The longest words of a text without their endings, so that "screens" finds "screen"."""
    words = dict.fromkeys(re.findall(r"[^\W\d_]+", fold(text) or ""))
    longest = sorted((word for word in words if len(word) >= LEAST), key=len, reverse=True)[:WORDS]
    return [word[: max(LEAST, len(word) - ENDING)] for word in longest]


def similar(user: User, text: str, *, chosen: int | None = None, without: Iterable[int] = ()) -> Found:
    """Issues this person may see that are like ``text``, the nearest first; ``chosen`` comes before them all."""
    seen = Issue.objects.visible_to(user).exclude(pk__in=list(without))
    rows = nearest(seen, text.strip()[:400])
    picked = [row for row in rows if row["number"] == chosen]
    if chosen and not picked:
        picked = list(seen.filter(pk=chosen).values(*COLUMNS))
    others = [row for row in rows if row["number"] != chosen]
    entries = [_earlier(row) for row in [*picked, *others][:SHOWN]]
    return Found(entries, _sentence(rows) if rows else "")


def nearest(seen: IssueQuerySet, text: str) -> list[dict[str, Any]]:
    """The columns of those of ``seen`` that are like the text, the nearest first."""
    found = stems(text)
    if not found:
        return []
    if connection.vendor != "postgresql":
        return _most_words(seen, found)
    rows = list(saying(seen, text, found).values(*COLUMNS))
    if len(rows) < SHOWN and has_trigrams():
        known = {row["number"] for row in rows}
        rows += [row for row in spelt(seen, text, found).values(*COLUMNS) if row["number"] not in known]
    return rows[:COUNTED]


def saying(seen: IssueQuerySet, text: str, found: Sequence[str]) -> IssueQuerySet:
    """By PostgreSQL's full-text index: enough of the words, those first whose title is spelt most like the text. Looks at
    so many and no more, however much a program has of one kind."""
    enough = _Matches(_Words(Texts()), _Query(Value(_asked(found))))
    return _ranked(seen.filter(enough), text)[:COUNTED]


def spelt(seen: IssueQuerySet, text: str, found: Sequence[str]) -> IssueQuerySet:
    """By PostgreSQL's trigram index: one of the words, in a title that is spelt like the text, wrong letters or not.
    Asking the index for likeness itself takes a second where a hundred thousand titles are of few words."""
    said = reduce(or_, (Q(texts__icontains=stem) for stem in found))
    return _ranked(seen.alias(texts=Texts()).filter(said), text).filter(GreaterThanOrEqual(F("rank"), ALIKE))[:COUNTED]


def _ranked(some: IssueQuerySet, text: str) -> IssueQuerySet:
    rank = TrigramSimilarity("title", text) if has_trigrams() else F("number")
    found: IssueQuerySet = Issue.objects.filter(pk__in=some.values("pk")[:CANDIDATES]).annotate(rank=rank)
    return found.order_by(F("rank").desc(), "-number")


def _pairs(found: Sequence[str]) -> list[tuple[str, ...]]:
    """Which words are enough: any two of them, or the only one."""
    return list(combinations(found, 2)) if len(found) > 1 else [tuple(found)]


def _asked(found: Sequence[str]) -> str:
    return " | ".join("(" + " & ".join(f"{stem}:*" for stem in pair) + ")" for pair in _pairs(found))


def _most_words(seen: IssueQuerySet, found: Sequence[str]) -> list[dict[str, Any]]:
    """Among the newest that say enough of the words, those that say most of them."""
    said = seen.alias(texts=Texts())
    enough = Q()
    for pair in _pairs(found):
        both = Q()
        for stem in pair:
            both &= Q(texts__icontains=stem)
        enough |= both
    rows = said.filter(enough).order_by("-number").values(*COLUMNS, "obstacle", "promise")[:CANDIDATES]
    return sorted(rows, key=lambda row: _overlap(row, found), reverse=True)[:COUNTED]


def _overlap(row: dict[str, Any], found: Sequence[str]) -> int:
    """A word of the title counts twice."""
    title, texts = fold(row["title"]) or "", fold(f"{row['obstacle']} {row['promise']}") or ""
    return sum(2 * (stem in title) + (stem in texts) for stem in found)


@lru_cache(maxsize=1)
def has_trigrams() -> bool:
    """Is the extension there? Without it the words alone have to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')")
        return bool(cursor.fetchone()[0])


class _Words(Func):
    """The words of a text. The index issue_words is of exactly this expression of Texts."""

    template = "to_tsvector('simple', %(expressions)s)"


class _Query(Func):
    template = "to_tsquery('simple', %(expressions)s)"


class _Matches(Lookup):
    """``words @@ query``."""

    prepare_rhs = False
    lookup_name = "matches"
    conditional = True

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}", (*left_values, *right_values)


# --- What became of them -------------------------------------------------------------------------------------------------


def _earlier(row: dict[str, Any]) -> Earlier:
    return Earlier(row["number"], row["title"], row["site__name"], became(row))


def became(row: dict[str, Any]) -> str:
    """What became of one issue, in words; ``row`` has the columns of COLUMNS."""
    told = {"name": row["owner__user__name"], "year": row["taken_away_at"].year, "other": row["merged_into_id"]}
    told["days"] = _days(row)
    state = row["state"]
    if state == IssueState.CONFIRMED:
        words = _("taken away in %(year)s, solved in %(days)s")
        coordinator = _("taken away in %(year)s, solved in %(days)s; confirmed by a coordinator")
        return (coordinator if row["confirmed_in_place"] else words) % told
    if state == IssueState.WITHDRAWN:
        told["reason"] = row["state_reason"] or _("no reason is on record")
        return _("taken away in %(year)s, withdrawn: %(reason)s") % told
    if state == IssueState.MERGED:
        return _("taken away in %(year)s, goes on as %(other)s") % told
    if state == IssueState.DELIVERED:
        return _("%(name)s has delivered it; the host has not said yet whether it helps") % told
    return _("%(name)s works on it since %(year)s") % told


def _days(row: dict[str, Any]) -> str:
    """From taking it away to delivering it."""
    if not row["delivered_at"]:
        return ""
    days = max((row["delivered_at"].date() - row["taken_away_at"].date()).days, 1)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _sentence(rows: Sequence[dict[str, Any]]) -> str:
    """Such as "Taken away 3 times since 2024: twice solved, once withdrawn."."""
    since = min(row["taken_away_at"].year for row in rows)
    words = {IssueState.CONFIRMED: _("solved"), IssueState.WITHDRAWN: _("withdrawn"), IssueState.MERGED: _("merged")}
    parts = [f"{times(count)} {word}" for state, word in words.items() if (count := _count(rows, (state,)))]
    if running := _count(rows, OPEN):
        parts.append(ngettext("%(count)d still open", "%(count)d still open", running) % {"count": running})
    told = {"times": times(len(rows)), "year": since, "parts": ", ".join(parts)}
    if len(rows) >= COUNTED:
        return _("Taken away more than %(times)s since %(year)s. Of the nearest: %(parts)s.") % told
    return _("Taken away %(times)s since %(year)s: %(parts)s.") % told


def _count(rows: Sequence[dict[str, Any]], states: Sequence[str]) -> int:
    return sum(row["state"] in states for row in rows)


def times(count: int) -> str:
    """ "once", "twice", "3 times"."""
    if count < 3:
        return _("twice") if count == 2 else _("once")
    return _("%(count)d times") % {"count": count}
