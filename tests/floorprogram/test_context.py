"""Navigation by role, phone tabs, theme and the season in the masthead."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import timezone

from floorprogram import context
from tests.factories import SeasonFactory

NAMES = {place.name: f"/{place.name.replace(':', '/')}/" for place in context.PLACES} | {"home": "/"}


class Somebody:
    theme = ""

    def __init__(self, *identities):
        self.identities = frozenset(identities)


@pytest.fixture(autouse=True)
def _addresses(monkeypatch):
    monkeypatch.setattr(context, "address", lambda name: NAMES.get(name, ""))


def around(user, path="/", **cookies):
    request = RequestFactory().get(path)
    request.user, request.COOKIES = user, cookies
    return context.navigation(request)


def words(entries):
    return [str(entry.word) for entry in entries]


@pytest.mark.parametrize(
    ("identities", "expected"),
    [
        (
            ["coordinator"],
            ["Today", "Seasons", "Visit days", "Issues", "Surveys", "Reports", "People", "Outbox", "Wall"],
        ),
        (["admin"], ["Today", "Seasons", "Visit days", "Issues", "Surveys", "Reports", "People", "Outbox", "Wall"]),
        (["sponsor"], ["Dashboard", "Seasons", "Issues", "Reports", "People", "Wall"]),
        (["executive"], ["My day", "Visits", "My issues", "My days", "Wall"]),
        (["assistant"], ["My day", "Visits", "My issues", "My days", "Wall"]),
        (["host"], ["Today", "My days", "My promises", "Wall"]),
        (["host", "executive"], ["My day", "Visits", "My issues", "My days", "My promises", "Wall"]),
        ([], []),
    ],
)
def test_everybody_sees_their_places_once(identities, expected):
    assert words(around(Somebody(*identities))["nav_entries"]) == expected


def test_the_deepest_place_is_the_current_one():
    entries = around(Somebody("host", "executive"), "/issues/promises/")["nav_entries"]

    assert words(entry for entry in entries if entry.current) == ["My promises"]


def test_a_page_beside_ones_own_list_belongs_to_it():
    urls = ["/", "/visits/", "/issues/mine/"]

    assert context.deepest_holding("/issues/7/", urls) == "/issues/mine/"
    assert context.deepest_holding("/nowhere/", urls) == ""


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/webhooks/", "/outbox/"),
        ("/webhooks/7/edit/", "/outbox/"),
        ("/digests/", "/outbox/"),
        ("/visits/x/", "/visit-days/"),
        ("/availability/7/", "/seasons/"),
    ],
)
def test_a_page_without_an_entry_marks_the_one_it_is_reached_from(path, url):
    assert context.deepest_holding(path, ["/", "/seasons/", "/visit-days/", "/issues/", "/outbox/"]) == url
    assert context.deepest_holding(path, ["/", path]) == path
    assert context.deepest_holding(path, ["/"]) == ""


def test_phones_show_three_tabs_and_the_rest_under_more():
    shown = around(Somebody("coordinator"))

    assert words(shown["phone_tabs"]) == ["Today", "Visit days", "Issues"]
    assert words(shown["more_entries"]) == ["Seasons", "Surveys", "Reports", "People", "Outbox", "Wall"]


def test_places_nothing_answers_to_yet_are_left_out(monkeypatch):
    monkeypatch.setattr(context, "address", lambda name: "/" if name == "home" else "")

    assert words(around(Somebody("coordinator"))["nav_entries"]) == ["Today"]


def test_hosts_have_no_find_because_there_is_no_list_to_find_in():
    assert around(Somebody("host"))["find_url"] == ""
    assert around(Somebody("sponsor"))["find_url"] == NAMES["issues:index"]


@pytest.mark.parametrize(("cookie", "own", "shown"), [("dark", "", "dark"), ("", "light", "light"), ("pink", "", "")])
def test_the_theme_is_the_devices_choice_else_the_persons_else_none(cookie, own, shown):
    user = Somebody("host")
    user.theme = own

    assert around(user, theme=cookie)["theme"] == shown


def test_strangers_get_a_frame_without_places():
    shown = around(AnonymousUser())

    assert (shown["nav_entries"], shown["masthead_season"]) == ([], "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts", "expected"),
    [((-400, -5, 30), "running"), ((-400, 30, 60), "next"), ((-400, -30), "last"), ((), "")],
)
def test_the_masthead_names_the_season_people_mean(starts, expected, django_assert_num_queries):
    names = {(-400, -5, 30): "old running next", (-400, 30, 60): "old next later", (-400, -30): "old last"}
    for name, start in zip(names.get(starts, "").split(), starts, strict=True):
        first = timezone.localdate() + timedelta(days=start)
        SeasonFactory(name=name, starts_on=first, ends_on=first + timedelta(days=12))

    with django_assert_num_queries(1):
        assert str(around(Somebody("sponsor"))["masthead_season"]) == expected
