"""Results as files: what the page shows, in the same words, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from people.exports import csv_lines, write_xlsx
from surveys.coding import Coded
from surveys.figures import Shown
from surveys.findings import Findings, Result, every_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SURVEY_COLUMNS = (
    "season", "survey", "audience", "moment", "part", "released_on", "question", "measure", "option", "answers",
    "figure", "numerator", "denominator", "compared_with", "figure_then", "change",
    "answers_number", "figure_number", "figure_then_number",  # the number in each of these words, for reckoning
)  # fmt: skip
Cell = str | float | int | None
Row = tuple[object, ...]
NOTHING = (None, None, "", "", "")  # no parts, nothing to compare with
NO_NUMBERS = (None, None, None)
_NUMBER = re.compile(r"\d+(\.\d+)?")


def _plain(text: str) -> float | int:
    return float(text) if "." in text else int(text)


def number_in(text: str) -> float | int | None:
    """The number that a figure says, in whatever words: 95 of "≥ 95 %", 10 of "10+"; None of "hidden"."""
    found = _NUMBER.search(text)
    return _plain(found[0]) if found else None


def attached(columns: Sequence[str], rows: Iterable[Row], name: str, ending: str) -> HttpResponseBase:
    """A file as a download; ``ending`` is csv or xlsx."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    if ending == "csv":
        return StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8", headers=headers)
    return FileResponse(write_xlsx(columns, rows, name), content_type=XLSX, headers=headers)


def survey_rows(found: Findings) -> Iterator[Row]:
    """One row a figure in the order of the page; texts one by one, all of their pages, with the name of whose they are
    (as the option) in a named round. Words and numbers have columns of their own."""
    asked = found.round
    head = (asked.season.slug, str(asked.version), asked.get_audience_display(), asked.get_phase_display())
    for result in found.results:
        yield from (head + row for row in _rows(found, result))


def _rows(found: Findings, result: Result) -> Iterator[Row]:
    part, day = found.part.name, found.part.released_on
    if result.kind == "text":
        texts = every_text(found, result) if result.texts else [(_("hidden"), None)]
        yield from (
            (part, day, result.text, "text", name or "", "", text, *NOTHING, *NO_NUMBERS) for text, name in texts
        )
        return
    yield from _figures(result, result.shown, part, day, found)
    for label, share in result.bars:
        yield part, day, result.text, "share", label, "", per_cent(share), *NOTHING, None, share, None
    for name, shown in result.parts:
        yield from _figures(result, shown, name, _day(found, name), None)


def _figures(result: Result, shown: Shown | None, part: str, day: object, found: Findings | None) -> Iterator[Row]:
    """Mean or share of yes, and the favourable share. ``found``: with the comparison."""
    head = (part, day, result.text)
    if shown is None:
        yield *head, result.kind, "", "", _("hidden"), *NOTHING, *NO_NUMBERS
        return
    coded, then = shown.coded, _compared(result, found)
    numbers = number_in(coded.answers), number_in(coded.text), number_in(then[1])
    yield *head, result.kind, "", coded.answers, *_figure(coded), *then, *numbers
    if fair := shown.favourable:
        yield *head, "favourable", "", "", *_figure(fair), "", "", "", None, number_in(fair.text), None


def _figure(coded: Coded) -> tuple[Cell, Cell, Cell]:
    """The figure with its parts, where they are told."""
    return coded.text, coded.numerator, coded.denominator


def _compared(result: Result, found: Findings | None) -> tuple[str, str, str]:
    if not (found and found.before and result.earlier and result.change):
        return "", "", ""
    return str(found.before.season), result.earlier.coded.text, result.change


def per_cent(share: int) -> str:
    return f"{share}\N{NO-BREAK SPACE}%"


def _day(found: Findings, name: str) -> object:
    return next((part.released_on for part in found.parts if part.name == name), None)
