"""Surveys: results and alignment at a million answers, and a whole shift that answers at once."""

from __future__ import annotations

import statistics
from concurrent.futures import ThreadPoolExecutor

from tests.bench import survey_world, world
from tests.bench.pages import CLIENTS, DETAILS, POSTS, Page, Run, in_turn
from tests.bench.servers import Answer, Browser, gunicorn
from tests.bench.table import Row, Table

GIVEN = {"worthwhile": "1", "floor-share": "4", "staged": "0", "again": "1", "change": "More time with callers."}


def at(size: int, environment: dict[str, str], table: Table) -> None:
    """Fill and measure, once: at the first size of the program."""
    if any(row.part == "surveys" for row in table.rows):
        return
    filled, found = survey_world.make(), world.samples()
    ours, floor = (gunicorn(environment, name) for name in ("floorprogram.settings", "tests.bench.floor.settings"))
    with ours as our_server, floor as floor_server:
        run = SurveyRun(found, our_server.port, floor_server.port, f"{filled.answers:,}", table)
        for page in pages(filled):
            run.guarded(page.what, lambda page=page: run.page(page))
        run.guarded("post a survey", lambda: run.post_survey(filled.links))
        run.guarded(f"{CLIENTS} clients answer at once", lambda: run.crowd(filled.links))


def pages(filled: survey_world.Surveys):
    """What quality.md budgets at this size."""
    results, texts = f"/surveys/{filled.results.pk}/", filled.results.version.questions.filter(type="text").first()
    yield Page("results", results, 4, queries=DETAILS)
    yield Page("results of one cell", f"{results}?cell={filled.cell.pk}", 4, queries=DETAILS)
    if texts:
        yield Page("results, texts, page 20", f"{results}?p-{texts.key}=20", 4, queries=DETAILS)
    yield Page("alignment", "/surveys/alignment/", 4, queries=DETAILS)
    yield Page("alignment, summary", "/surveys/alignment/summary/", 4, queries=DETAILS)


class SurveyRun(Run):
    """Links are used up: each takes one answer."""

    def guarded(self, what, measure) -> None:
        with self.table.guarded("surveys", what, self.at):
            measure()

    def post_survey(self, links: list[str]) -> None:
        """A finished survey against one inserted row."""
        browser, floor = self.ours["coordinator"], self.floor["coordinator"]
        for _ in range(4):
            self._answer(browser, links)
            self._insert(floor)
        mine, theirs, last = in_turn(lambda: self._answer(browser, links), lambda: self._insert(floor))
        doubts = [f"answered {last.status}"] if last.status != 302 else []
        self._add("post a survey", mine, theirs, 2.5, doubts, "")

    def crowd(self, links: list[str]) -> None:
        """A shift ends: everybody answers at once, none is lost and none waits much longer than the middle."""
        from surveys.models import Response

        before = Response.objects.filter(release=None).count()
        browsers = [Browser(self._ports[0]) for _ in range(CLIENTS)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            runs = pool.map(lambda browser: [self._answer(browser, links) for _ in range(POSTS)], browsers)
            answers = [answer for run in runs for answer in run]
        seconds = sorted(answer.seconds * 1000 for answer in answers)
        stored = Response.objects.filter(release=None).count() - before
        bad = [f"{stored} of {len(answers)} stored"] if stored != len(answers) else []
        bad += [f"{sum(a.status != 302 for a in answers)} errors"] if any(a.status != 302 for a in answers) else []
        self.table.add(
            Row(
                "surveys", f"{CLIENTS} clients answer at once, p95", self.at, seconds[int(len(seconds) * 0.95)],
                reference=statistics.median(seconds), limit=4, doubts=tuple(bad), note="over p50",
            )
        )  # fmt: skip

    def _answer(self, browser: Browser, links: list[str]) -> Answer:
        return browser.post(links.pop(), **GIVEN)

    def _add(self, what, mine, theirs, limit, doubts, note) -> None:
        row = Row("surveys", what, self.at, mine, reference=theirs, limit=limit, doubts=tuple(doubts), note=note)
        self.table.add(row)
