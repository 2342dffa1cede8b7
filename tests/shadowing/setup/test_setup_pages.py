"""The pages that set a season up: each step saves its part, nothing typed is lost, and the review says what was done."""

import json
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from people.models import AuditEvent, Site
from shadowing.models import Season, SeasonExecutive, SeasonState, Willing
from tests.factories import (
    ExecutiveFactory,
    HostFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
STEPS = ["season_window", "season_sites", "season_rules", "season_agenda", "season_reminders"]


@pytest.fixture
def leeds():
    return SiteFactory(name="Leeds", slug="leeds", visits_a_day=2, country="GB", subdivision="ENG")


@pytest.fixture
def pune():
    return SiteFactory(name="Pune", slug="pune", country="IN")


@pytest.fixture
def season(leeds, pune):
    return SeasonFactory(name="Spring", slug="spring", sites=[leeds, pune], state=SeasonState.COLLECTING)


@pytest.fixture
def coordinator(client):
    user = UserFactory(role="coordinator")
    client.force_login(user)
    return user


def url(name, slug="spring"):
    return reverse(f"shadowing:{name}", args=[slug] if slug else [])


def filled(form):
    """What a browser would send for the form as it is."""
    data = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in data.items() if value is not None and value is not False}


def sent(client, name, change=None, *, without=(), slug="spring", **more):
    """Open a step, change some fields, send it."""
    form = client.get(url(name, slug)).context["form"]
    data = {key: value for key, value in filled(form).items() if key not in without} | (change or {}) | more
    return client.post(url(name, slug), data)


# --- a new season -----------------------------------------------------------------------------------------------------


def test_a_season_is_a_draft_from_the_first_step_on(client, coordinator):
    answer = client.post(
        url("season_new", None),
        {"program": "Back to the Floor", "name": "Autumn 2027", "starts_on": "2027-11-01", "ends_on": "2027-11-12"},
    )
    season = Season.objects.get()
    assert answer.url == url("season_sites", "autumn-2027")
    assert (season.slug, season.state, season.sites.count()) == ("autumn-2027", "draft", 0)
    assert AuditEvent.objects.get().verb == "season.created"
    for name in [*STEPS, "season_edit", "season"]:
        assert client.get(url(name, "autumn-2027")).status_code == 200
    assert client.post(url("season_open", "autumn-2027")).status_code == 422


def test_a_taken_short_name_and_dates_the_wrong_way_round_stand_beside_their_fields(client, coordinator, season):
    data = {"program": "P", "name": "Spring", "starts_on": "2027-11-12", "ends_on": "2027-11-01"}
    refused = client.post(url("season_new", None), data)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {
        "ends_on": ["The season starts on 2027-11-12: choose that day or one after it."]
    }
    taken = client.post(url("season_new", None), data | {"ends_on": "2027-11-20"})
    assert taken.context["form"].errors == {"slug": ["Another season has this short name."]}
    assert 'value="2027-11-20"' in taken.content.decode()
    assert Season.objects.count() == 1


def test_a_season_is_copied_from_an_earlier_one(client, coordinator, leeds):
    ExecutiveFactory(user__employee_number="E1")
    SeasonFactory(
        name="Spring 2027", slug="spring-2027", sites=[leeds], notice_days=9, shared_language=True, questionnaires=[],
        reminders={"take_away_owed": [2]}, agenda=[{"kind": "floor", "starts": "08:00", "minutes": 60}],
    )  # fmt: skip
    Season.objects.get().season_sites.update(visits_a_day=7, open_days=["2027-03-06"])
    shown = client.get(url("season_new", None), {"copy": "spring-2027"})
    form = shown.context["form"]
    assert form["name"].value().startswith("Spring 20")
    assert form["starts_on"].value().weekday() == 0
    answer = client.post(
        url("season_new", None), filled(form) | {"name": "Copy", "starts_on": "2028-02-28", "ends_on": "2028-03-10"}
    )
    assert answer.status_code == 302
    copy = Season.objects.get(slug="copy")
    assert (copy.notice_days, copy.shared_language, copy.questionnaires, copy.policy("take_away_owed")) == (
        9,
        True,
        [],
        [2],
    )
    assert copy.agenda == [{"kind": "floor", "starts": "08:00", "minutes": 60}]
    assert list(copy.season_sites.values_list("site__slug", "visits_a_day", "open_days")) == [("leeds", 7, [])]


