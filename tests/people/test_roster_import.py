"""Files against the people there are: every rule of the roster import, on real files and made ones."""

import pytest

from people.models import AuditEvent, BusinessUnit, Executive, Host, RosterImport, Site, Team, User
from people.roster.errors import RosterRefused
from people.roster.superiors import loop_members
from tests.people.rosters import EXECUTIVES, FOLDER, HOSTS, bring, counts, csv, look, rejected, remarks

pytestmark = pytest.mark.django_db


def exec_named(name):
    return Executive.objects.get(user__name=name)


def test_a_published_file_becomes_executives():
    report = bring("uk_dvla_2011-03_senior.csv")

    assert counts(report) == (7, 0, 0, 0, 0)
    evans = exec_named("Paul Evans")
    assert (evans.user.employee_number, evans.user.email) == ("197", "Paul.Evans1@dvla.gsi.gov.uk")
    assert (evans.level, evans.business_unit.path) == ("SCS1", "DVLA Information Systems")
    assert evans.line_manager.name == "Simon Tse"
    assert not evans.user.has_usable_password()
    assert remarks(report, "nobody has the number") == [(8, "Reports to Senior Post")]
    assert exec_named("Simon Tse").line_manager is None
    assert len(remarks(report, "new unit")) == BusinessUnit.objects.count() == 7


def test_the_same_file_again_changes_nothing():
    bring("uk_dvla_2011-03_senior.csv")
    before = list(User.objects.order_by("pk").values())

    report = bring("uk_dvla_2011-03_senior.csv")

    assert counts(report) == (0, 0, 7, 0, 0)
    assert list(User.objects.order_by("pk").values()) == before


def test_a_later_file_changes_and_renames():
    bring("uk_dvla_2011-03_senior.csv")

    report = bring("uk_dvla_2011-09_senior.csv")

    assert counts(report) == (0, 6, 1, 0, 0)
    assert remarks(report, "David Evans: renamed to David L Evans") == [(6, "Name")]
    assert User.objects.count() == 7


def test_a_dry_run_says_the_same_and_writes_nothing():
    said = look("uk_dvla_2011-03_senior.csv")
    assert User.objects.count() == BusinessUnit.objects.count() == RosterImport.objects.count() == 0

    done = bring("uk_dvla_2011-03_senior.csv")

    assert said.as_json() == done.as_json()
    assert AuditEvent.objects.get().verb == "roster imported"


def test_empty_posts_are_rejected_and_a_shared_address_signs_nobody_in():
    report = bring("uk_passport-service_2011-09_senior.csv")

    assert counts(report) == (3, 0, 0, 11, 0)
    assert {reason for _line, column, reason in rejected(report) if column == "Name"} == {
        "nobody in this post ('Eliminated')",
        "nobody in this post (N/D)",
    }
    assert remarks(report, "hqenquiries@ips.gsi.gov.uk stands on 14 rows") == [(3, "Contact E-mail")]
    assert set(User.objects.values_list("email", "contact_email")) == {(None, "hqenquiries@ips.gsi.gov.uk")}


def test_an_address_shared_with_rows_left_out_is_shared_all_the_same():
    bring("uk_student-loans-co_2015-03_senior.csv", where=["Name=Derek Ross"])

    assert User.objects.get().email is None


def test_a_file_without_header_keeps_each_persons_current_row():
    chosen = {"employee_number": "#4", "name": "#7+#8", "email": "#15", "hired_on": "#12", "team": "#28"}
    report = bring(
        "adventureworks_DimEmployee_head.psv", "hosts", header=False, chosen=chosen, defaults={"site": "bothell"}
    )

    assert counts(report)[:4] == (58, 0, 0, 0)
    assert remarks(report, "another row of Rob Walters: line 5 is the current one") == [(4, "")]
    assert remarks(report, "another row of David Bradley") == [(7, "")]
    walters = Host.objects.get(user__name="Rob Walters")
    assert (walters.team.name, walters.team.site.name, walters.hired_on.isoformat()) == (
        "Tool Design",
        "Bothell",
        "2007-07-05",
    )
    assert User.objects.get(employee_number="112457891").email == "rob0@adventure-works.com"


def test_conditions_and_former_employees():
    report = look("midpoint_hris-export-initial.csv", "hosts")
    assert counts(report) == (50, 0, 0, 0, 0)
    assert (4, "status") in remarks(report, "the file calls Jimmy Taylor “Former employee”")

    assert counts(look("midpoint_hris-export-initial.csv", "hosts", where=["status=Active"]))[0] < 50
    with pytest.raises(RosterRefused, match="No line meets"):
        look("midpoint_hris-export-initial.csv", "hosts", where=["status=Gone"])


