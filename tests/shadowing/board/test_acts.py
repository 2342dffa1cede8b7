"""Acts on the board: what they change, whom they tell, what two coordinators at once get, and taking them back."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from notifications.models import Notice
from people.models import AuditEvent
from shadowing.board import actions, undo
from shadowing.models import PairRule, Plan, SeasonState, UnavailableDay, Visit, VisitEvent, VisitState
from tests.factories import SeasonExecutiveFactory, SeasonHostFactory, TeamFactory, UserFactory
from tests.shadowing.board.conftest import NOW

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY = date(2027, 3, 2), date(2027, 3, 3)


def fresh(visit):
    return Visit.objects.get(pk=visit.pk)


def toast(answer):
    return json.loads(answer["HX-Trigger"])["toast"]


# --- moving -----------------------------------------------------------------------------------------------------------


def test_a_proposed_visit_moves_at_once_and_only_what_changed_is_drawn(coordinator, season, leeds, book, post):
    visit, other = book(), book(day=date(2027, 3, 5))
    answer = post("place", visit, date="2027-03-03", version=visit.version, at_once=1)
    body = answer.content.decode()
    assert fresh(visit).date == WEDNESDAY
    assert f'id="cell-{leeds.pk}-2027-03-02"' in body
    assert f'id="cell-{leeds.pk}-2027-03-03"' in body
    assert f"v-{other.uuid}" not in body
    assert toast(answer)["undo"] == "/seasons/spring/board/undo/"
    assert Notice.objects.count() == 0


def test_an_invited_visit_is_asked_about_first_and_tells_only_its_people(client, coordinator, season, book, post):
    season.state = SeasonState.PUBLISHED
    season.save()
    visit = book(state=VisitState.CONFIRMED)
    book(state=VisitState.CONFIRMED)
    url = reverse("shadowing:place", args=[visit.uuid])
    dialog = client.get(url + "?day=2027-03-03", headers={"HX-Request": "true"}).content.decode()
    assert "Nobody is told before you confirm." in dialog
    assert 'value="2027-03-03"' in dialog
    answer = post("place", visit, date="2027-03-03", host=visit.host_id, version=visit.version, reason="A fair")
    assert fresh(visit).state == VisitState.INVITED
    assert set(Notice.objects.values_list("recipient", flat=True)) == {visit.executive_id, visit.host_id}
    assert "undo" not in toast(answer)


def test_the_form_works_without_scripts(client, coordinator, season, book, post):
    visit = book()
    assert client.get(reverse("shadowing:place", args=[visit.uuid])).status_code == 200
    answer = post("place", visit, plain=True, date="2027-03-03", host=visit.host_id, version=visit.version)
    assert answer.url == "/seasons/spring/board/?day=2027-03-03"
    refused = post("place", visit, plain=True, date="2027-05-03", host=visit.host_id, version=1)
    assert refused.status_code == 422
    assert "The season ends on" in refused.content.decode()


def test_a_visit_goes_to_another_host_at_another_site(coordinator, season, pune, book, post):
    visit = book()
    host = SeasonHostFactory(season=season, host__team=TeamFactory(site=pune)).host
    post("place", visit, query="?site=pune", date="2027-03-03", host=host.pk, version=visit.version)
    assert (fresh(visit).host, fresh(visit).site, fresh(visit).date) == (host, pune, WEDNESDAY)


def test_another_site_needs_a_host_of_its_own(coordinator, season, pune, book, post):
    visit = book()
    before = (visit.host, visit.site, visit.date)
    answer = post("place", visit, query="?site=pune", date="2027-03-03", host="", version=visit.version)
    assert answer.status_code == 422
    assert (fresh(visit).host, fresh(visit).site, fresh(visit).date) == before


def test_who_was_slower_hears_it_and_sees_where_the_visit_is_now(client, coordinator, season, leeds, book, post):
    visit = book()
    seen = visit.version
    post("place", visit, date="2027-03-03", version=seen, at_once=1)
    client.force_login(UserFactory(name="Tom Second", role="coordinator"))
    answer = post("place", visit, date="2027-03-04", version=seen, at_once=1)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was changed." in body
    for day in ("2027-03-02", "2027-03-03"):
        assert f'id="cell-{leeds.pk}-{day}"' in body
    assert fresh(visit).date == WEDNESDAY


def test_a_full_day_is_a_conflict(coordinator, season, book, post):
    visit = book(day=WEDNESDAY)
    book(), book()
    answer = post("place", visit, date="2027-03-02", version=visit.version, at_once=1)
    assert answer.status_code == 409
    assert "is full." in answer.content.decode()


@pytest.mark.parametrize("verb", ["lock", "forbid", "take_off"])
def test_buttons_pressed_on_an_old_state_do_nothing(coordinator, season, book, post, verb):
    visit = book()
    Visit.objects.filter(pk=visit.pk).update(version=5)
    assert post(verb, visit, version=0, locked=1).status_code == 409
    assert (fresh(visit).state, fresh(visit).locked, PairRule.objects.count()) == ("proposed", False, 0)


# --- swapping ---------------------------------------------------------------------------------------------------------


def swap(post, one, two, **data):
    versions = {"version": one.version, "other_version": two.version}
    return post("swap", one, query=f"?with={two.uuid}", **versions | data)


def test_two_visits_trade_their_days(coordinator, season, book, post):
    one, two = book(), book(day=WEDNESDAY)
    book(), book(day=WEDNESDAY)  # both days are full: only a swap can work
    assert swap(post, one, two, what="days").status_code == 200
    assert [fresh(one).date, fresh(two).date] == [WEDNESDAY, TUESDAY]
    assert [fresh(one).host, fresh(two).host] == [one.host, two.host]
    assert [fresh(one).state, fresh(two).state] == ["proposed"] * 2


def test_two_visits_trade_their_executives_across_sites(coordinator, season, pune, book, post):
    one, two = book(), book(site=pune, day=WEDNESDAY)
    assert swap(post, one, two, what="days").status_code == 422
    assert swap(post, one, two, what="executives").status_code == 200
    assert (fresh(one).host, fresh(one).site, fresh(one).date) == (two.host, pune, WEDNESDAY)
    assert (fresh(two).host, fresh(two).date) == (one.host, TUESDAY)


def test_a_swap_that_cannot_be_changes_nothing(coordinator, season, book, post):
    one, two = book(), book(day=WEDNESDAY)
    book(day=WEDNESDAY, host=one.host)
    assert swap(post, one, two, what="days").status_code == 409
    assert [fresh(one).date, fresh(two).date] == [TUESDAY, WEDNESDAY]
    assert [fresh(one).state, fresh(two).state] == ["proposed"] * 2


def test_a_swap_does_not_bring_together_who_is_ruled_out(coordinator, season, book, post):
    one, two = book(), book(day=WEDNESDAY)
    PairRule.objects.create(
        season=season, executive=two.executive, host=one.host, created_at=NOW, created_by=coordinator
    )
    assert swap(post, one, two, what="executives").status_code == 422
    assert [fresh(one).host, fresh(two).host] == [one.host, two.host]
    assert swap(post, one, two, what="days").status_code == 200


def test_the_swap_form_is_only_for_two_visits_of_the_board(client, coordinator, season, book, post):
    visit = book()
    url = reverse("shadowing:swap", args=[visit.uuid])
    assert client.get(f"{url}?with={book(day=WEDNESDAY).uuid}").status_code == 200
    assert [client.get(f"{url}?with={asked}").status_code for asked in (visit.uuid, "nonsense", "")] == [404] * 3


# --- proposing --------------------------------------------------------------------------------------------------------


def test_somebody_without_a_visit_is_put_on_the_board(client, coordinator, season, leeds, book, post):
    executive = SeasonExecutiveFactory(season=season, executive__user__name="Nina Waits").executive
    host = SeasonHostFactory(season=season, host__team=TeamFactory(site=leeds)).host
    tray = client.get(reverse("shadowing:board_tray", args=["spring"]), headers={"HX-Request": "true"})
    assert "Nina Waits" in tray.content.decode()
    query = f"?executive={executive.pk}&site=leeds&day=2027-03-03"
    form = client.get(reverse("shadowing:board_propose", args=["spring"]) + query)
    assert str(host) in form.content.decode()
    best = client.get(reverse("shadowing:board_best", args=["spring"]) + query)
    assert str(host) in best.content.decode()
    answer = post("board_propose", season, query="?site=leeds", executive=executive.pk, date="2027-03-03", host=host.pk)
    visit = Visit.objects.get(executive=executive)
    assert (visit.state, visit.host, visit.date) == (VisitState.PROPOSED, host, WEDNESDAY)
    assert f"v-{visit.uuid}" in answer.content.decode()
    assert client.get(reverse("shadowing:board_tray", args=["spring"])).context["unplaced"].number == 0


def test_only_the_seasons_executives_are_proposed(client, coordinator, season):
    url = reverse("shadowing:board_propose", args=["spring"])
    stranger = SeasonExecutiveFactory().executive
    assert [client.get(f"{url}?executive={pk}").status_code for pk in (stranger.pk, "x", "")] == [404] * 3


# --- locking and ruling out -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [VisitState.PROPOSED, VisitState.CONFIRMED])
def test_a_pair_is_locked_and_given_free(coordinator, season, book, post, state):
    visit = book(state=state)
    assert post("lock", visit, version=0, locked="1").status_code == 200
    assert fresh(visit).locked
    post("lock", visit, version=1, locked="")
    assert not fresh(visit).locked


def test_a_pair_is_ruled_out_and_allowed_again(client, coordinator, season, book, post):
    visit = book()
    post("forbid", visit, version=0)
    assert fresh(visit).state == VisitState.CANCELLED
    rule = PairRule.objects.get()
    assert (rule.executive, rule.host, rule.created_by) == (visit.executive, visit.host, coordinator)
    assert "1 pair is ruled out" in client.get(reverse("shadowing:board_tray", args=["spring"])).content.decode()
    post("board_allow", season, plain=True, executive=visit.executive_id, host=visit.host_id)
    assert PairRule.objects.count() == 0
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["pair.forbidden", "pair.allowed"]


def test_a_visit_people_were_told_of_stays_when_its_pair_is_ruled_out(client, coordinator, season, book, post):
    visit = book(state=VisitState.CONFIRMED)
    post("forbid", visit, version=0)
    assert fresh(visit).state == VisitState.CONFIRMED
    assert "This pair is ruled out" in client.get(reverse("shadowing:visit_panel", args=[visit.uuid])).content.decode()
    assert post("take_off", visit, version=fresh(visit).version).status_code == 422


# --- taking back ------------------------------------------------------------------------------------------------------


def take_back(season, by, minutes=10):
    return undo.undo_last(season=season, by=by, now=NOW + timedelta(minutes=minutes))


def test_each_act_is_taken_back_by_its_inverse(coordinator, season, book, post, february):
    visit = book()
    post("place", visit, date="2027-03-03", version=0, at_once=1)
    february.tick(60)
    post("lock", visit, version=1, locked="1")
    february.tick(60)
    answer = post("board_undo", season)
    assert (answer.status_code, fresh(visit).locked, fresh(visit).date) == (200, False, WEDNESDAY)
    february.tick(60)
    post("board_undo", season)  # the next one reaches further
    assert fresh(visit).date == TUESDAY
    february.tick(60)
    assert post("board_undo", season).status_code == 422


def test_what_was_taken_off_comes_back_with_its_lock(coordinator, season, book, post):
    visit = book(locked=True)
    post("take_off", visit, version=0)
    take_back(season, coordinator)
    again = Visit.objects.live().get(executive=visit.executive)
    assert (again.host, again.date, again.locked) == (visit.host, TUESDAY, True)


def test_what_was_proposed_goes_again(coordinator, season, leeds, post):
    executive = SeasonExecutiveFactory(season=season).executive
    host = SeasonHostFactory(season=season, host__team=TeamFactory(site=leeds)).host
    post("board_propose", season, query="?site=leeds", executive=executive.pk, date="2027-03-03", host=host.pk)
    take_back(season, coordinator)
    assert not Visit.objects.live().exists()


def test_a_ruled_out_pair_is_allowed_and_its_visit_proposed_again(coordinator, season, book, post):
    visit = book()
    post("forbid", visit, version=0)
    take_back(season, coordinator)
    assert PairRule.objects.count() == 0
    assert Visit.objects.live().get(executive=visit.executive).host == visit.host


def test_a_swap_is_taken_back_as_one(coordinator, season, book, post):
    one, two = book(), book(day=WEDNESDAY)
    swap(post, one, two, what="executives")
    take_back(season, coordinator)
    assert [fresh(one).host, fresh(two).host, fresh(one).date] == [one.host, two.host, TUESDAY]


def test_nothing_is_taken_back_that_somebody_changed_since(coordinator, season, book, post):
    visit = book()
    post("lock", visit, version=0, locked="1")
    other = UserFactory(name="Tom Second", role="coordinator")
    actions.move(visit=visit, date=WEDNESDAY, host=None, by=other, now=NOW + timedelta(minutes=1))
    answer = post("board_undo", season)
    assert answer.status_code == 409
    assert "was changed since by Tom Second." in answer.content.decode()
    assert fresh(visit).locked


def test_what_people_were_told_of_is_not_taken_back(coordinator, season, book, post):
    visit = book(state=VisitState.CONFIRMED)
    post("place", visit, date="2027-03-03", host=visit.host_id, version=0)
    answer = post("board_undo", season)
    assert answer.status_code == 422
    assert "Both people were told" in answer.content.decode()


def test_a_whole_plan_is_not_taken_back(coordinator, season, book, post):
    visit = book()
    VisitEvent.objects.create(visit=visit, at=NOW, by=coordinator, verb="proposed")
    Plan.objects.create(season=season, number=3, asked_at=NOW, adopted_at=NOW, adopted_by=coordinator)
    assert "plan 3" in post("board_undo", season).content.decode()


def test_only_ones_own_changes_are_taken_back(client, coordinator, season, book, post):
    visit = book()
    post("lock", visit, version=0, locked="1")
    client.force_login(UserFactory(role="coordinator"))
    assert post("board_undo", season).status_code == 422
    client.force_login(UserFactory(role="sponsor"))
    assert post("board_undo", season).status_code == 404
    assert fresh(visit).locked


# --- targets ----------------------------------------------------------------------------------------------------------


def test_cells_say_what_stands_against_a_move(client, coordinator, season, leeds, pune, book):
    visit = book()
    book(day=WEDNESDAY), book(day=WEDNESDAY)
    book(day=date(2027, 3, 4), host=visit.host)
    UnavailableDay.objects.create(user=visit.executive.user, date=date(2027, 3, 5))
    found = client.get(f"/seasons/spring/board/targets/?visit={visit.uuid}&day=2027-03-02").json()
    assert found[f"{leeds.pk}-2027-03-03"] == ["blocks", "full"]
    assert found[f"{leeds.pk}-2027-03-04"][0] == "blocks"
    assert f"{pune.pk}-2027-03-04" not in found  # another host would be chosen there
    assert found[f"{leeds.pk}-2027-03-05"] == ["warns", "the executive is away"]
    assert found[f"{leeds.pk}-2027-03-06"] == ["warns", "closed"]
    assert f"{leeds.pk}-2027-03-02" not in found
    assert client.get("/seasons/spring/board/targets/?visit=nonsense").status_code == 404


def test_a_ruled_out_pair_is_not_put_together_by_hand(coordinator, season, book, post):
    visit, other = book(), book()
    PairRule.objects.create(
        season=season, executive=other.executive, host=visit.host, created_at=NOW, created_by=coordinator
    )
    post("take_off", visit, version=0)
    answer = post("place", other, date="2027-03-03", host=visit.host_id, version=0, at_once=1)
    assert answer.status_code == 422
    assert "are ruled out for this season." in answer.content.decode()


def test_only_coordinators_read_in_the_timeline_whom_somebody_is_kept_from(client, coordinator, season, book, post):
    visit = book(state=VisitState.CONFIRMED)
    post("forbid", visit, version=0)
    assert "ruled the pair out" in client.get(visit.get_absolute_url()).content.decode()
    client.force_login(visit.host.user)
    assert "ruled the pair out" not in client.get(visit.get_absolute_url()).content.decode()