def test_a_coordinator_of_some_sites_begins_with_theirs(client, leeds, pune):
    client.force_login(UserFactory(role="coordinator", sites=[leeds]))
    data = {"program": "P", "name": "Own", "starts_on": "2027-11-01", "ends_on": "2027-11-02"}
    assert client.post(url("season_new", None), data).status_code == 302
    assert [site.slug for site in Season.objects.get().sites.all()] == ["leeds"]
    page = client.get(url("season_sites", "own"))
    assert page.context["form"].sites == [leeds]
    assert "new_name" not in page.content.decode()
    assert sent(client, "season_sites", {"new_name": "Porto"}, slug="own").status_code == 404
    assert not Site.objects.filter(slug="porto").exists()


def test_of_a_copied_season_they_take_their_sites_only(client, leeds, season):
    client.force_login(UserFactory(role="coordinator", sites=[leeds]))
    data = {"program": "P", "name": "Own", "starts_on": "2027-11-01", "ends_on": "2027-11-02", "copy_from": "spring"}
    assert client.post(url("season_new", None), data).status_code == 302
    assert [site.slug for site in Season.objects.get(slug="own").sites.all()] == ["leeds"]


def test_a_season_nobody_may_see_is_not_copied(client, pune, season):
    client.force_login(UserFactory(role="coordinator", sites=[SiteFactory()]))
    data = {"program": "P", "name": "Own", "starts_on": "2027-11-01", "ends_on": "2027-11-02", "copy_from": "spring"}
    refused = client.post(url("season_new", None), data)
    assert refused.status_code == 422
    assert "No other season has this short name." in refused.content.decode()


# --- each step --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STEPS)
def test_a_step_saved_as_it_is_changes_nothing(client, coordinator, season, name):
    ExecutiveFactory()
    HostFactory(team=TeamFactory(site=season.sites.all()[0]))
    from shadowing.seasons import sync_people

    sync_people(season=season)
    assert sent(client, name).status_code == 302
    assert AuditEvent.objects.get().changes == {}


@pytest.mark.parametrize(
    ("go", "leads_to"),
    [
        ("next", "season_agenda"),
        ("back", "season_sites"),
        ("stay", "season_rules"),
        ("leave", "season"),
        ("", "season_agenda"),
    ],
)
def test_buttons_save_and_lead_on(client, coordinator, season, go, leads_to):
    answer = sent(
        client, "season_rules", {"go": go, "host_min_tenure_months": 6} if go else {"host_min_tenure_months": 6}
    )
    assert answer.url == url(leads_to)
    season.refresh_from_db()
    assert season.host_min_tenure_months == 6
    assert AuditEvent.objects.get().changes == {"host_min_tenure_months": [0, 6]}


def test_the_last_step_leads_to_the_review(client, coordinator, season):
    assert sent(client, "season_reminders").url == url("season_edit")


def test_sites_are_chosen_opened_and_added(client, coordinator, season, leeds, pune):
    answer = sent(
        client, "season_sites",
        {f"places_{leeds.pk}": "5", f"open_{leeds.pk}": ["2027-03-06"], "new_name": "Porto", "new_zone": "Europe/Lisbon",
         "new_country": "PT", "new_places": "3", "go": "stay"},
        without=[f"site_{pune.pk}"],
    )  # fmt: skip
    assert answer.url == url("season_sites")
    places = {place.site.slug: place for place in season.season_sites.select_related("site")}
    assert (places["leeds"].visits_a_day, places["leeds"].open_days) == (5, ["2027-03-06"])
    assert (places["porto"].site.time_zone, places["porto"].site.country, places["porto"].visits_a_day) == (
        "Europe/Lisbon", "PT", 3,
    )  # fmt: skip
    assert "pune" not in places
    changes = AuditEvent.objects.get().changes
    assert changes["sites"] == [["leeds", "pune"], ["leeds", "porto"]]
    assert changes["places"]["leeds"][1] == {"visits_a_day": 5, "open_days": ["2027-03-06"]}


