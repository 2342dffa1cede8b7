"""A group of a regroup becomes one shared issue: whose, what it settles, who may, and what the pages say of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from freezegun import freeze_time

from issues import actions
from issues.errors import Conflict, NotAllowed, Refused
from issues.models import Issue, RegroupOrigin
from issues.queries import take_aways_owed
from people.models import AuditEvent
from shadowing.models import RegroupGroup, RegroupNote, VisitState
from shadowing.regroup import actions as regroup
from tests.factories import (
    NINE,
    FloorNoteFactory,
    HostFactory,
    IssueFactory,
    RegroupGroupFactory,
    TeamFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "The address is asked for twice", "promise": "Maya, by May you type it once.", "target_date": date(2027, 5, 3),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clock():
    with freeze_time(NINE):
        yield


@pytest.fixture
def other(cast):
    """Another held visit of the same day, in another team, whose take-away is owed."""
    retail = HostFactory(team=TeamFactory(site=cast.site, name="Retail"))
    return VisitFactory(held=True, host=retail, season=cast.visit.season)


@pytest.fixture
def group(cast, other):
    """Seen in two of the day's teams."""
    Issue.objects.all().delete()
    notes = [FloorNoteFactory(visit=visit, text=f"Twice in {visit.host.team.name}.") for visit in (cast.visit, other)]
    return RegroupGroupFactory(day__site=cast.site, day__date=cast.visit.date, name="Asked twice", notes=notes)


def take(group, visit, by, **changes):
    return actions.raise_from_group(group=group, version=0, owner=visit, by=by, now=NINE, **WORDS | changes)


def url(group):
    return f"/issues/regroup/{group.pk}/"


def fields(group, visit, **changes):
    return {**WORDS, "owner": visit.pk, "promised_to": "", "obstacle": "", "version": group.version} | changes


def test_one_owner_one_host_and_the_teams_that_saw_it(cast, group, other):
    issue = take(group, cast.visit, cast.people["coordinator"])

    assert (issue.owner, issue.promised_to, issue.raised_in) == (cast.executive, cast.host, cast.host.team)
    assert (issue.origin_visit, issue.origin_day) == (cast.visit, group.day)
    assert set(issue.teams_affected.all()) == {cast.host.team, other.host.team}
    origin = RegroupOrigin.objects.get()
    assert (origin.issue, origin.seen_in, origin.teams) == (issue, 2, 2)
    assert issue.events.get().on_behalf_of == cast.executive.user
    group.refresh_from_db()
    assert (group.outcome, group.settled_by) == ("issue", cast.people["coordinator"])
    assert AuditEvent.objects.filter(verb="regroup.issue").count() == 1


def test_it_settles_its_owners_visit_alone_also_after_a_handover(cast, group, other):
    issue = take(group, cast.visit, cast.people["coordinator"])

    assert cast.visit not in take_aways_owed()
    assert other in take_aways_owed()
    Issue.objects.filter(pk=issue.pk).update(owner=other.executive)
    assert cast.visit not in take_aways_owed()
    assert other in take_aways_owed()


def test_the_list_of_what_is_owed_says_why(client, cast, group, other):
    take(group, cast.visit, cast.people["coordinator"])
    client.force_login(cast.people["coordinator"])

    said = client.get("/issues/owed/").content.decode()

    assert other.executive.user.name in said
    assert "Anneke Vos" not in said
    assert "shared issue is somebody else’s" in said


def test_it_is_promised_to_any_host_of_the_day(cast, group, other):
    issue = take(group, cast.visit, cast.people["owner"], promised_to=other.host)

    assert (issue.promised_to, issue.raised_in, issue.origin_visit) == (other.host, other.host.team, cast.visit)


@pytest.mark.parametrize("role", ["host", "sponsor", "another executive", "another host", "coordinator elsewhere"])
def test_others_make_no_issue_of_it(client, cast, group, role):
    with pytest.raises(NotAllowed):
        take(group, cast.visit, cast.people[role])
    client.force_login(cast.people[role])
    statuses = {client.get(url(group)).status_code, client.post(url(group), fields(group, cast.visit)).status_code}

    assert statuses <= {404, 409}
    assert not Issue.objects.exists()
    assert RegroupGroup.objects.get().outcome == "open"


def test_an_executive_takes_it_for_nobody_else(cast, group, other):
    with pytest.raises(NotAllowed):
        take(group, other, cast.people["owner"])
    assert not Issue.objects.exists()


