"""Speed of pages: each against the floor, request by request in turn, on the same server and database."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, cycle

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench import world
from tests.bench.servers import Answer, Browser, gunicorn
from tests.bench.table import Row, Table

LEAST, ENOUGH, BOUND = 10, 40, 8  # requests of each however slow, requests of each, seconds
LISTS, DETAILS = 8, 12  # queries
CLIENTS, POSTS = 50, 4  # at once, each
KILOBYTE = 1000
Ask = Callable[[], Answer]


@dataclass(frozen=True)
class Page:
    """``floor`` is the address it is measured against; queries and kilobytes are budgets of their own."""

    what: str
    path: str
    limit: float
    floor: str = "/list/"
    who: str = "coordinator"
    queries: int | None = None
    kilobytes: float | None = None
    grows: bool = False  # the largest program may take 1.25 × as long as the smallest


def pages(found: world.Samples) -> Iterator[Page]:
    """Every row of quality.md's table that is one address."""
    one, site = f"/one/{found.issue.number}/", found.site.slug
    for what, path, limit in (
        ("issue list", "/issues/", 1.5),
        ("issue list, filtered", f"/issues/?state=in_progress&site={site}", 1.5),
        ("issue list, sorted", "/issues/?sort=update", 1.5),
        ("issue list, by owner", "/issues/?sort=owner", 1.5),
        ("issue list, by number", "/issues/?sort=number", 1.5),
        ("issue list, searched, many found", "/issues/?q=refund+screen", 2),
        ("issue list, searched, few found", f"/issues/?q={found.issue.title.split()[-1]}+", 2),
        ("issue list, searched, none found", "/issues/?q=zeppelin", 2),
        ("visit list", "/visits/", 1.5),
        ("visit list, filtered", f"/visits/?state=held&site={site}", 1.5),
        ("visit list, sorted", "/visits/?sort=executive", 1.5),
        ("visit list, by state", "/visits/?sort=state", 1.5),
        ("visit list, searched", f"/visits/?q={found.visit.executive.user.name.replace(' ', '+')}", 2),
        ("people list", "/people/", 1.5),
        ("people list, filtered", f"/people/?kind=hosts&site={site}", 1.5),
        ("people list, sorted", "/people/?sort=-number", 1.5),
        ("people list, searched", f"/people/?q={found.visit.host.user.name.replace(' ', '+')}", 2),
    ):
        yield Page(what, path, limit, queries=LISTS, grows=True)
    yield Page("what I must do, executive", "/issues/mine/", 2.5, who="executive", queries=LISTS)
    yield Page("one-click form", found.one_click, 4, one, queries=DETAILS)
    yield Page("issue page", f"/issues/{found.issue.number}/", 4, one, queries=DETAILS)
    yield Page("visit page", f"/visits/{found.visit.uuid}/", 4, one, queries=DETAILS)
    yield Page("season page", f"/seasons/{found.season.slug}/", 4, one, queries=DETAILS)
    visits = found.full_season.visits.count()
    yield Page(f"season board, {visits:,} visits", f"/seasons/{found.full_season.slug}/board/", 6, kilobytes=300)
    for who in found.sessions:
        yield Page(f"home of the {who}", "/", 2.5, who=who)


def at(size: int, environment: dict[str, str], table: Table) -> None:
    """Measure every page at this size."""
    found = world.samples()
    ours, floor = (gunicorn(environment, name) for name in ("floorprogram.settings", "tests.bench.floor.settings"))
    with ours as our_server, floor as floor_server:
        run = Run(found, our_server.port, floor_server.port, f"{size:,}", table)
        for page in pages(found):
            run.guarded(page.what, lambda page=page: run.page(page))
        run.guarded("post an update", run.post)
        run.guarded(f"{CLIENTS} clients post at once, p95", run.storm)