def test_holidays_of_the_window_are_named_per_site(client, coordinator, leeds):
    SeasonFactory(slug="easter", sites=[leeds], starts_on=date(2027, 3, 22), ends_on=date(2027, 4, 2))
    row = next(client.get(url("season_sites", "easter")).context["form"].rows)
    assert row.holidays == ["Fri 26\N{NO-BREAK SPACE}Mar, Good Friday", "Mon 29\N{NO-BREAK SPACE}Mar, Easter Monday"]
    assert row.weekends == 2


def test_a_long_season_names_its_weekends_in_a_line(client, coordinator, leeds):
    season = SeasonFactory(slug="year", sites=[leeds], starts_on=date(2027, 1, 4), ends_on=date(2027, 12, 17))
    assert (
        sent(client, "season_sites", {f"others_{leeds.pk}": "2027-03-06, 2027-03-13"}, slug="year").status_code == 302
    )
    assert season.season_sites.get().open_days == ["2027-03-06", "2027-03-13"]
    assert sent(client, "season_sites", slug="year").status_code == 302
    assert season.season_sites.get().open_days == ["2027-03-06", "2027-03-13"]
    refused = sent(client, "season_sites", {f"others_{leeds.pk}": "soon"}, slug="year")
    assert f"others_{leeds.pk}" in refused.context["form"].errors


def test_places_are_counted_as_one_ticks(client, coordinator, season, leeds):
    ExecutiveFactory.create_batch(2)
    form = client.get(url("season_sites")).context["form"]
    data = filled(form) | {f"places_{leeds.pk}": "4", f"open_{leeds.pk}": ["2027-03-06"]}
    counted = client.post(url("season_places"), data)
    assert [(each.site.slug, each.days, each.places) for each in counted.context["places"]] == [
        ("leeds", 11, 44), ("pune", 9, 54),
    ]  # fmt: skip
    without_scripts = client.post(url("season_sites"), data | {"count": "1"})
    assert (without_scripts.status_code, without_scripts.context["total"]) == (200, 98)
    assert not AuditEvent.objects.exists()


def test_people_are_named_by_their_keys(client, coordinator, season):
    executive = ExecutiveFactory(user__employee_number="E1")
    ExecutiveFactory(user__employee_number="E2")
    data = {"executives": "listed", "executive_keys": "E1\n", "preferred": "E1 2027-03-03, 2027-03-04"}
    assert sent(client, "season_rules", data).status_code == 302
    form = client.get(url("season_rules")).context["form"]
    assert (form["executive_keys"].value(), form["preferred"].value()) == ("E1", "E1 2027-03-03 2027-03-04")
    assert season.executives.get().executive == executive
    assert sent(client, "season_window", {"ends_on": "2027-03-03"}).status_code == 302
    assert season.executives.get().preferred == ["2027-03-03"]


def test_a_narrower_window_closes_days_that_were_opened(client, coordinator, season, leeds):
    season.season_sites.filter(site=leeds).update(open_days=["2027-03-06", "2027-03-07"])
    assert sent(client, "season_window", {"ends_on": "2027-03-06"}).status_code == 302
    assert season.season_sites.get(site=leeds).open_days == ["2027-03-06"]


def test_effects_are_counted_as_one_types(client, coordinator, season, leeds):
    ExecutiveFactory.create_batch(2)
    HostFactory(team=TeamFactory(site=leeds), hired_on=date(2027, 2, 1))
    form = client.get(url("season_rules")).context["form"]
    counted = client.post(
        url("season_effects"), filled(form) | {"host_min_tenure_months": "6", "no_repeat_seasons": "-1"}
    )
    body = counted.content.decode()
    assert "Leaves 0 of 1 hosts." in body
    assert "2 executives are left without a host." in body
    assert 'id="effect-shared_language" hx-swap-oob="true"' in body
    without_scripts = client.post(url("season_rules"), filled(form) | {"host_min_tenure_months": "6", "count": "1"})
    assert without_scripts.status_code == 200
    assert "Leaves 0 of 1 hosts." in without_scripts.content.decode()
    season.refresh_from_db()
    assert season.host_min_tenure_months == 0