def test_hosts_get_everything_their_line_says():
    raw = csv(HOSTS, "7,Ann Lee,ann@x.example,Porto,Desk,Networks / Field,14/03/2019,English;pt,3,yes")
    report = bring(raw, "hosts")

    host = Host.objects.select_related("team__site", "team__business_unit").get()
    assert host.user.languages == ["en", "pt"]
    assert (host.hired_on.isoformat(), host.max_visits, host.nominated) == ("2019-03-14", 3, True)
    assert (host.team.name, host.team.site.slug, host.team.business_unit.path) == ("Desk", "porto", "Networks / Field")
    assert host.team.business_unit.parent.path == "Networks"
    assert report.created == {"sites": ["Porto"], "teams": ["Desk"], "business_units": ["Networks", "Networks / Field"]}


def test_what_a_cell_does_not_mean_is_listed_and_left():
    raw = csv(HOSTS, "7,Ann Lee,ann,Porto,,,31/02/2019,Klingonese!,9,A+")
    report = bring(raw, "hosts")

    assert {remark.column for remark in report.warnings if "“" in remark.reason} == {
        "Email", "Hire date", "Languages", "Max visits", "Nominated",
    }  # fmt: skip
    host = Host.objects.get()
    assert (host.hired_on, host.max_visits, host.nominated, host.user.email) == (None, 1, False, None)
    assert host.team.name == "Front line"


def test_hire_dates_to_come_are_listed_and_those_too_far_ahead_left_out():
    rows = [f"{number},Ann Lee {number},,Porto,,,{day},,," for number, day in enumerate(DAYS, 1)]

    report = bring(csv(HOSTS, *rows), "hosts")

    kept = Host.objects.order_by("user__employee_number").values_list("hired_on", flat=True)
    assert [day and day.isoformat() for day in kept] == ["2027-02-01", "2027-02-02", "2028-02-02", None, None]
    assert remarks(report, "is still to come") == [(3, "Hire date"), (4, "Hire date")]
    assert remarks(report, "too far ahead to be a hire date") == [(5, "Hire date"), (6, "Hire date")]
    assert counts(bring(csv(HOSTS, *rows), "hosts"))[:4] == (0, 0, 5, 0)


DAYS = ("2027-02-01", "2027-02-02", "2028-02-02", "2028-02-03", "2999-01-01")  # the first is the day of the import
LONG = "so, this; or\n" * 20_000


def test_a_cell_too_long_rejects_its_row_where_it_is_read_and_nothing_elsewhere():
    raw = csv("Name,Email,Notes", f'Ann Lee,a@x.example,"{LONG}"', "Bo Ray,b@x.example,x")

    assert counts(look(raw)) == (2, 0, 0, 0, 0)
    reason = "more than 32767 characters, which no cell can hold"
    read = bring(raw, chosen={"level": "Notes"})
    assert (counts(read)[:4], rejected(read)) == ((1, 0, 0, 1), [(2, "Notes", reason)])
    assert exec_named("Bo Ray").level == "x"


def test_a_condition_on_a_cell_too_long_rejects_what_it_cannot_judge():
    raw = csv("Name,Email,Notes", f'Ann Lee,a@x.example,"{LONG}"', "Bo Ray,b@x.example,x")

    assert [line for line, _column, _reason in rejected(look(raw, where=["Notes~x"]))] == [2]
    assert counts(look(raw, where=["Notes=x"])) == (1, 0, 0, 0, 0)


def test_rows_without_a_key_or_a_site_or_with_cells_too_many_are_rejected():
    raw = csv(
        HOSTS,
        ",Ann Lee,,Porto,,,,,,",
        "8,Bo Ray,,,,,,,,",
        "9,Lee, Cy,c@x.example,Porto,,,,,,,x",
        "10,Di Fo,,Porto,,,,,,",
    )
    report = bring(raw, "hosts")

    assert [(line, reason.split(",")[0]) for line, _column, reason in rejected(report)] == [
        (2, "no employee number and no e-mail to know this person by"),
        (3, "no site"),
        (4, "12 cells"),
    ]
    assert User.objects.get().name == "Di Fo"


def test_two_people_with_one_number_are_both_kept():
    report = bring(csv("Emp No,Name", "5,Ann Lee", "5,Bo Ray"))

    assert counts(report)[0] == 2
    assert remarks(report, "number 5 is also that of Ann Lee on line 2") == [(3, "Emp No")]
    assert counts(bring(csv("Emp No,Name", "5,Ann Lee", "5,Bo Ray"))) == (0, 0, 2, 0, 0)