class Run:
    """The pages of one size."""

    def __init__(self, found: world.Samples, ours: int, floor: int, at: str, table: Table) -> None:
        self.found, self.at, self.table, self._ports = found, at, table, (ours, floor)
        self.ours = {who: Browser(ours, session) for who, session in found.sessions.items()}
        self.floor = {who: Browser(floor, session) for who, session in found.sessions.items()}
        self._updates = cycle(found.to_update)
        self._words = count(1)

    def guarded(self, what: str, measure: Callable[[], None]) -> None:
        with self.table.guarded("pages", what, self.at):
            measure()

    def page(self, page: Page) -> None:
        ours, floor = self.ours[page.who], self.floor[page.who]
        warm(ours, page.path)
        warm(floor, page.floor)
        queries = queries_of(page.path, self.found.sessions[page.who])
        mine, theirs, last = in_turn(lambda: ours.get(page.path), lambda: floor.get(page.floor))
        kilobytes = len(last.body) / KILOBYTE
        doubts = [f"answered {last.status}"] if last.status != 200 else []
        doubts += [f"{queries} queries, {page.queries} allowed"] if page.queries and queries > page.queries else []
        if page.kilobytes and kilobytes > page.kilobytes:
            doubts.append(f"{kilobytes:.0f} kB, {page.kilobytes:.0f} allowed")
        self._add(page.what, mine, theirs, page.limit, doubts, f"{queries} queries, {kilobytes:.0f} kB")

    def post(self) -> None:
        """An update against one inserted row."""
        browser, floor = self.ours["coordinator"], self.floor["coordinator"]
        for _ in range(4):
            self._update(browser)
            self._insert(floor)
        mine, theirs, last = in_turn(lambda: self._update(browser), lambda: self._insert(floor))
        doubts = [f"answered {last.status}"] if last.status != 302 else []
        self._add("post an update", mine, theirs, 2.5, doubts, "")

    def storm(self) -> None:
        """Everybody posts at once: no error, and the slowest not much slower than the middle."""
        browsers = [Browser(self._ports[0], self.found.sessions["coordinator"]) for _ in range(CLIENTS)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            answers = [
                a for found in pool.map(lambda b: [self._update(b) for _ in range(POSTS)], browsers) for a in found
            ]
        seconds = sorted(answer.seconds * KILOBYTE for answer in answers)
        bad = sum(answer.status != 302 for answer in answers)
        self.table.add(
            Row(
                "pages", f"{CLIENTS} clients post at once, p95", self.at, seconds[int(len(seconds) * 0.95)],
                reference=statistics.median(seconds), limit=4, doubts=(f"{bad} errors",) if bad else (), note="over p50",
            )
        )  # fmt: skip

    def _update(self, browser: Browser) -> Answer:
        number, words = next(self._updates), next(self._words)
        return browser.post(f"/issues/{number}/update/", text=f"Step {words} is in test.", host_reads="on")

    def _insert(self, browser: Browser) -> Answer:
        return browser.post(f"/insert/{self.found.issue.number}/", text="The next step is in test.")

    def _add(self, what: str, mine: float, theirs: float, limit: float, doubts: list[str], note: str) -> None:
        self.table.add(
            Row("pages", what, self.at, mine, reference=theirs, limit=limit, doubts=tuple(doubts), note=note)
        )


def warm(browser: Browser, path: str) -> None:
    """New connections first, so that both workers have the page in mind."""
    for _ in range(4):
        browser.get(path)
        browser.close()
    browser.get(path)


def in_turn(ours: Ask, floor: Ask) -> tuple[float, float, Answer]:
    """Medians in milliseconds of both, asked A B A B, and our last answer."""
    mine, theirs, started = [], [], time.monotonic()
    while len(mine) < ENOUGH and (len(mine) < LEAST or time.monotonic() - started < BOUND):
        last = ours()
        mine.append(last.seconds)
        theirs.append(floor().seconds)
    return statistics.median(mine) * 1000, statistics.median(theirs) * 1000, last


def queries_of(path: str, session: str) -> int:
    """How many queries the page takes, the sign-in's own included."""
    client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    client.cookies["session"] = session
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def growth(table: Table) -> None:
    """Each list at the largest size against the smallest, both as multiples of the floor of their time."""
    rows = [row for row in table.rows if row.part == "pages" and " list" in row.what and row.ratio]
    for what in dict.fromkeys(row.what for row in rows):
        first, *_, last = [row for row in rows if row.what == what] * 2
        if first.at != last.at:
            table.add(
                Row("pages", what, f"×{_times(first.at, last.at)}", last.ratio, "×", first.ratio, 1.25, note="grown")
            )


def _times(first: str, last: str) -> int:
    return int(last.replace(",", "")) // int(first.replace(",", ""))