# --- the day in rows --------------------------------------------------------------------------------------------------


def day(season):
    season.refresh_from_db()
    return [(part["starts"], part["kind"], part["minutes"]) for part in season.agenda]


def rows(form):
    return [(row["starts"], row["kind"], row["minutes"]) for row in form.typed()]


def test_rows_are_added_moved_and_removed_without_saving(client, coordinator, season):
    before = day(season)
    added = sent(client, "season_agenda", {"do": "add", "answer_by_days": "7"})
    assert added.status_code == 200
    assert rows(added.context["form"])[-1] == ("16:30", "floor", "60")
    assert added.context["form"]["answer_by_days"].value() == "7"
    moved = sent(client, "season_agenda", {"do": "up-1"})
    assert rows(moved.context["form"])[:2] == [("09:00", "floor", "120"), ("11:00", "briefing", "60")]
    removed = sent(client, "season_agenda", {"do": "remove-0"})
    assert removed.context["form"].count == 4
    assert day(season) == before


def test_swapped_rows_are_the_part_alone(client, coordinator, season):
    form = client.get(url("season_agenda")).context["form"]
    answer = client.post(url("season_agenda"), filled(form) | {"do": "remove-0"}, headers={"HX-Request": "true"})
    assert answer.content.decode().count("<h1") == 0
    assert 'name="rows" value="4"' in answer.content.decode()


def test_an_agenda_is_saved(client, coordinator, season):
    added = sent(client, "season_agenda", {"do": "add"}).context["form"]
    assert (
        client.post(url("season_agenda"), filled(added) | {"kind_5": "regroup", "minutes_5": "15"}).status_code == 302
    )
    assert day(season)[-1] == ("16:30", "regroup", 15)


def test_overlapping_parts_are_refused_where_they_stand_and_drawn(client, coordinator, season):
    refused = sent(client, "season_agenda", {"starts_1": "09:30"})
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"starts_1": ["The part before it lasts until 10:00."]}
    drawn = client.post(url("season_day"), {"rows": "2", "kind_0": "briefing", "starts_0": "09:00", "minutes_0": "60",
                                            "kind_1": "floor", "starts_1": "09:30", "minutes_1": "60"})  # fmt: skip
    assert "begins before the one above ends" in drawn.content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"rows": "9999"}, {"rows": "-1"}, {"rows": "2", "starts_0": "99:99", "do": "up-1"}, {"do": "down-77"}]
)
def test_nonsense_rows_do_no_harm(client, coordinator, season, data):
    assert client.post(url("season_agenda"), data).status_code in (200, 422)
    assert client.post(url("season_day"), data).status_code == 200


# --- reminders and questionnaires -------------------------------------------------------------------------------------