def test_another_name_under_a_number_is_a_renaming_only_once_on_both_sides():
    bring(csv("Emp No,Name", "5,Ann Lee", "6,Bo Ray", "6,Cy Dee"))
    report = bring(csv("Emp No,Name", "5,Ann Lee-Smith", "6,Eve Fox", "6,Cy Dee"))

    assert counts(report) == (1, 1, 1, 0, 1)
    assert remarks(report, "renamed to Ann Lee-Smith") == [(2, "Name")]
    assert [name for _pk, name, _key in report.leavers] == ["Bo Ray"]


def test_a_number_given_to_somebody_else_is_no_renaming():
    bring(csv("Emp No,Name,Email", "5,Ann Lee,ann@x.example"))
    report = bring(csv("Emp No,Name,Email", "5,Bo Ray,bo@x.example"))

    assert counts(report) == (1, 0, 0, 0, 1)
    assert User.objects.get(email="ann@x.example").name == "Ann Lee"


def test_hosts_and_executives_may_be_numbered_apart_and_one_may_be_both():
    bring(csv("Emp No,Name", "5,Ann Lee", "6,Bo Ray"))
    report = bring(csv("Emp No,Name,Site", "5,Cy Dee,Porto", "6,Bo Ray,Porto"), "hosts")

    assert counts(report)[:3] == (2, 0, 0)
    assert User.objects.count() == 3
    assert {"executive", "host"} <= User.objects.get(name="Bo Ray").identities


def test_people_without_numbers_are_known_by_their_address():
    bring(csv("Name,Email", "Ann Lee,ann@x.example"))
    report = bring(csv("Name,Email", "Ann Lee-Smith,ANN@x.example"))

    assert counts(report) == (0, 1, 0, 0, 0)
    assert User.objects.get().name == "Ann Lee-Smith"


def test_several_people_behind_one_address_and_no_number_are_nobody():
    report = bring(csv("Name,Email", "Ann Lee,office@x.example", "Bo Ray,office@x.example", "Cy Dee,cy@x.example"))

    assert counts(report) == (1, 0, 0, 2, 0)
    assert {reason for _line, _column, reason in rejected(report)} == {
        "no employee number, and several people share the e-mail"
    }


def test_who_is_known_by_address_keeps_it_when_renumbered():
    bring(csv("Emp No,Name,Email", "5,Ann Lee,ann@x.example", "6,Bo Ray,bo@x.example"))
    report = bring(csv("Emp No,Name,Email", "6,Ann Lee,ann@x.example", "5,Bo Ray,bo@x.example"))

    assert counts(report) == (0, 2, 0, 0, 0)
    assert User.objects.get(employee_number="6").name == "Ann Lee"
    assert len(remarks(report, "before")) == 2


def test_people_who_swap_addresses_do_not_meet_half_way():
    bring(csv("Emp No,Name,Email", "5,Ann Lee,a@x.example", "6,Bo Ray,b@x.example"))
    bring(csv("Emp No,Name,Email", "5,Ann Lee,b@x.example", "6,Bo Ray,a@x.example"))

    assert set(User.objects.values_list("name", "email")) == {("Ann Lee", "b@x.example"), ("Bo Ray", "a@x.example")}


def test_an_address_that_signs_somebody_else_in_only_becomes_a_contact():
    bring(csv("Emp No,Name,Email", "5,Ann Lee,a@x.example"))
    report = bring(csv("Emp No,Name,Email", "6,Bo Ray,A@x.example"))

    assert remarks(report, "signs somebody else in") == [(2, "Email")]
    assert User.objects.get(name="Bo Ray").contact_email == "A@x.example"


def test_managers_who_are_missing_oneself_or_in_a_loop_are_left_empty():
    rows = ["1,Ann Lee,,,,,2", "2,Bo Ray,,,,,3", "3,Cy Dee,,,,,1", "4,Di Fo,,,,,1", "5,Ed Go,,,,,5", "6,Flo Ha,,,,,99"]
    report = bring(csv(EXECUTIVES, *rows))

    assert remarks(report, "part of a loop") == [(2, "Manager"), (3, "Manager"), (4, "Manager")]
    assert remarks(report, "is this person") == [(6, "Manager")]
    assert remarks(report, "nobody has") == [(7, "Manager")]
    assert dict(Executive.objects.values_list("user__name", "line_manager__name")) == {
        "Ann Lee": None, "Bo Ray": None, "Cy Dee": None, "Di Fo": "Ann Lee", "Ed Go": None, "Flo Ha": None,
    }  # fmt: skip
    assert counts(bring(csv(EXECUTIVES, *rows))) == (0, 0, 6, 0, 0)


