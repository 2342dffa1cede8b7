"""Every real roster of the shared data, one after the other, with the figures counted by hand."""

import pytest

from people.models import Executive, User
from people.roster.errors import RosterRefused
from people.roster.reading import read_table
from tests.people.rosters import bring, counts, look, rejected, remarks

pytestmark = pytest.mark.django_db
SENIOR = {  # added, rejected, rows of a shared address (0: none)
    "uk_dvla_2011-03_senior.csv": (7, 0, 0),
    "uk_dvla_2011-09_senior.csv": (7, 0, 0),
    "uk_hmrc_2011-03_senior.csv": (42, 304, 345),
    "uk_natural-england_2011-03_senior.csv": (24, 0, 0),
    "uk_natural-england_2011-09_senior.csv": (23, 0, 0),
    "uk_passport-service_2011-09_senior.csv": (3, 11, 14),
    "uk_student-loans-co_2015-03_senior.csv": (6, 0, 6),
}
JUNIOR = [
    "uk_dvla_2011-03_junior.csv", "uk_dvla_2011-09_junior.csv", "uk_hmrc_2011-03_junior.csv",
    "uk_natural-england_2011-03_junior.csv", "uk_natural-england_2011-09_junior.csv",
    "uk_passport-service_2011-09_junior.csv", "uk_student-loans-co_2015-03_junior.csv",
]  # fmt: skip
WRONG = ["uk_mwmi_cp1252_linebreaks-in-header.csv", "uk_mwmi_utf8-bom_decoy-semicolons.csv"]
OTHER = {
    "adventureworks_DimEmployee.psv", "adventureworks_FactCallCenter.psv",
    "midpoint_hr-simulation.csv", "midpoint_hris-export-initial.csv",
}  # fmt: skip


def test_no_file_is_forgotten(shared):
    assert {path.name for path in (shared / "rosters").iterdir()} == {*SENIOR, *JUNIOR, *OTHER}
    assert {path.name for path in (shared / "wrong-template").iterdir()} == set(WRONG)


@pytest.mark.parametrize("name", SENIOR)
def test_senior_files(shared, name):
    added, empty, sharing = SENIOR[name]
    report = bring(shared / "rosters" / name)

    assert counts(report) == (added, 0, 0, empty, 0)
    assert all(reason.startswith("nobody in this post") for _line, _column, reason in rejected(report))
    assert len(remarks(report, f"stands on {sharing} rows")) == (1 if sharing else 0)
    assert len(remarks(report, "nobody has the number or e-mail “XX”")) == 1
    assert User.objects.filter(email__isnull=False).count() == (0 if sharing else added)
    assert Executive.objects.filter(line_manager__isnull=True).count() >= 1
    assert counts(bring(shared / "rosters" / name)) == (0, 0, added, empty, 0)


@pytest.mark.parametrize("name", JUNIOR)
@pytest.mark.parametrize("kind", ["executives", "hosts"])
def test_groups_of_posts(shared, name, kind):
    with pytest.raises(RosterRefused, match=r"not a people file.*Number of Posts in FTE"):
        look(shared / "rosters" / name, kind, defaults={"site": "swansea"} if kind == "hosts" else {})


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("kind", ["executives", "hosts"])
def test_workforce_returns(shared, name, kind):
    table = read_table(shared / "wrong-template" / name)
    assert len(table.header) == 41
    with pytest.raises(RosterRefused, match="not a people file"):
        look(shared / "wrong-template" / name, kind)


def test_half_a_year_later(shared):
    bring(shared / "rosters" / "uk_natural-england_2011-03_senior.csv")
    report = bring(shared / "rosters" / "uk_natural-england_2011-09_senior.csv")

    assert counts(report)[0] == 0
    assert [name for _pk, name, _key in report.leavers] == ["Richards Streeter"]
    assert len(remarks(report, "before")) == 2  # two renumbered, known by their addresses
    assert User.objects.get(name="Janette Ward").employee_number == "22"


def test_a_warehouse_dump_without_header(shared):
    chosen = {
        "employee_number": "#4",
        "name": "#7+#8",
        "email": "#15",
        "hired_on": "#12",
        "team": "#28",
        "function": "#11",
    }
    options = {"header": False, "chosen": chosen, "defaults": {"site": "bothell"}}
    report = bring(shared / "rosters" / "adventureworks_DimEmployee.psv", "hosts", **options)

    assert counts(report) == (290, 0, 0, 0, 0)
    assert len(remarks(report, "is the current one")) == 6
    assert counts(bring(shared / "rosters" / "adventureworks_DimEmployee.psv", "hosts", **options)) == (0, 0, 290, 0, 0)
    current = look(shared / "rosters" / "adventureworks_DimEmployee.psv", "hosts", where=["#31=Current"], **options)
    assert counts(current) == (0, 0, 290, 0, 0)


def test_call_figures_are_no_people(shared):
    file = shared / "rosters" / "adventureworks_FactCallCenter.psv"
    with pytest.raises(RosterRefused, match="not a people file"):
        look(file, "hosts", header=False)
    chosen = {"employee_number": "#1", "name": "#4"}
    with pytest.raises(RosterRefused, match="not a people file"):
        look(file, "hosts", header=False, chosen=chosen, defaults={"site": "x"})


def test_personnel_exports(shared):
    assert counts(bring(shared / "rosters" / "midpoint_hris-export-initial.csv", "hosts")) == (50, 0, 0, 0, 0)
    with pytest.raises(RosterRefused, match="site"):
        look(shared / "rosters" / "midpoint_hr-simulation.csv", "hosts")
    report = look(shared / "rosters" / "midpoint_hr-simulation.csv", "executives")
    assert counts(report) == (250, 0, 0, 0, 0)