def test_reminders_are_typed_as_people_count_days(client, coordinator, season):
    Season.objects.update(reminders={})
    form = client.get(url("season_reminders")).context["form"]
    assert (form["visit_coming"].value(), form["update_due_every"].value()) == ("7, 1", "7")
    data = {"visit_coming": "14, 7 and 1", "take_away_owed": "", "update_due_every": "3"}
    assert sent(client, "season_reminders", data, without=["questionnaires"]).status_code == 302
    season.refresh_from_db()
    assert season.reminders == {"visit_coming": [-14, -7, -1], "take_away_owed": [], "update_due_every": 3}
    assert season.questionnaires == []
    words = client.get(url("season_edit")).content.decode()
    assert "Visit is coming: 14, 7 and 1 days before." in words
    assert "Take-away owed: never." in words
    assert "No questionnaire is asked." in words


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "change", "field"),
    [
        ("window", {"name": ""}, "name"),
        ("window", {"starts_on": "soon"}, "starts_on"),
        ("window", {"ends_on": "2020-01-01"}, "ends_on"),
        ("window", {"slug": "new"}, "slug"),
        ("sites", {"open_LEEDS": ["2027-09-09"]}, "open_LEEDS"),
        ("sites", {"places_LEEDS": "5000"}, "places_LEEDS"),
        ("sites", {"new_name": "Mars", "new_zone": "Mars/Olympus"}, "new_zone"),
        ("sites", {"new_name": "Leeds"}, "new_name"),
        ("sites", {"new_name": "Porto", "new_country": "XX"}, "new_country"),
        ("rules", {"host_min_tenure_months": "-1"}, "host_min_tenure_months"),
        ("rules", {"tenure": "-1"}, "tenure"),
        ("rules", {"executives": "listed", "executive_keys": "E99"}, "executive_keys"),
        ("rules", {"hosts": "listed", "host_keys": "H99"}, "host_keys"),
        ("rules", {"preferred": "E99 2027-03-04"}, "preferred"),
        ("rules", {"preferred": ","}, "preferred"),
        ("agenda", {"starts_0": "9"}, "starts_0"),
        ("agenda", {"minutes_0": "1"}, "minutes_0"),
        ("agenda", {"answer_by_days": "0"}, "answer_by_days"),
        ("reminders", {"take_away_owed": "often"}, "take_away_owed"),
        ("reminders", {"visit_coming": "400"}, "visit_coming"),
        ("reminders", {"update_due_every": "0"}, "update_due_every"),
        ("reminders", {"questionnaires": ["nonsense"]}, "questionnaires"),
    ],
)
def test_a_refused_step_keeps_what_was_typed(client, coordinator, season, leeds, step, change, field):
    change = {name.replace("LEEDS", str(leeds.pk)): value for name, value in change.items()}
    field = field.replace("LEEDS", str(leeds.pk))
    refused = sent(client, f"season_{step}", change)
    form = refused.context["form"]
    assert refused.status_code == 422
    assert field in form.errors
    assert f'href="#{form[field].id_for_label or form[field].auto_id}"' in refused.content.decode()
    assert {name: form[name].value() for name in change} == change
    assert not AuditEvent.objects.exists()


def test_without_a_site_the_step_says_so(client, coordinator, season, leeds, pune):
    refused = sent(client, "season_sites", without=[f"site_{leeds.pk}", f"site_{pune.pk}"])
    assert "A season needs at least one site." in refused.content.decode()


def test_somebody_elses_change_of_the_same_part_is_not_overwritten_unseen(client, coordinator, season):
    form = client.get(url("season_rules")).context["form"]
    data = filled(form) | {"no_repeat_seasons": "1"}
    Season.objects.update(no_repeat_seasons=4)
    conflict = client.post(url("season_rules"), data)
    assert conflict.status_code == 409
    assert "Somebody else has just changed this part" in conflict.content.decode()
    assert conflict.context["form"]["no_repeat_seasons"].value() == "1"
    again = client.post(url("season_rules"), data | {"seen": conflict.context["form"]["seen"].value()})
    assert again.status_code == 302
    season.refresh_from_db()
    assert season.no_repeat_seasons == 1


def test_another_part_changed_meanwhile_stays(client, coordinator, season):
    form = client.get(url("season_rules")).context["form"]
    Season.objects.update(notice_days=9)
    assert client.post(url("season_rules"), filled(form) | {"no_repeat_seasons": "1"}).status_code == 302
    season.refresh_from_db()
    assert (season.notice_days, season.no_repeat_seasons) == (9, 1)


def test_a_window_that_leaves_visits_outside_is_refused(client, coordinator, season, leeds):
    VisitFactory(season=season, site=leeds, date=date(2027, 3, 10), host__team=TeamFactory(site=leeds))
    refused = sent(client, "season_window", {"ends_on": "2027-03-05"})
    assert "1 visit lies outside these days" in refused.content.decode()


@pytest.mark.parametrize("name", [*STEPS, "season_edit", "season_delete"])
def test_a_published_season_has_no_steps(client, coordinator, season, name):
    Season.objects.update(state="published")
    assert client.get(url(name)).status_code == 422


@pytest.mark.parametrize("name", [*STEPS, "season_edit", "season_file", "season_delete"])
def test_only_who_coordinates_all_its_sites_comes_in(client, season, leeds, name):
    for person in (UserFactory(role="coordinator", sites=[leeds]), UserFactory(role="sponsor"), UserFactory()):
        client.force_login(person)
        assert client.get(url(name)).status_code == 404
        assert client.post(url(name), {}).status_code in (404, 405)


