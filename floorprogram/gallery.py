"""What the gallery of components shows: invented names and figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from floorprogram.states import CONFLICT, ISSUE, OUTBOX, PLAN, SEASON, VISIT

TODAY = date(2026, 11, 10)
CLOCKS = ((18, 60), (9, 20), (2, 20), (0, 20), (-6, 20))  # days left, of how many


class SampleForm(forms.Form):
    """Every kind of field, two of them refused."""

    last_day = forms.CharField(label="Last day of the season", initial="28 Feb 2027")
    answer_within = forms.CharField(
        label="Answer invitations within", help_text="After that you see the next best pairs."
    )
    site = forms.ChoiceField(label="Site", choices=[("leeds", "Leeds"), ("pune", "Pune")])
    words = forms.CharField(label="What has moved since 19 October?", widget=forms.Textarea(attrs={"rows": 3}))
    host_reads = forms.BooleanField(label="Maya can read this", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("idea", "Idea"), ("praise", "Praise")], widget=forms.RadioSelect)
    file = forms.FileField(label="Roster file", required=False)


def refused_form() -> SampleForm:
    form = SampleForm(
        {"last_day": "28 Feb 2027", "answer_within": "3 working days", "site": "leeds", "words": "Moved."}
    )
    form.add_error("last_day", "The season starts on 1 March. Choose a day after it.")
    return form


def sample() -> dict[str, Any]:
    """The gallery's context."""
    kinds = {"visit": VISIT, "issue": ISSUE, "conflict": CONFLICT, "plan": PLAN, "season": SEASON, "outbox": OUTBOX}
    return {
        "today": TODAY,
        "kinds": [(kind, list(states)) for kind, states in kinds.items()],
        "clock_days": [(TODAY + timedelta(days=left), days) for left, days in CLOCKS],
        "form": refused_form(),
        "steps": [
            {"name": "File", "state": "done", "url": "#steps"},
            {"name": "Columns", "state": "done", "url": "#steps"},
            {"name": "Dry run", "state": "now"},
            {"name": "Import", "state": "next"},
        ],
        "chain": [
            {"name": "Visit", "detail": "18 May, Leeds", "state": "done"},
            {"name": "Taken away", "detail": "18 May", "state": "done"},
            {"name": "In progress", "detail": "since 1 June", "state": "now"},
            {"name": "Delivered", "detail": "target 4 Nov", "state": "next"},
            {"name": "Maya's word", "detail": "closes it", "state": "next"},
        ],
        "figures": [
            {"name": "Visits held", "number": 71, "parts": "of 148", "url": "#", "whole": 148,
             "segments": [("brand", 71), ("soft", 56), ("wait", 13), ("stop", 8)],
             "note": "56 confirmed, 13 invited, 8 fell through"},
            {"name": "Hosting was worthwhile", "number": "94\N{NO-BREAK SPACE}%", "parts": "47 of 50", "host": True,
             "segments": [("host", 47)], "whole": 50, "note": "As released on 6 November"},
        ],
    }  # fmt: skip