def test_refused_and_nothing_changed(cast, group, other):
    by = cast.people["coordinator"]
    elsewhere = VisitFactory(held=True)

    with pytest.raises(Refused):
        take(group, cast.visit, by, promised_to=elsewhere.host)
    with pytest.raises(Refused):
        take(group, cast.visit, by, title=" ")
    with pytest.raises(Refused):
        take(group, cast.visit, by, target_date=NINE.date() - timedelta(days=1))
    with pytest.raises(Conflict):
        actions.raise_from_group(group=group, version=7, owner=cast.visit, by=by, now=NINE, **WORDS)
    other.state = VisitState.NO_SHOW
    other.checked_in_at = other.checked_in_by = None
    other.save()
    with pytest.raises(Conflict):
        take(group, other, by)
    assert not Issue.objects.exists()
    assert RegroupGroup.objects.get().version == 0


def test_a_group_makes_one_issue_only(client, cast, group, other):
    issue = take(group, cast.visit, cast.people["coordinator"])
    group.refresh_from_db()

    with pytest.raises(Conflict):
        actions.raise_from_group(
            group=group, version=group.version, owner=other, by=cast.people["coordinator"], now=NINE, **WORDS
        )
    client.force_login(cast.people["coordinator"])
    assert client.get(url(group)).headers["Location"] == issue.get_absolute_url()
    assert client.post(url(group), fields(group, other)).status_code == 409


def test_a_coordinator_chooses_the_owner(client, cast, group, other):
    client.force_login(cast.people["coordinator"])

    page = client.get(url(group))
    said = page.content.decode()
    assert "Twice in Billing Care." in said
    assert 'value="Asked twice"' in said
    names = {name for _pk, name in page.context["form"].fields["owner"].choices}
    assert names >= {"Anneke Vos", other.executive.user.name}
    answer = client.post(url(group), fields(group, other))

    issue = Issue.objects.get()
    assert answer.headers["Location"] == issue.get_absolute_url()
    assert (issue.owner, issue.promised_to) == (other.executive, other.host)


@pytest.mark.parametrize("role", ["owner", "assistant"])
def test_an_executive_is_offered_their_own_visit(client, cast, group, other, role):
    client.force_login(cast.people[role])

    form = client.get(url(group)).context["form"]

    assert [name for _pk, name in form.fields["owner"].choices] == ["Anneke Vos"]
    assert form["promise"].value() == "Maya, "
    assert client.post(url(group), fields(group, other)).status_code == 422
    assert client.post(url(group), fields(group, cast.visit)).status_code == 302
    assert Issue.objects.get().owner == cast.executive


def test_what_was_typed_stays_after_a_refusal(client, cast, group):
    client.force_login(cast.people["coordinator"])

    answer = client.post(url(group), fields(group, cast.visit, promise="", obstacle="Three screens."))
    late = client.post(url(group), fields(group, cast.visit, version=5, obstacle="Three screens."))

    assert (answer.status_code, late.status_code) == (422, 409)
    for page in (answer, late):
        assert "Three screens." in page.content.decode()
    assert "Somebody changed “Asked twice”" in late.content.decode()
    assert "Send it again if it still fits" in late.content.decode()
    again = fields(group, cast.visit, version=late.context["form"]["version"].value())
    assert client.post(url(group), again).status_code == 302


def test_a_form_of_the_wrong_shape_hides_no_change_of_the_group(client, cast, group):
    client.force_login(cast.people["coordinator"])

    answer = client.post(url(group), fields(group, cast.visit, version=5, promise=""))

    assert answer.status_code == 422
    assert answer.context["form"]["version"].value() == "5"


@pytest.mark.parametrize("title", [WORDS["title"], ""])
def test_who_was_slower_is_told_who_raised_it_and_keeps_what_was_typed(client, cast, group, other, title):
    """Given a form that was begun; when somebody raises the group first; then the answer says who, and leads to that
    issue, whatever was typed."""
    issue = take(group, cast.visit, cast.people["coordinator"])
    client.force_login(other.executive.user)

    late = client.post(url(group), fields(group, other, title=title, promise="Mine by May.", obstacle="Three screens."))

    said = " ".join(late.content.decode().split())
    assert late.status_code == 409
    assert f"{cast.people['coordinator'].name} was faster: this group became an issue on" in said
    assert f'href="{issue.get_absolute_url()}">{issue.number} {issue.title}</a>' in said
    assert f"Open issue {issue.number}" in said
    assert "Three screens." in said
    assert "Mine by May." in said
    assert "Make it their issue" not in said
    assert Issue.objects.get() == issue


