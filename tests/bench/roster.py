"""The roster import: 10,000 hosts, tried and then written, each in a process of its own on an empty program."""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from pathlib import Path

from tests.bench.processes import run as run_process
from tests.bench.setting import database, environment
from tests.bench.table import Row, Table

LINES = 10_000
SECONDS, MEGABYTES = 10, 256
HEADER = ["employee_number", "name", "email", "team", "function", "site", "business_unit", "hired_on", "languages"]


def run(table: Table) -> None:
    """A dry run, the import, and the same file again, which must change nothing."""
    with database() as url, tempfile.TemporaryDirectory() as folder:
        given = environment(url)
        file = Path(folder) / "hosts.csv"
        write_roster(file, LINES)
        manage = [sys.executable, "manage.py"]
        run_process([*manage, "migrate", "--verbosity", "0"], given)
        order = [*manage, "import_roster", str(file), "--kind", "hosts", "--json"]
        for what, more, expected in (
            ("roster, dry run", ["--dry-run"], LINES),
            ("roster, import", [], LINES),
            ("roster, the same again", [], 0),
        ):
            with table.guarded("import", what, f"{LINES:,}"):
                measure(what, [*order, *more], given, expected, table)


def measure(what: str, command: list[str], given: dict[str, str], expected: int, table: Table) -> None:
    done = run_process(command, given)
    added, rejected = done.json["added"], len(done.json["rejected"])
    doubts = [f"{added:,} added, {expected:,} expected"] if added != expected else []
    doubts += [f"{rejected:,} rejected"] if rejected else []
    doubts += [f"{done.megabytes:.0f} MB, {MEGABYTES} allowed"] if done.megabytes > MEGABYTES else []
    note = f"{done.cpu:.1f} s of it computing here, {done.megabytes:.0f} MB"
    table.add(
        Row("import", what, f"{LINES:,}", done.seconds, "s", limit=SECONDS, doubts=tuple(doubts), note=note)
    )  # fmt: skip


def write_roster(file: Path, lines: int) -> None:
    """Believable hosts; the same every time."""
    chance = random.Random(0)
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(HEADER)
        for number in range(lines):
            site = chance.randrange(8)
            hired = f"20{chance.randrange(10, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
            writer.writerow([
                f"A{number:05}", f"Hana Agent{number}", f"agent{number}@roster.example",
                f"Team {chance.randrange(60)}", chance.choice(["Billing", "Technical", "Retention"]), f"Site {site}",
                f"Care / Division {site % 4} / Unit {chance.randrange(6)}", hired, chance.choice(["en", "en es", "pt"]),
            ])  # fmt: skip
