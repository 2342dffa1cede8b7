"""The page of a regroup: what each reader sees on it, its forms with and without scripts, its file."""

from __future__ import annotations

import re

import pytest
from freezegun import freeze_time

from people.models import AuditEvent
from shadowing.models import RegroupGroup, RegroupNote, VisitState
from tests.factories import ExecutiveFactory, FloorNoteFactory, HostFactory, RegroupGroupFactory, TeamFactory
from tests.shadowing.world import DAY, LATER, ON_THE_DAY, make_world

pytestmark = pytest.mark.django_db
PAGE = "/visit-days/leeds/2027-03-03/regroup/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _clock():
    with freeze_time(ON_THE_DAY):
        yield


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def visits(world):
    """Three held visits in three teams, each with a note; the first is the executive's with the host."""
    first = world.visit(VisitState.HELD)
    teams = [TeamFactory(site=world.site, name=name) for name in ("Networks", "Retail")]
    people = [{"executive": ExecutiveFactory(), "host": HostFactory(team=team)} for team in teams]
    found = [first, *(world.visit(VisitState.HELD, **pair) for pair in people)]
    for visit in found:
        FloorNoteFactory(visit=visit, text=f"The address is asked twice in {visit.host.team.name}.")
    return found


def group_of(world, visits, name="Asked twice"):
    notes = [visit.notes.get() for visit in visits]
    return RegroupGroupFactory(day__site=world.site, day__date=DAY, name=name, notes=notes)


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\N{NO-BREAK SPACE}", " ").split())


def test_notes_lie_side_by_side_by_team(client, world, visits):
    group = group_of(world, visits[:2])
    client.force_login(world.coordinator)

    page = client.get(PAGE)

    said = text(page)
    assert "3 notes from 3 teams" in said
    assert "Not grouped 1 of 3" in said
    assert "Seen in 2 of 3 teams 2 notes" in said
    assert "Billing Care, Networks" in said
    assert [team.name for team, _notes in page.context["board"].loose] == ["Retail"]
    assert f'id="group-{group.pk}"' in page.content.decode()


def test_an_executive_reads_own_notes_and_counts_of_others(client, world, visits):
    group_of(world, visits)
    client.force_login(world.executive.user)

    said = text(client.get(PAGE))

    assert "Seen in 3 of 3 teams" in said
    assert "asked twice in Billing Care" in said
    assert "asked twice in Retail" not in said
    assert "2 notes of other visits." in said


def test_an_assistant_reads_no_note_and_may_sort_groups(client, world, visits):
    group_of(world, visits)
    client.force_login(world.assistant)

    page = client.get(PAGE)

    assert "asked twice in" not in text(page)
    assert "Discussed, no issue" in text(page)


def test_a_host_reads_and_is_offered_nothing_to_change(client, world, visits):
    group_of(world, visits)
    client.force_login(world.host.user)

    page = client.get(PAGE)

    assert "asked twice in Billing Care" in text(page)
    assert "<form" not in page.content.decode().partition('id="regroup"')[2].partition("</main>")[0]


@pytest.mark.parametrize("role", ["sponsor", "other_coordinator", "stranger", "strange_host"])
def test_others_do_not_find_it(client, world, visits, role):
    client.force_login(world.people()[role])

    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}make/", {"name": "Mine"}).status_code == 404


@pytest.mark.parametrize("number", [1, 4])
def test_query_count_does_not_grow(client, world, visits, number, django_assert_max_num_queries):
    for count in range(number):
        group_of(world, [], name=f"Group {count}")
        extra = world.visit(VisitState.HELD, executive=ExecutiveFactory(), host=HostFactory(team=world.team))
        FloorNoteFactory(visit=extra)
    client.force_login(world.coordinator)
    client.get(PAGE)

    with django_assert_max_num_queries(11):  # session, person, roles, site, day, visits, notes, groups, trail
        client.get(PAGE)


def test_empty_days_say_what_comes(client, world):
    world.visit(VisitState.CONFIRMED)
    client.force_login(world.coordinator)

    said = text(client.get(PAGE))

    assert "No floor notes yet." in said
    assert "No group yet." in said


def test_without_scripts_a_form_leads_back_to_the_group(client, world, visits):
    note = visits[0].notes.get()
    client.force_login(world.coordinator)

    answer = client.post(f"{PAGE}put/", {"note": note.pk, "was": "", "group": "new"})

    group = RegroupGroup.objects.get()
    assert answer.headers["Location"] == f"{PAGE}#group-{group.pk}"
    assert (group.name, note.place.group) == (note.text, group)
    assert client.post(f"{PAGE}put/", {"note": note.pk, "was": group.pk, "group": ""}).headers["Location"] == PAGE
    assert not RegroupNote.objects.exists()


