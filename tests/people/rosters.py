"""Small rosters for tests, and the shortest way to import them."""

from datetime import UTC, datetime
from pathlib import Path

from people.roster.columns import choose
from people.roster.importing import Order, dry_run, import_roster
from people.roster.reading import read_table

FOLDER = Path(__file__).parent.parent / "data" / "rosters"
NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
EXECUTIVES = "Emp No,Name,Email,Level,Unit,Home site,Manager"
HOSTS = "Emp No,Name,Email,Site,Team,Unit,Hire date,Languages,Max visits,Nominated"


def order(source, kind, *, chosen=None, where=(), defaults=None, header=True, by=None, by_name=False):
    table = read_table(FOLDER / source if isinstance(source, str) else source, header=header)
    columns = choose(table, kind, chosen=chosen or {}, where=where, defaults=defaults or {})
    return Order(table, columns, by=by, by_name=by_name, file_name="people.csv")


def csv(header, *rows):
    return "\n".join([header, *rows]).encode()


def bring(source, kind="executives", **options):
    """Import and return the report."""
    return import_roster(order(source, kind, **options), now=NOW)[0]


def look(source, kind="executives", **options):
    return dry_run(order(source, kind, **options), today=NOW.date())


def counts(report):
    found = report.counts()
    return found["add"], found["change"], found["leave"], found["reject"], found["leavers"]


def remarks(report, text):
    return [(remark.line, remark.column) for remark in report.warnings if text in remark.reason]


def rejected(report):
    return [(line.number, line.column, line.reason) for line in report.lines if line.verdict == "reject"]
