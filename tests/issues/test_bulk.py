"""Many issues at once: each by itself, those refused named, the others done, all on record."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from issues.models import EventKind, Handover, Issue, IssueEvent
from tests.factories import NINE, CategoryFactory, ExecutiveFactory, IssueFactory, VisitFactory
from tests.issues.conftest import TODAY, in_state

pytestmark = pytest.mark.django_db
DAY = TODAY + timedelta(days=40)
MOVE = {"next_update_due": DAY.isoformat(), "reason": "The line is frozen."}


@pytest.fixture(autouse=True, scope="module")
def frozen():
    with freeze_time(NINE):
        yield


@pytest.fixture
def three(cast):
    return [cast.issue, *IssueFactory.create_batch(2, origin_visit=cast.visit)]


def post(client, user, name, issues, **data):
    client.force_login(user)
    numbers = [issue.pk for issue in issues]
    return client.post(f"/issues/bulk/{name}/", {"number": numbers, "back": "state=open", **data})


def test_the_list_has_boxes_for_coordinators_alone(client, cast):
    for role, boxes in {"coordinator": 1, "admin": 1, "owner": 0, "sponsor": 0, "host": 0}.items():
        client.force_login(cast.people[role])
        assert client.get("/issues/").content.decode().count('type="checkbox"') == boxes


def test_ticking_a_page_works_without_a_script(client, cast, three):
    client.force_login(cast.people["coordinator"])
    assert client.get("/issues/?tick=page").content.decode().count('" checked></td>') == 3


def test_the_page_says_what_follows_and_changes_nothing(client, cast, three):
    in_state(three[2], "confirmed")
    client.force_login(cast.people["coordinator"])
    numbers = "&".join(f"number={issue.pk}" for issue in three)

    html = client.get(f"/issues/bulk/next-update/?{numbers}&back=state%3Dopen").content.decode()

    assert "3 issues selected" in html
    assert html.count("stays as it is: its state does not allow it") == 1
    assert "nobody is told now" in html
    assert not IssueEvent.objects.exists()


def test_moving_the_next_update(client, cast, three):
    response = post(client, cast.people["coordinator"], "next-update", three, **MOVE)

    assert response.url == "/issues/?state=open"
    assert set(Issue.objects.values_list("next_update_due", flat=True)) == {DAY}
    event = IssueEvent.objects.filter(issue=three[1]).get()
    assert (event.kind, event.by, event.on_behalf_of) == (
        EventKind.CHANGED,
        cast.people["coordinator"],
        cast.people["owner"],
    )
    assert event.words == "The line is frozen."
    assert event.after == {"next_update_due": DAY.isoformat()}


def test_a_refused_one_keeps_no_other_waiting(client, cast, three):
    in_state(three[1], "confirmed")
    elsewhere = IssueFactory()

    response = post(client, cast.people["admin"], "next-update", [*three, elsewhere], **MOVE)

    html = response.content.decode()
    assert response.status_code == 409
    assert "3 changed, 1 refused" in html
    assert "Their state does not allow it: confirmed." in html
    assert three[1].title in html
    assert Issue.objects.filter(next_update_due=DAY).count() == 3
    assert IssueEvent.objects.count() == 3


def test_other_coordinators_issues_are_not_even_seen(client, cast, three):
    elsewhere = IssueFactory()
    response = post(client, cast.people["coordinator"], "next-update", [cast.issue, elsewhere], **MOVE)
    assert response.status_code == 302
    assert not Issue.objects.filter(pk=elsewhere.pk, next_update_due=DAY).exists()


def test_what_they_see_but_do_not_coordinate_is_refused(client, cast, three):
    """A coordinator of one site who visited another one as an executive."""
    elsewhere = IssueFactory()
    executive = ExecutiveFactory(user=cast.people["coordinator"])
    VisitFactory(held=True, executive=executive, host=elsewhere.promised_to, date=DAY)

    response = post(client, cast.people["coordinator"], "next-update", [cast.issue, elsewhere], **MOVE)

    assert "1 changed, 1 refused" in response.content.decode()
    assert "This issue is not yours to change." in response.content.decode()


@pytest.mark.parametrize("data", [{}, MOVE | {"reason": " "}, MOVE | {"next_update_due": "soon"}])
def test_a_form_of_the_wrong_shape_is_refused(client, cast, three, data):
    assert post(client, cast.people["coordinator"], "next-update", three, **data).status_code == 422
    assert not IssueEvent.objects.exists()


def test_what_refuses_all_of_them_is_said_once_at_its_field(client, cast, three):
    data = MOVE | {"next_update_due": TODAY.isoformat()}
    response = post(client, cast.people["coordinator"], "next-update", three, **data)
    assert response.status_code == 422
    assert len(response.context["form"].errors["next_update_due"]) == 1
    assert response.content.decode().count("The next update lies ahead") == 2  # in the summary, which leads to it, too
    assert "The line is frozen." in response.content.decode()


def test_the_same_again_changes_nothing(client, cast, three):
    coordinator = cast.people["coordinator"]
    post(client, coordinator, "next-update", three, **MOVE)
    assert post(client, coordinator, "next-update", three, **MOVE).status_code == 409
    assert IssueEvent.objects.count() == 3


def test_what_was_typed_stays_where_the_day_is_wrong_for_all_it_could_change(client, cast, three):
    """Given a closed issue among those ticked; when the day has passed; then the form asks again and changes nothing."""
    in_state(three[2], "confirmed")

    response = post(
        client, cast.people["coordinator"], "next-update", three, **MOVE | {"next_update_due": "2020-01-01"}
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert "The next update lies ahead" in html
    assert MOVE["reason"] in html
    assert response.context["numbers"].split() == [str(issue.pk) for issue in three]
    assert not IssueEvent.objects.exists()


@pytest.mark.parametrize("day", ["2020-01-01", "2040-01-01"])
def test_a_wrong_day_is_answered_as_the_single_form_answers_it(client, cast, three, day):
    """Given issues whose last day differs by season; when the day is wrong for all; then each reason stands at the field,
    and what was ticked and typed stays."""
    own = VisitFactory(held=True, executive=ExecutiveFactory(user=cast.people["coordinator"]), host=cast.host, date=DAY)
    IssueFactory(origin_visit=own)  # the coordinator's own: an owner's limit, which is nearer
    issues = list(Issue.objects.order_by("pk"))

    response = post(client, cast.people["coordinator"], "next-update", issues, **MOVE | {"next_update_due": day})

    assert response.status_code == 422
    assert len(response.context["form"].errors["next_update_due"]) == (1 if day < "2030" else 2)
    assert (response.context["numbers"].split(), response.context["form"]["reason"].value()) == (
        [str(issue.pk) for issue in issues], MOVE["reason"],
    )  # fmt: skip
    assert not IssueEvent.objects.exists()


def test_a_category(client, cast, three):
    category = CategoryFactory(name="supplier")
    assert post(client, cast.people["coordinator"], "category", three, category=category.pk).status_code == 302
    assert {issue.category for issue in Issue.objects.all()} == {category}
    assert IssueEvent.objects.filter(kind=EventKind.CHANGED).count() == 3
    assert post(client, cast.people["coordinator"], "category", three, category=category.pk).status_code == 409


def test_a_leavers_issues(client, cast, three):
    new = ExecutiveFactory(user__name="Ravi Rahman")
    other = IssueFactory(origin_visit=VisitFactory(held=True, host=cast.host, date=DAY))
    cast.executive.user.is_active = False
    cast.executive.user.save()

    response = post(
        client, cast.people["coordinator"], "new-owner", [*three, other], to="Ravi Rahman", reason="She left."
    )

    html = response.content.decode()
    assert "3 changed, 1 refused" in html
    assert "Its owner is here and has not handed it back" in html
    assert Issue.objects.filter(owner=new).count() == 3
    assert Handover.objects.filter(transfer=True, to_owner=new).count() == 3


def test_nothing_ticked(client, cast):
    response = post(client, cast.people["coordinator"], "category", [])
    assert response.url == "/issues/?state=open"


@pytest.mark.parametrize("role", ["owner", "assistant", "host", "sponsor"])
def test_it_is_for_coordinators(client, cast, three, role):
    assert post(client, cast.people[role], "next-update", three, **MOVE).status_code == 404
    assert not IssueEvent.objects.exists()


def test_there_are_four(client, cast):
    client.force_login(cast.people["admin"])
    assert client.get("/issues/bulk/drop/?number=1").status_code == 404


def test_strange_numbers_and_addresses_are_answered(client, cast):
    client.force_login(cast.people["admin"])
    response = client.post("/issues/bulk/category/", {"number": ["x", "9" * 40, "²", "-1"], "back": "//evil.example"})
    assert response.url == "/issues/?all=yes"


@pytest.mark.parametrize("count", [1, 20])
def test_its_page_costs_the_same(client, cast, count, django_assert_max_num_queries):
    issues = IssueFactory.create_batch(count, origin_visit=cast.visit)
    client.force_login(cast.people["coordinator"])
    with django_assert_max_num_queries(8):
        client.get("/issues/bulk/category/", {"number": [issue.pk for issue in issues]})


# --- All the filter finds ---


@pytest.fixture
def many(cast):
    """Sixty of them: more than a page."""
    return IssueFactory.create_batch(60, origin_visit=cast.visit)


def shown(client, cast, query, role="coordinator"):
    client.force_login(cast.people[role])
    return client.get(f"/issues/bulk/next-update/?{query}")


def test_all_found_are_more_than_the_page(client, cast, many):
    in_state(many[0], "confirmed")
    elsewhere = IssueFactory()
    html = shown(client, cast, "all=yes&back=state%3Dunsolved").content.decode()
    assert "60 issues selected" in html  # 61 less the confirmed one
    assert "and 10 more" in html
    assert f"{elsewhere.pk} {elsewhere.title}" not in html


def test_what_was_shown_is_changed_and_nothing_that_came_since(client, cast, many):
    client.force_login(cast.people["coordinator"])
    page = client.get("/issues/bulk/next-update/?all=yes&back=state%3Dopen")
    later = IssueFactory(origin_visit=cast.visit)

    data = {"numbers": page.context["numbers"], "back": "state=open", **MOVE}
    response = client.post("/issues/bulk/next-update/", data)

    assert response.url == "/issues/?state=open"
    assert Issue.objects.filter(next_update_due=DAY).count() == 61
    assert not Issue.objects.filter(pk=later.pk, next_update_due=DAY).exists()


def test_what_was_refused_is_summed_up_by_reason(client, cast, many):
    client.force_login(cast.people["coordinator"])
    page = client.get("/issues/bulk/next-update/?all=yes&back=")
    for issue in many[:25]:
        in_state(issue, "confirmed")

    response = client.post("/issues/bulk/next-update/", {"numbers": page.context["numbers"], **MOVE})

    html = response.content.decode()
    assert response.status_code == 409
    assert "36 changed, 25 refused" in html
    assert html.count("Their state does not allow it: confirmed.") == 1
    assert "and 5 more" in html


def test_a_reminder_of_some_says_who_was_reminded_of_how_many(client, cast, three):
    in_state(three[2], "confirmed")

    response = post(client, cast.people["coordinator"], "remind", three, words="")

    html = response.content.decode()
    assert response.status_code == 409
    assert "1 owner reminded of 2 issues, 1 refused" in html
    assert "changed, " not in html


def test_a_thousand_at_most_and_the_page_says_so(client, cast, many, monkeypatch):
    monkeypatch.setattr("issues.bulk.MOST", 30)
    monkeypatch.setattr("issues.views.bulk.MOST", 30)
    monkeypatch.setattr("issues.bar.MOST", 30)
    response = shown(client, cast, "all=yes&back=sort%3Dnumber")
    assert "The first 30 that the filter finds, in the order of the list" in response.content.decode()
    assert response.context["numbers"].split() == [str(issue.pk) for issue in [cast.issue, *many[:29]]]
    client.force_login(cast.people["coordinator"])
    assert "Select the first 30" in client.get("/issues/?sort=number").content.decode()


def test_the_list_offers_all_and_shows_them_chosen(client, cast, many):
    client.force_login(cast.people["coordinator"])
    html = client.get("/issues/?state=open").content.decode()
    assert "Select all 61" in html
    html = client.get("/issues/?state=open&tick=all").content.decode()
    assert "All 61 selected" in html
    assert html.count('" checked disabled></td>') == 50
    assert '<input type="hidden" name="all" value="yes">' in html
    assert "Select all" not in client.get(f"/issues/?owner={cast.people['another executive'].pk}").content.decode()


def test_nothing_found(client, cast):
    response = shown(client, cast, "all=yes&back=state%3Dmerged")
    assert response.url == "/issues/?state=merged"


def test_who_coordinates_nothing_selects_nothing(client, cast, many):
    for role in ("owner", "sponsor", "host"):
        assert shown(client, cast, "all=yes&back=", role).status_code == 404


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_of_all_costs_the_same(client, cast, count, django_assert_max_num_queries):
    IssueFactory.create_batch(count, origin_visit=cast.visit)
    client.force_login(cast.people["coordinator"])
    with django_assert_max_num_queries(8):
        client.get("/issues/bulk/remind/?all=yes&back=")