def test_what_was_carried_on_meanwhile_is_said_too(client, cast, group):
    RegroupGroup.objects.filter(pk=group.pk).update(
        outcome="carried", settled_at=NINE, settled_by=cast.people["admin"], version=1
    )
    client.force_login(cast.people["coordinator"])

    late = client.post(url(group), fields(group, cast.visit, obstacle="Three screens."))

    assert late.status_code == 409
    assert f"{cast.people['admin'].name} was faster: on 1 Mar 2027" in late.content.decode()
    assert "this group was carried to the next visit day" in late.content.decode()
    assert "Three screens." in late.content.decode()
    assert not Issue.objects.exists()


def wider(group, by):
    """Put the group's notes into another before the form about it arrives; the other group."""
    into = RegroupGroupFactory(day=group.day, name="Asked again")
    regroup.merge_groups(group=group, into=into, version=group.version, by=by, now=NINE)
    into.refresh_from_db()
    return into


def late_form(group, visit, **changes):
    return fields(group, visit, day=group.day_id, obstacle="Three screens.", **changes)


@pytest.mark.parametrize("do", ["", "notes", "similar"])
def test_a_form_for_a_group_that_was_joined_comes_back_for_the_other(client, cast, group, do):
    """Given a form that was begun; when its group is joined with another first; then the answer says so, holds what was
    typed, and is sent for the other group."""
    into, notes = wider(group, cast.people["admin"]), [str(cast.visit.notes.get().pk)]
    client.force_login(cast.people["coordinator"])

    late = client.post(url(group), late_form(group, cast.visit, do=do, notes=notes))

    said = " ".join(late.content.decode().split())
    assert late.status_code == 409
    assert f"{cast.people['admin'].name} was faster: on 1 Mar 2027" in said
    assert "Its notes lie in “Asked again” now." in said
    assert f'action="{url(into)}"' in said
    form = late.context["form"]
    assert form["title"].value() == WORDS["title"]
    assert form["obstacle"].value().startswith("Three screens.")
    assert form["notes"].value() == notes
    again = fields(into, cast.visit, version=form["version"].value())
    assert client.post(url(into), again).status_code == 302
    assert RegroupOrigin.objects.get().group == into


def test_a_form_for_a_group_that_was_removed_comes_back_to_be_copied(client, cast, group):
    regroup.remove_group(group=group, version=0, by=cast.people["admin"], now=NINE)
    client.force_login(cast.people["coordinator"])

    late = client.post(url(group), late_form(group, cast.visit))

    said = " ".join(late.content.decode().split())
    assert late.status_code == 409
    assert "the group “Asked twice” was removed. Its notes are in no group." in said
    assert "What you typed is still here. Nothing of it was sent." in said
    assert "Three screens." in said
    assert "Back to the regroup" in said
    assert "Make it their issue" not in said
    assert not Issue.objects.exists()


def test_a_form_for_a_group_that_was_joined_with_an_issue_leads_to_it(client, cast, group, other):
    into = wider(group, cast.people["admin"])
    issue = actions.raise_from_group(
        group=into, version=into.version, owner=other, by=cast.people["admin"], now=NINE, **WORDS
    )
    client.force_login(cast.people["coordinator"])

    late = client.post(url(group), late_form(group, cast.visit))

    assert late.status_code == 409
    assert f"Open issue {issue.number}" in late.content.decode()
    assert "Three screens." in late.content.decode()
    assert "Make it their issue" not in late.content.decode()


def test_a_group_that_never_was_or_is_not_theirs_is_not_found(client, cast, group):
    wider(group, cast.people["admin"])
    elsewhere = RegroupGroupFactory()
    client.force_login(cast.people["coordinator"])

    assert client.get(url(group)).status_code == 404
    for day in ("", "x", "999999", elsewhere.day_id):
        assert client.post(url(group), late_form(group, cast.visit) | {"day": day}).status_code == 404
    assert client.post("/issues/regroup/999999/", late_form(group, cast.visit)).status_code == 404
    client.force_login(cast.people["another executive"])
    assert client.post(url(group), late_form(group, cast.visit)).status_code == 404


def test_a_group_that_is_gone_at_the_last_moment_keeps_what_was_typed(client, cast, group, monkeypatch):
    def gone(*, group, by, now, **_given):
        regroup.remove_group(group=group, version=group.version, by=by, now=now)
        raise Conflict("Gone.")

    monkeypatch.setattr("issues.actions.raise_from_group", gone)
    client.force_login(cast.people["coordinator"])

    late = client.post(url(group), late_form(group, cast.visit))

    assert late.status_code == 409
    assert "the group “Asked twice” was removed" in late.content.decode()
    assert "Three screens." in late.content.decode()