# --- the review, the file, deleting -----------------------------------------------------------------------------------


def test_the_review_says_what_was_set_up_and_what_comes_next(client, coordinator, leeds):
    SeasonFactory(name="Spring", slug="spring", sites=[leeds], no_repeat_seasons=2)
    page = client.get(url("season_edit"))
    body = page.content.decode()
    assert "Spring of Back to the Floor runs from Monday 1\N{NO-BREAK SPACE}March\N{NO-BREAK SPACE}2027" in body
    assert "Leeds takes 2 visits a day on 10 days." in body
    assert "They did not meet in the last 2 seasons." in body
    assert "The day: 09:00 briefing," in body
    assert "Questionnaires: Hosting survey." in body
    assert body.count("btn-primary") == 1
    assert page.context["next_step"].url == url("season_open")
    for name in STEPS:
        assert f'href="{url(name)}"' in body


def test_the_review_warns_of_what_is_missing(client, coordinator, leeds):
    season = SeasonFactory(slug="spring", sites=[leeds], starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 1))
    for _ in range(3):
        SeasonExecutive.objects.create(season=season, executive=ExecutiveFactory())
    body = client.get(url("season_edit")).content.decode()
    assert "2 places for 3 executives: 1 too few." in body
    assert "3 executives are left without a host." in body
    season.season_sites.all().delete()
    page = client.get(url("season_edit"))
    assert "No site is chosen yet." in page.content.decode()
    assert page.context["next_step"].url == url("season_sites")
    assert client.get(url("season")).context["step"].url == url("season_sites")


def test_changing_a_season_that_was_asked_for_says_what_it_means(client, coordinator, season):
    assert "People have been asked for their days" in client.get(url("season_rules")).content.decode()


@pytest.mark.parametrize("name", [*STEPS, "season_edit"])
@pytest.mark.parametrize("count", [1, 20])
def test_steps_take_the_same_queries_for_any_number(client, coordinator, django_assert_max_num_queries, name, count):
    sites = SiteFactory.create_batch(count)
    season = SeasonFactory(slug="spring", sites=sites)
    for site in sites:
        SeasonHostFactory(season=season, host__team__site=site, willing=Willing.YES)
        SeasonExecutive.objects.create(season=season, executive=ExecutiveFactory())
    with django_assert_max_num_queries(20) as counted:
        assert client.get(url(name)).status_code == 200
    assert len(counted) <= {"season_rules": 18, "season_edit": 20}.get(name, 12)


def test_the_file_makes_the_same_season(client, coordinator, season):
    answer = client.get(url("season_file"))
    assert answer["Content-Disposition"] == 'attachment; filename="spring.json"'
    data = json.loads(answer.content)
    assert data["slug"] == "spring"
    assert [site["slug"] for site in data["sites"]] == ["leeds", "pune"]
    assert (data["executives"], data["hosts"], data["questionnaires"]) == ("all", "willing", ["hosting"])


def test_an_empty_draft_is_deleted_after_a_question(client, coordinator, season):
    Season.objects.update(state="draft")
    assert 'data-dialog="delete-season"' in client.get(url("season_edit")).content.decode()
    assert "Delete Spring?" in client.get(url("season_delete")).content.decode()
    assert client.post(url("season_delete")).url == url("seasons", None)
    assert not Season.objects.exists()
    event = AuditEvent.objects.get()
    assert (event.verb, event.by, event.changes) == (
        "season.deleted",
        coordinator,
        {"name": "Spring", "slug": "spring"},
    )


def test_a_season_in_use_is_not_deleted(client, coordinator, season, leeds):
    assert client.post(url("season_delete")).status_code == 422
    Season.objects.update(state="draft")
    VisitFactory(season=season, site=leeds, host__team=TeamFactory(site=leeds))
    assert "Only a draft without visits" in client.get(url("season_delete")).content.decode()
    assert client.post(url("season_delete")).status_code == 422
    assert Season.objects.exists()