def test_with_scripts_only_the_board_comes_back(client, world, visits):
    client.force_login(world.coordinator)

    answer = client.post(f"{PAGE}make/", {"name": "Refunds"}, headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "data-focus" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_name_comes_back_with_what_was_typed(client, world, visits, headers):
    group_of(world, [], name="Refunds")
    client.force_login(world.coordinator)

    answer = client.post(f"{PAGE}make/", {"name": "REFUNDS"}, headers=headers)

    assert answer.status_code == 422
    assert "There is a group of that name already." in text(answer)
    assert 'value="REFUNDS"' in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_new_name_of_a_group_stands_in_its_own_field(client, world, visits, headers):
    group, _other = group_of(world, visits), group_of(world, [], name="Refunds")
    client.force_login(world.coordinator)

    answer = client.post(f"{PAGE}{group.pk}/rename/", {"version": group.version, "name": "REFUNDS"}, headers=headers)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'<input [^>]*id="([^"]+)"[^>]*value="REFUNDS"', page) == [f"name-{group.pk}"]
    assert page.count('<details class="group-change" open>') == 1


@pytest.mark.parametrize(
    ("verb", "data"),
    [("rename", {"name": "Newer"}), ("join", {"into": 1}), ("up", {}), ("remove", {}), ("discuss", {}), ("carry", {})],
)
def test_an_older_page_is_told_409(client, world, visits, verb, data):
    group = group_of(world, visits)
    RegroupGroup.objects.update(version=3)
    client.force_login(world.coordinator)

    answer = client.post(f"{PAGE}{group.pk}/{verb}/", {"version": 2, **data})

    assert answer.status_code == 409
    assert "Somebody changed “Asked twice” since you opened the page." in text(answer)
    assert RegroupGroup.objects.get().version == 3


def test_every_verb_of_a_group_by_its_form(client, world, visits):
    world.visit(VisitState.INVITED, date=LATER, executive=ExecutiveFactory(), host=world.strange_host)
    one, two = group_of(world, visits), group_of(world, [], name="Second")
    client.force_login(world.coordinator)
    steps = [
        (one, "rename", {"name": "Twice over"}), (two, "up", {}), (one, "discuss", {}), (one, "reopen", {}),
        (one, "carry", {}), (one, "reopen", {}), (one, "join", {"into": two.pk}), (two, "remove", {}),
    ]  # fmt: skip

    for group, verb, data in steps:
        group.refresh_from_db()
        answer = client.post(f"{PAGE}{group.pk}/{verb}/", {"version": group.version, **data})
        assert answer.status_code == 302, (verb, text(answer))

    assert not RegroupGroup.objects.exists()
    assert AuditEvent.objects.filter(verb__startswith="regroup.").count() >= len(steps)


@pytest.mark.parametrize("path", ["1/discuss/", "999999/discuss/"])
def test_a_group_that_is_gone_is_a_conflict(client, world, visits, path):
    client.force_login(world.coordinator)

    assert client.post(f"{PAGE}{path}", {"version": 0}).status_code == 409


@pytest.mark.parametrize(
    ("verb", "data"),
    [("put/", {"note": "no", "group": "x"}), ("put/", {}), ("make/", {}), ("1/join/", {"version": "x"})],
)
def test_what_a_page_never_sends_is_refused(client, world, visits, verb, data):
    client.force_login(world.coordinator)

    assert client.post(PAGE + verb, data).status_code == 422


def test_a_note_one_cannot_read_is_not_found(client, world, visits):
    client.force_login(world.executive.user)
    note = visits[1].notes.get()

    assert client.post(f"{PAGE}put/", {"note": note.pk, "was": "", "group": "new"}).status_code == 404


def test_an_open_page_hears_that_it_is_no_longer_the_newest(client, world, visits):
    client.force_login(world.coordinator)
    seen = client.get(PAGE).context["board"].revision

    assert client.get(f"{PAGE}news/", {"seen": seen}).status_code == 204
    client.post(f"{PAGE}make/", {"name": "Refunds"})
    assert "Show it as it is now" in text(client.get(f"{PAGE}news/", {"seen": seen}))
    seen = client.get(PAGE).context["board"].revision
    FloorNoteFactory(visit=visits[0])
    assert "Show it as it is now" in text(client.get(f"{PAGE}news/", {"seen": seen}))


