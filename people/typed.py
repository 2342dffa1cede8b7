"""What somebody typed into a form that could not be taken. It is shown to them to be copied, once, and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LIMIT = 60_000  # characters of one form that are shown; no form of ours takes as many
SECRET = re.compile(r"pass(word|code)|secret|token|csrf|^~", re.IGNORECASE)
FILLED_IN = frozenset({  # by the page, not by a person: hidden fields, and what buttons say
    "all", "answer", "back", "code", "copy_from", "executive", "from", "holds", "host", "kind", "list", "locked", "moves",
    "next", "note", "note_id", "numbers", "option", "option_key", "other_version", "removes", "repair", "remedy",
    "revision", "rows", "seen", "sort", "state", "ticks", "version", "wanted", "was",
})  # fmt: skip
TICKED = frozenset({"on", "yes", "no", "true", "false"})
NAMES: dict[str, str | Promise] = {
    "text": _("What you wrote"), "words": _("What you wrote"), "reason": _("Reason"), "title": _("Title"),
    "promise": _("Promise"), "obstacle": _("Obstacle"), "impact": _("What it changes"), "target_date": _("Target date"),
    "next_update_due": _("Next update"),
}  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """One field: its label, its words, and how many lines they need."""

    name: str
    label: str | Promise
    words: str

    @property
    def lines(self) -> int:
        return min(12, 1 + self.words.count("\n") + len(self.words) // 70)


def typed_in(request: HttpRequest) -> list[Typed]:
    """What was typed into the form that was sent: neither secrets, nor what the page itself filled in, nor ticks."""
    if request.method != "POST":
        return []
    posted = ((name, "\n".join(filter(None, values))) for name, values in request.POST.lists() if _is_words(name))
    fields = (Typed(name, _label(name), words.strip()) for name, words in posted)
    return _within_limit(field for field in fields if field.words and field.words not in TICKED)


def _is_words(name: str) -> bool:
    return not SECRET.search(name) and name not in FILLED_IN and not name.endswith(("_FORMS", "-id"))


def _label(name: str) -> str | Promise:
    return NAMES.get(name) or re.sub(r"[\W_]+", " ", name[:60]).strip().capitalize()


def _within_limit(fields: Iterable[Typed]) -> list[Typed]:
    kept, left = [], LIMIT
    for field in fields:
        if left <= 0:
            break
        kept.append(Typed(field.name, field.label, field.words[:left]))
        left -= len(field.words)
    return kept
