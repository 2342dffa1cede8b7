"""The page of a regroup: what each reader sees on it, its forms with and without scripts, its file."""

from __future__ import annotations

import re

import pytest
from freezegun import freeze_time

from people.models import AuditEvent
from shadowing.models import RegroupGroup, RegroupNote, VisitDay, VisitState
from shadowing.regroup import actions
from shadowing.regroup.gone import what_became
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


def joined(world, visits, name="Asked twice"):
    """A group whose notes were put into another before a form about it arrives."""
    group, into = group_of(world, visits, name=name), group_of(world, [], name=f"Wider than {name}")
    actions.merge_groups(group=group, into=into, version=0, by=world.admin, now=ON_THE_DAY)
    return group, into


VERBS = ["rename", "join", "up", "remove", "discuss", "carry", "reopen"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_changes_a_group_that_was_joined_is_told_where_its_notes_are(client, world, visits, verb, headers):
    group, into = joined(world, visits)
    client.force_login(world.coordinator)

    answer = client.post(f"{PAGE}{group.pk}/{verb}/", {"version": 0}, headers=headers)

    assert answer.status_code == 409
    assert f"{world.admin} was faster: on 3 Mar 2027" in text(answer)
    assert "the group “Asked twice” was joined with another. Its notes lie in “Wider than Asked twice” now." in text(
        answer
    )
    assert f'href="{PAGE}#group-{into.pk}"' in answer.content.decode()
    assert ("<html" in answer.content.decode()) == (not headers)


def test_a_new_name_for_a_group_that_was_joined_stands_in_the_field_of_the_other(client, world, visits):
    group, into = joined(world, visits)
    client.force_login(world.coordinator)

    answer = client.post(f"{PAGE}{group.pk}/rename/", {"version": 0, "name": "Typed twice"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.findall(r'<input [^>]*id="([^"]+)"[^>]*value="Typed twice"', page) == [f"name-{into.pk}"]
    assert page.count('<details class="group-change" open>') == 1
    assert "What you typed is still here, for the group its notes lie in now." in text(answer)


def test_a_new_name_for_a_group_that_was_removed_is_shown_to_be_copied(client, world, visits):
    group = group_of(world, visits)
    actions.remove_group(group=group, version=0, by=world.admin, now=ON_THE_DAY)
    client.force_login(world.coordinator)

    answer = client.post(f"{PAGE}{group.pk}/rename/", {"version": 0, "name": "Typed twice"})

    assert answer.status_code == 409
    assert "the group “Asked twice” was removed. Its notes are in no group. You typed: Typed twice" in text(answer)


def test_what_became_of_a_group_is_followed_to_the_end(client, world, visits):
    """Joined with a group that was joined with a third: its notes are there; removed as well, they are nowhere."""
    group, into = joined(world, visits)
    third = group_of(world, [], name="Third")
    into.refresh_from_db()
    actions.merge_groups(group=into, into=third, version=into.version, by=world.admin, now=ON_THE_DAY)
    day = VisitDay.objects.get()

    assert what_became(day, group.pk).into == third
    third.refresh_from_db()
    actions.remove_group(group=third, version=third.version, by=world.admin, now=ON_THE_DAY)
    client.force_login(world.coordinator)
    assert "which is gone by now as well" in text(client.post(f"{PAGE}{group.pk}/up/", {"version": 0}))


def test_a_note_put_into_or_a_group_joined_with_one_that_is_gone_is_told_too(client, world, visits):
    gone, _into = joined(world, visits[:1])
    other, note = group_of(world, [], name="Other"), visits[1].notes.get()
    client.force_login(world.coordinator)

    put = client.post(f"{PAGE}put/", {"note": note.pk, "was": "", "group": gone.pk})
    join = client.post(f"{PAGE}{other.pk}/join/", {"version": 0, "into": gone.pk})

    assert [put.status_code, join.status_code] == [409, 409]
    for answer in (put, join):
        assert "Its notes lie in “Wider than Asked twice” now. " in text(answer)
    assert not RegroupNote.objects.filter(note=note).exists()


def test_a_carried_group_that_was_taken_back_says_so(client, world, visits):
    visit = world.visit(VisitState.CONFIRMED, date=LATER, executive=ExecutiveFactory(), host=world.strange_host)
    group = group_of(world, visits[:2])
    client.force_login(world.coordinator)
    client.post(f"{PAGE}{group.pk}/carry/", {"version": 0})
    later = RegroupGroup.objects.get(carried_from=group)
    client.post(f"{PAGE}{group.pk}/reopen/", {"version": 1})

    answer = client.post(f"/visit-days/leeds/{visit.date}/regroup/{later.pk}/discuss/", {"version": 0})

    assert answer.status_code == 409
    assert "the group was taken back to the day it had come from" in text(answer)


@pytest.mark.parametrize("verb", VERBS)
def test_a_group_that_never_was_one_of_the_day_is_not_found(client, world, visits, verb):
    elsewhere = RegroupGroupFactory()
    actions.remove_group(group=elsewhere, version=0, by=world.admin, now=ON_THE_DAY)
    client.force_login(world.coordinator)

    for number in (elsewhere.pk, 999999):
        assert client.post(f"{PAGE}{number}/{verb}/", {"version": 0}).status_code == 404


def test_what_became_of_a_group_is_not_told_to_others(client, world, visits):
    group, _into = joined(world, visits)
    client.force_login(world.stranger.user)

    assert client.post(f"{PAGE}{group.pk}/discuss/", {"version": 0}).status_code == 404


@pytest.mark.parametrize(
    ("verb", "data"),
    [("put/", {"note": "no", "group": "x"}), ("put/", {}), ("make/", {})],
)
def test_what_a_page_never_sends_is_refused(client, world, visits, verb, data):
    client.force_login(world.coordinator)

    assert client.post(PAGE + verb, data).status_code == 422
    group = group_of(world, [])
    assert client.post(f"{PAGE}{group.pk}/join/", {"version": "x"}).status_code == 422


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