def test_a_carried_group_says_where_it_comes_from(client, world, visits):
    visit = world.visit(VisitState.CONFIRMED, date=LATER, executive=ExecutiveFactory(), host=world.strange_host)
    group = group_of(world, visits[:2])
    client.force_login(world.coordinator)
    client.post(f"{PAGE}{group.pk}/carry/", {"version": 0})

    said = text(client.get(f"/visit-days/leeds/{visit.date}/regroup/"))

    assert "Carried from 3 Mar, when 2 teams had seen it." in said
    assert "Taken up again on 10 Mar." in text(client.get(PAGE))


def test_a_note_that_came_with_a_moved_visit_is_grouped_anew(client, world, visits):
    note = visits[0].notes.get()
    old = RegroupGroupFactory(day__site=world.site, day__date=LATER, notes=[note])
    group = group_of(world, [])
    client.force_login(world.coordinator)

    page = client.get(PAGE)
    client.post(f"{PAGE}put/", {"note": note.pk, "was": old.pk, "group": group.pk})

    assert "Not grouped 3 of 3" in text(page)
    assert f'name="was" value="{old.pk}"' in page.content.decode()
    assert RegroupNote.objects.get().group == group


def test_the_file_holds_the_groups_of_the_page(client, world, visits):
    group_of(world, visits[:2], name="=Asked twice")
    client.force_login(world.coordinator)

    lines = b"".join(client.get("/visit-days/leeds/2027-03-03/regroup.csv").streaming_content).decode().splitlines()

    assert lines[0].endswith("group,outcome,seen in,teams of the day,teams,notes,carried from,carried to,issue,owner")
    assert lines[1] == '\'=Asked twice,open,2,3,"Billing Care, Networks",2,,,,'
    assert lines[2] == ",not grouped,1,3,Retail,1,,,,"


def test_the_file_is_for_coordinators(client, world, visits):
    client.force_login(world.executive.user)

    assert client.get("/visit-days/leeds/2027-03-03/regroup.csv").status_code == 404


# --- The big screen ---


@pytest.mark.parametrize("role", ["admin", "coordinator", "executive", "assistant", "host"])
def test_the_big_screen_shows_groups_alone_to_whom_the_regroup_is_open(client, world, visits, role):
    group = group_of(world, visits[:2])
    client.force_login(world.people()[role])
    assert f'href="{PAGE}screen/"' in client.get(PAGE).content.decode()

    page = client.get(f"{PAGE}screen/")

    said = text(page)
    assert f"{group.name} Seen in 2 of 3 teams To be discussed Billing Care, Networks" in said
    assert "3 notes from 3 teams." in said
    assert "asked twice in" not in said
    assert "<form" not in page.content.decode()
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page.content.decode()


@pytest.mark.parametrize("role", ["sponsor", "other_coordinator", "stranger", "strange_host"])
def test_the_big_screen_is_not_found_by_others(client, world, visits, role):
    client.force_login(world.people()[role])

    assert client.get(f"{PAGE}screen/").status_code == 404
    assert client.get(f"{PAGE}screen/", headers=HTMX).status_code == 404


def test_the_big_screen_swaps_its_groups_once_something_changed(client, world, visits):
    group_of(world, visits[:1])
    client.force_login(world.coordinator)
    seen = client.get(f"{PAGE}screen/").context["board"].revision
    assert client.get(f"{PAGE}screen/?seen={seen}", headers=HTMX).status_code == 204

    client.post(f"{PAGE}make/", {"name": "Refunds"})
    answer = client.get(f"{PAGE}screen/?seen={seen}", headers=HTMX)

    assert answer.status_code == 200
    assert "Refunds" in text(answer)
    assert "<html" not in answer.content.decode()
    assert f"seen={answer.context['board'].revision}" in answer.content.decode()


def test_an_empty_big_screen_says_what_comes(client, world, visits):
    client.force_login(world.coordinator)

    assert "No group yet. They appear here as soon as notes are put together." in text(client.get(f"{PAGE}screen/"))


@pytest.mark.parametrize("number", [1, 4])
def test_the_big_screen_costs_the_same(client, world, visits, number, django_assert_max_num_queries):
    for count in range(number):
        group_of(world, [], name=f"Group {count}")
    client.force_login(world.coordinator)
    client.get(f"{PAGE}screen/")

    with django_assert_max_num_queries(11):
        client.get(f"{PAGE}screen/")


def test_a_big_screen_whose_session_ended_is_led_to_sign_in_as_a_page(client, world, visits):
    """The part it asks for would otherwise be the sign-in page, put where the groups were."""
    answer = client.get(f"{PAGE}screen/?seen=1", headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (401, "true", b"")
    assert client.get(f"{PAGE}screen/").headers["Location"].startswith("/accounts/login/?next=/visit-days/")