@pytest.mark.parametrize("role", ["coordinator", "owner", "assistant", "host"])
@pytest.mark.parametrize("state", [VisitState.HELD, VisitState.CONFIRMED])
def test_it_is_offered_to_whom_the_form_lets_make_it(client, cast, group, other, role, state):
    """The regroup offers it by a rule of its own layer; the form decides by the issue's: they say the same."""
    if state == VisitState.CONFIRMED:
        cast.visit.state, cast.visit.checked_in_at, cast.visit.checked_in_by = state, None, None
        cast.visit.save()
    client.force_login(cast.people[role])

    board = client.get(f"/visit-days/{cast.site.slug}/{cast.visit.date}/regroup/")
    form = client.get(url(group))

    offered = url(group) in board.content.decode()
    assert offered == (form.status_code == 200)
    assert offered == (role == "coordinator" or (role != "host" and state == VisitState.HELD))
    assert ("the visit you speak for is checked in" in board.content.decode()) == (
        role in ("owner", "assistant") and not offered
    )


def test_ticked_notes_go_into_the_obstacle(client, cast, group):
    client.force_login(cast.people["coordinator"])
    note = cast.visit.notes.get()

    page = client.post(url(group), fields(group, cast.visit, do="notes", notes=[str(note.pk)], obstacle="Mine."))

    assert page.status_code == 200
    assert page.context["form"]["obstacle"].value() == "Mine.\n\nTwice in Billing Care."


def test_before_anybody_was_checked_in_nobody_can_own_it(client, cast, group, other):
    for visit in (cast.visit, other):
        visit.state, visit.checked_in_at, visit.checked_in_by = VisitState.CONFIRMED, None, None
        visit.save()
    type(other).objects.filter(state=VisitState.HELD).update(date=NINE.date() + timedelta(days=40))
    client.force_login(cast.people["coordinator"])

    board = client.get(f"/visit-days/{cast.site.slug}/{cast.visit.date}/regroup/").content.decode()

    assert client.get(url(group)).status_code == 409
    assert url(group) not in board
    assert "Nobody is checked in yet." in board


def test_regroup_and_issue_lead_to_each_other(client, cast, group):
    issue = take(group, cast.visit, cast.people["coordinator"])
    client.force_login(cast.people["coordinator"])

    regroup = client.get(f"/visit-days/{cast.site.slug}/{cast.visit.date}/regroup/").content.decode()
    page = client.get(issue.get_absolute_url()).content.decode()

    assert issue.get_absolute_url() in regroup
    assert f"Issue {issue.number}" in regroup
    board = f"/visit-days/{cast.site.slug}/{cast.visit.date}/regroup/#group-{group.pk}"
    assert f'<a href="{board}">Asked twice, seen in 2 of 2 teams</a>' in page.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("role", "led"), [("owner", True), ("host", True), ("sponsor", False)])
def test_who_may_not_see_the_regroup_reads_its_name_alone(client, cast, group, role, led):
    issue = take(group, cast.visit, cast.people["coordinator"])
    client.force_login(cast.people[role])

    page = client.get(issue.get_absolute_url()).content.decode().replace("\N{NO-BREAK SPACE}", " ")

    assert "Asked twice, seen in 2 of 2 teams" in page
    assert ("/regroup/#group-" in page) == led
    assert (client.get(f"/visit-days/{cast.site.slug}/{cast.visit.date}/regroup/").status_code == 200) == led


def test_whoever_may_not_read_the_issue_is_not_told_its_number(client, cast, group, other):
    issue = take(group, cast.visit, cast.people["coordinator"])
    client.force_login(other.host.user)

    said = client.get(f"/visit-days/{cast.site.slug}/{cast.visit.date}/regroup/").content.decode()

    assert issue.get_absolute_url() not in said
    assert "One shared issue" in said


@pytest.mark.parametrize("number", [1, 3])
def test_query_count_of_the_form(client, cast, group, number, django_assert_max_num_queries):
    IssueFactory.create_batch(number, origin_visit=cast.visit, title="The address is asked twice")
    for _visit in range(number):
        note = FloorNoteFactory(visit=VisitFactory(held=True, host=HostFactory(team=cast.host.team)))
        RegroupNote.objects.create(note=note, group=group, put_at=NINE, put_by=note.author)
    client.force_login(cast.people["coordinator"])
    client.get(url(group))

    with django_assert_max_num_queries(12):
        client.get(url(group))