def test_a_loop_through_people_outside_the_file_is_found_too():
    bring(csv(EXECUTIVES, "1,Ann Lee,,,,,", "2,Bo Ray,,,,,1"))
    report = bring(csv(EXECUTIVES, "1,Ann Lee,,,,,2"))

    assert len(remarks(report, "part of a loop")) == 1
    assert exec_named("Bo Ray").line_manager.name == "Ann Lee"


def test_a_manager_key_that_fits_two_people_is_left_empty():
    report = bring(csv(EXECUTIVES, "1,Ann Lee,,,,,9", "9,Bo Ray,,,,,", "9,Cy Dee,,,,,"))

    assert remarks(report, "fits several people") == [(2, "Manager")]


def test_loops_of_any_length():
    assert sorted(loop_members({1: 2, 2: 3, 3: 2, 4: 4, 5: 1, 6: None})) == [2, 3, 4]


def people_numbered(first, count):
    return csv("Emp No,Name", *(f"{first + n},Person Number{n}" for n in range(count)))


def test_mostly_new_numbers_stop_the_import_unless_names_decide():
    bring(people_numbered(100, 20))

    with pytest.raises(RosterRefused, match="numbers seem changed"):
        bring(people_numbered(500, 20))
    assert User.objects.filter(employee_number="100").exists()

    report = bring(people_numbered(500, 20), by_name=True)
    assert counts(report) == (0, 20, 0, 0, 0)
    assert len(remarks(report, "before")) == 20


def test_nineteen_names_or_half_of_them_do_not_stop_it():
    bring(people_numbered(100, 19))
    assert counts(look(people_numbered(500, 19)))[0] == 19

    bring(people_numbered(100, 20))
    rows = [f"{100 + n if n < 10 else 500 + n},Person Number{n}" for n in range(20)]
    assert counts(look(csv("Emp No,Name", *rows)))[0] == 10


def test_leavers_are_those_of_the_same_kind_and_conditions():
    bring(csv("Emp No,Name,Unit", "1,Ann Lee,A", "2,Bo Ray,A", "3,Cy Dee,B"))
    part = csv("Emp No,Name,Unit", "1,Ann Lee,A", "3,Cy Dee,B")

    assert counts(look(part, where=["Unit=A"]))[4] == 0
    report = bring(part)
    assert [(name, key) for _pk, name, key in report.leavers] == [("Bo Ray", "2")]
    assert User.objects.get(name="Bo Ray").is_active
    assert counts(look(csv("Emp No,Name,Site", "9,Eve Fox,Porto"), "hosts"))[4] == 0


def test_blank_cells_leave_what_is_known():
    bring(csv(EXECUTIVES, "1,Ann Lee,ann@x.example,L2,Sales,Porto,"))
    report = bring(csv(EXECUTIVES, "1,Ann Lee,,,,,"))

    assert counts(report) == (0, 0, 1, 0, 0)
    assert exec_named("Ann Lee").level == "L2"


def test_a_failure_while_writing_leaves_nothing(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr("people.roster.importing._record", fail)
    with pytest.raises(RuntimeError):
        bring("uk_dvla_2011-03_senior.csv")
    assert User.objects.count() == BusinessUnit.objects.count() == 0


def test_sites_are_found_by_name_or_short_name():
    Site.objects.create(name="New York", slug="nyc")
    bring(csv("Emp No,Name,Site", "1,Ann Lee,NYC", "2,Bo Ray,new york", "3,Cy Dee,New York"), "hosts")

    assert Site.objects.count() == Team.objects.count() == 1


def test_a_team_under_two_units_stays_with_the_first():
    rows = ["1,Ann Lee,,Porto,Desk,A,,,,", "2,Bo Ray,,Porto,Desk,B,,,,"]
    report = bring(csv(HOSTS, *rows), "hosts")

    assert remarks(report, "team Desk stands under A") == [(3, "Unit")]
    assert counts(bring(csv(HOSTS, rows[0]), "hosts"))[:3] == (0, 0, 1)
    assert counts(bring(csv(HOSTS, "1,Ann Lee,,Porto,Desk,C,,,,"), "hosts"))[:3] == (0, 1, 0)
    assert Team.objects.get().business_unit.path == "C"


def test_words_in_a_name_column_are_not_people():
    rows = [f"{n},{('AM', 'PM1', 'PM2', 'midnight')[n % 4]}" for n in range(40)]
    with pytest.raises(RosterRefused, match="not a people file"):
        look(csv("Emp No,Name", *rows))


def test_queries_do_not_grow_with_the_file(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        bring(people_numbered(1, 30))
    with django_assert_max_num_queries(30):
        bring(people_numbered(1, 30))


def test_every_kept_file_can_be_read():
    assert len(list(FOLDER.glob("*sv"))) == 8
