"""A person's own views of the list: kept, renamed, deleted, opened with; nobody else's."""

import pytest
from freezegun import freeze_time

from issues import saved
from issues.errors import NotAllowed, Refused
from issues.filters import Filters
from issues.models import SavedView
from tests.factories import NINE, IssueFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def frozen():
    with freeze_time(NINE):
        yield


@pytest.fixture
def admin(client):
    user = UserFactory(role="admin")
    client.force_login(user)
    return user


@pytest.fixture
def late(admin):
    return saved.save_view(name="Late ones", query="overdue=yes&sort=-title&page=3&nonsense=1", by=admin)


def test_a_view_keeps_filters_and_order_only(late):
    assert (late.query, late.is_default) == ("overdue=yes&sort=-title", False)


def test_saving_from_the_list(client, admin):
    assert client.get("/issues/views/save/?state=open").status_code == 200

    response = client.post("/issues/views/save/?state=open&sort=title", {"name": " To   do ", "is_default": "on"})

    view = admin.issue_views.get()
    assert (view.name, view.query, view.is_default) == ("To do", "state=open&sort=title", True)
    assert response.url == "/issues/?state=open&sort=title"


@pytest.mark.parametrize("name", ["", "   ", "late ONES", "x" * 61])
def test_a_name_is_needed_and_used_once(client, admin, late, name):
    assert client.post("/issues/views/save/?state=open", {"name": name}).status_code == 422
    assert admin.issue_views.count() == 1


def test_twenty_are_enough(admin):
    for number in range(saved.MOST):
        saved.save_view(name=f"View {number}", query="", by=admin)
    with pytest.raises(Refused):
        saved.save_view(name="One more", query="", by=admin)


def test_too_long_a_filter_is_refused(admin):
    with pytest.raises(Refused):
        saved.save_view(name="Long", query=f"unit={'ü' * 300}", by=admin)


def test_views_stand_above_the_list(client, admin, late):
    other = saved.save_view(name="Theirs", query="state=open", by=UserFactory(role="admin"))
    html = client.get("/issues/?overdue=yes&sort=-title").content.decode()
    assert '<a href="/issues/?overdue=yes&amp;sort=-title" aria-current="page">Late ones</a>' in html
    assert other.name not in html


def test_the_list_opens_with_the_default(client, admin, late):
    saved.make_default(view=late, by=admin)
    assert client.get("/issues/").url == "/issues/?overdue=yes&sort=-title"
    html = client.get("/issues/?overdue=yes").content.decode()
    assert 'href="/issues/?all=yes"' in html
    assert client.get("/issues/?all=yes").status_code == 200


def test_a_default_of_all_issues_does_not_go_in_circles(client, admin):
    saved.save_view(name="All", query="", by=admin, is_default=True)
    assert client.get("/issues/", follow=True).redirect_chain == [("/issues/?all=yes", 302)]


def test_one_default_at_most(client, admin, late):
    other = saved.save_view(name="Open", query="state=open", by=admin, is_default=True)
    client.post(f"/issues/views/{late.pk}/default/")
    assert list(admin.issue_views.filter(is_default=True)) == [late]

    client.post(f"/issues/views/{late.pk}/default/", {"off": "yes"})
    assert not admin.issue_views.filter(is_default=True).exists()
    assert SavedView.objects.filter(pk=other.pk).exists()


def test_renaming_and_deleting(client, admin, late):
    saved.save_view(name="Open", query="state=open", by=admin)
    assert client.post(f"/issues/views/{late.pk}/rename/", {"name": "Open"}).status_code == 422
    assert client.post(f"/issues/views/{late.pk}/rename/", {"name": "Overdue"}).status_code == 302
    late.refresh_from_db()
    assert late.name == "Overdue"
    assert client.post(f"/issues/views/{late.pk}/delete/").status_code == 302
    assert not SavedView.objects.filter(pk=late.pk).exists()


@pytest.mark.parametrize("verb", ["rename", "default", "delete"])
def test_somebody_elses_are_not_found(client, admin, verb):
    theirs = saved.save_view(name="Theirs", query="", by=UserFactory(role="admin"))
    assert client.post(f"/issues/views/{theirs.pk}/{verb}/", {"name": "Mine"}).status_code == 404
    assert SavedView.objects.get(pk=theirs.pk).name == "Theirs"


def test_actions_ask_whose_it_is(admin):
    theirs = saved.save_view(name="Theirs", query="", by=UserFactory())
    for act in (saved.delete_view, saved.make_default, lambda **more: saved.rename_view(name="x", **more)):
        with pytest.raises(NotAllowed):
            act(view=theirs, by=admin)


def test_the_page_of_views(client, admin, late):
    html = client.get("/issues/views/").content.decode()
    assert "Late ones" in html
    late.delete()
    assert "No views yet" in client.get("/issues/views/").content.decode()


def test_views_cost_no_query_of_their_own(client, admin, django_assert_max_num_queries):
    IssueFactory.create_batch(2)
    for number in range(10):
        saved.save_view(name=f"View {number}", query=f"stale={number + 1}", by=admin, is_default=number == 3)
    with django_assert_max_num_queries(8):
        client.get("/issues/?state=open")


def test_what_is_saved_is_read_as_it_was():
    filters = Filters.read({"q": "a&b=c", "unit": "Retail / Stores", "crosses": "1", "overdue": "word", "stale": "014"})
    assert Filters.of(filters.query) == filters
    assert (filters.crosses, filters.stale) == ("yes", "14")
