"""Guessing, naming and limiting columns; and files that hold no people."""

import pytest

from people.roster.columns import choose, guess, refuse_unless_complete, refuse_unless_people
from people.roster.errors import RosterRefused
from people.roster.reading import read_table
from tests.people.rosters import FOLDER


def table_of(*lines, header=True):
    return read_table("\n".join(lines).encode(), header=header)


def labels(columns):
    return {name: source.label for name, source in columns.items()}


def refuse_unfit(table, columns):
    refuse_unless_people(table, columns)
    refuse_unless_complete(columns)


def test_headers_of_a_published_senior_file_are_guessed():
    table = read_table(FOLDER / "uk_dvla_2011-03_senior.csv")

    assert labels(guess(table, "executives")) == {
        "employee_number": "Post Unique Reference",
        "name": "Name",
        "email": "Contact E-mail",
        "level": "Grade (or equivalent)",
        "business_unit": "Unit",
        "manager": "Reports to Senior Post",
    }


def test_headers_of_a_personnel_system_are_guessed():
    table = read_table(FOLDER / "midpoint_hris-export-initial.csv")

    assert labels(guess(table, "hosts")) == {
        "employee_number": "empnum",
        "name": "firstname+surname",
        "function": "job",
        "site": "locality",
    }


@pytest.mark.parametrize(
    ("header", "field", "label"),
    [
        ("empNo,firstName,lastName,department,phone", "name", "firstName+lastName"),
        ("Staff ID,Name,Surname", "name", "Name+Surname"),
        ("Staff ID,Surname,Full Name", "name", "Full Name"),
        ("id,Name,Work Email,Contact E-mail", "contact_email", "Contact E-mail"),
        ("id,Name,Work Email,Contact E-mail", "email", "Work Email"),
        ("id,Name,Line Manager Email", "manager", "Line Manager Email"),
        ("id,Name,Business Unit,Unit", "business_unit", "Business Unit"),
    ],
)
def test_wordings(header, field, label):
    assert guess(table_of(header, "1,a,b,c,d"), "executives")[field].label == label


def test_chosen_columns_win_and_free_their_guess():
    table = table_of("id,Name,Contact E-mail", "1,Ann,a@b.example")

    columns = choose(table, "executives", chosen={"contact_email": "contact e-mail", "name": "#2"})

    assert labels(columns.fields) == {"employee_number": "id", "name": "Name", "contact_email": "Contact E-mail"}


def test_a_field_can_be_left_unread():
    table = table_of("id,Name,Grade", "1,Ann,x")

    assert "level" not in choose(table, "executives", chosen={"level": ""}).fields


def test_columns_of_files_without_header_are_numbered_and_joined():
    table = table_of("7|Ann|Lee|Cork", "8|Bo|Ray|Cork", header=False)

    columns = choose(table, "hosts", chosen={"employee_number": "#1", "name": "#2+#3", "site": "#4"})

    assert [columns.text("name", row.cells) for row in table.rows()] == ["Ann Lee", "Bo Ray"]


@pytest.mark.parametrize(
    ("where", "left"),
    [
        (["Status=active"], ["1", "3"]),
        (["Site~LIS"], ["1", "2"]),
        (["Status=active", "Site~porto"], ["3"]),
        (["a=b=x"], ["2"]),
    ],
)
def test_conditions_limit_rows(where, left):
    table = table_of("id,Name,Status,Site,a=b", "1,A,Active,Lisbon,", "2,B,left,lisbon 2,x", "3,C,ACTIVE,Porto,")
    columns = choose(table, "hosts", chosen={}, where=where)

    assert [row.cells[0] for row in table.rows() if columns.wanted(row.cells)] == left


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"chosen": {"name": "Nome"}}, "no column “Nome”"),
        ({"chosen": {"name": "#9"}}, "no column “#9”"),
        ({"chosen": {"shoe": "Name"}}, "no field “shoe”"),
        ({"chosen": {"name": "Name"}, "defaults": {"email": "a@b.example"}}, "takes no default"),
        ({"chosen": {"level": "Salary"}}, "never read"),
        ({"chosen": {"level": "#3"}}, "never read"),
        ({"chosen": {}, "where": ["Salary=9"]}, "never read"),
        ({"chosen": {}, "where": ["Nope=9"]}, "no column “Nope”"),
        ({"chosen": {}, "where": ["Name"]}, "COLUMN=VALUE"),
        ({"chosen": {"level": "TWICE"}}, "Several columns"),
    ],
)
def test_what_does_not_exist_or_is_barred_is_refused(options, words):
    table = table_of("id,Name,Salary,Twice,twice", "1,Ann,9,,")
    with pytest.raises(RosterRefused, match=words):
        choose(table, "executives", **options)


@pytest.mark.parametrize("file", ["uk_dvla_2011-09_junior.csv", "uk_mwmi_utf8-bom_decoy-semicolons.csv"])
@pytest.mark.parametrize("kind", ["executives", "hosts"])
def test_posts_and_returns_are_not_people_files(file, kind):
    table = read_table(FOLDER / file)
    with pytest.raises(RosterRefused, match=r"not a people file.*head-counts"):
        refuse_unless_people(table, choose(table, kind, chosen={}))


def test_a_job_title_does_not_make_posts_people():
    table = read_table(FOLDER / "uk_dvla_2011-09_junior.csv")
    columns = choose(
        table, "executives", chosen={"name": "Generic Job Title", "employee_number": "Reporting Senior Post"}
    )
    with pytest.raises(RosterRefused, match="not a people file"):
        refuse_unless_people(table, columns)


@pytest.mark.parametrize(
    ("header", "kind", "words"),
    [
        ("a,b", "hosts", "not a people file"),
        ("Name,Site", "hosts", "employee numbers or"),
        ("id,Name", "hosts", "hosts' site"),
    ],
)
def test_a_name_a_key_and_a_site_are_required(header, kind, words):
    table = table_of(header, "1,x")
    columns = choose(table, kind, chosen={})
    with pytest.raises(RosterRefused, match=words):
        refuse_unfit(table, columns)
