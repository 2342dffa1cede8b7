"""Exports: the issues report from its page, against psql's \\copy of the same query."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import connection

from floorprogram.reports.figures import issue_export_rows
from people.models import Role
from tests.bench import world
from tests.bench.processes import children, megabytes
from tests.bench.servers import Answer, Browser, Server, gunicorn
from tests.bench.table import Row, Table

TIMES = 3
CSV, XLSX = "/reports/issues.csv?by=site", "/reports/issues.xlsx?by=site"  # "by" alone: of all seasons
BY_PYTHON = 9  # × psql, where Python formats the cells
FIRST_BYTE = 0.5  # seconds
CSV_MEMORY, XLSX_MEMORY = 100, 200  # MB more than before


def at(size: int, environment: dict[str, str], table: Table) -> None:
    """The whole CSV and the whole workbook."""
    reader = world.with_role(Role.COORDINATOR)
    query = _as_sql(issue_export_rows(reader, None))
    with gunicorn(environment, "floorprogram.settings") as server:
        browser = Browser(server.port, world.sign_in(reader))
        with table.guarded("exports", "issues as CSV", f"{size:,}"):
            csv(server, browser, query, environment["DATABASE_URL"], f"{size:,}", table)
        with table.guarded("exports", "issues as XLSX", f"{size:,}"):
            xlsx(server, browser, f"{size:,}", table)


def csv(server: Server, browser: Browser, query: str, database: str, size: str, table: Table) -> None:
    browser.get("/reports/issues.csv")  # a small one, so that the worker has all it needs in memory
    ours, psql, first = [], [], []
    with memory(server) as used:
        for _ in range(TIMES):
            answer = _good(browser.get(CSV))
            ours.append(answer.seconds)
            first.append(answer.first_byte)
            psql.append(copy(query, database))
    rows = answer.body.count(b"\r\n") - 1
    more = (f"{used[0]:.0f} MB more in a worker, {CSV_MEMORY} allowed",) if used[0] > CSV_MEMORY else ()
    seconds = statistics.median(ours)
    note = f"{rows:,} rows, {rows / seconds:,.0f} a second, {used[0]:.0f} MB more in a worker"
    table.add(
        Row("exports", "issues as CSV", size, seconds, "s", statistics.median(psql), BY_PYTHON, doubts=more, note=note)
    )
    table.add(Row("exports", "issues as CSV, first byte", size, statistics.median(first), "s", limit=FIRST_BYTE))


def xlsx(server: Server, browser: Browser, size: str, table: Table) -> None:
    with memory(server) as used:
        answer = _good(browser.get(XLSX))
    more = (f"{used[0]:.0f} MB more in a worker, {XLSX_MEMORY} allowed",) if used[0] > XLSX_MEMORY else ()
    note = f"{len(answer.body) / 1e6:.1f} MB file, {used[0]:.0f} MB more in a worker"
    table.add(Row("exports", "issues as XLSX", size, answer.seconds, "s", doubts=more, note=note))


def _good(answer: Answer) -> Answer:
    if answer.status != 200:
        raise RuntimeError(f"answered {answer.status}")
    return answer


def _as_sql(rows) -> str:
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        return cursor.mogrify(sql, parameters).decode()


def copy(query: str, database: str) -> float:
    """Seconds psql needs to write the query's rows to a file, its own start included."""
    address = urlsplit(database)._replace(scheme="postgresql").geturl()
    with tempfile.TemporaryDirectory() as folder:
        one_line = " ".join(query.split())
        statement = f"\\copy ({one_line}) to '{folder}/rows.csv' csv header"
        started = time.perf_counter()
        subprocess.run(["psql", "-q", address, "-c", statement], check=True, capture_output=True)
        return time.perf_counter() - started


@contextmanager
def memory(server: Server) -> Iterator[list[float]]:
    """By how many MB the worker grew that grew most, at its peak; known after the block."""
    workers = children(server.pid)
    before = {pid: megabytes(pid, peak=False) for pid in workers}
    used = [0.0]
    yield used
    used[0] = max(megabytes(pid, peak=True) - before[pid] for pid in workers)
