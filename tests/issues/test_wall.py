"""You said, we did: who reads a wall, what stands on it and in whose words, and the link that needs no sign-in."""

import itertools
from datetime import timedelta

import pytest
from django.test import Client
from freezegun import freeze_time

from issues import actions
from issues.errors import Conflict, NotAllowed
from issues.models import Issue, WallLink
from issues.wall import secrets
from issues.wall.actions import make_wall_link, revoke_wall_link
from issues.wall.rows import sites_of, wall_of
from people.models import User
from people.qr import qr
from tests.factories import NINE, HostFactory, IssueFactory, SeasonFactory, TeamFactory, VisitFactory
from tests.issues.conftest import LATER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def frozen():
    with freeze_time(LATER + timedelta(days=10)):
        yield


@pytest.fixture
def confirmed(delivered):
    """The issue of the cast, confirmed by its host."""
    delivered.issue = actions.confirm(issue=delivered.issue, by=delivered.people["host"], now=LATER)
    return delivered


def solved(cast, *, host=None, now=LATER, text="One screen.", by=None, **fields):
    """Another issue of the site, delivered and confirmed."""
    host = host or cast.host
    visit = VisitFactory(held=True, host=host, date=next(days))
    issue = IssueFactory(origin_visit=visit, **fields)
    issue = actions.deliver(issue=issue, text=text, impact="Minutes.", by=visit.executive.user, now=now)
    return actions.confirm(issue=issue, by=by or host.user, now=now)


days = ((NINE - timedelta(days=number)).date() for number in itertools.count(1))


@pytest.fixture
def link(cast):
    return make_wall_link(site=cast.site, by=cast.people["coordinator"], now=NINE)


def public(link):
    return f"/wall/{secrets.secret_of(link)}/"


# --- What stands on it ---


def test_it_says_what_was_said_and_what_was_done(client, confirmed):
    client.force_login(confirmed.people["host"])
    html = client.get(f"/wall/sites/{confirmed.site.slug}/").content.decode()

    for words in ("SIM swap needs three systems", "One screen, no paper, since Monday.", "Nineteen minutes saved",
                  "Billing Care", "1 thing is better in Leeds", "2\xa0Mar"):  # fmt: skip
        assert words in html


def test_only_what_was_confirmed_here(confirmed):
    IssueFactory(origin_visit=VisitFactory(held=True, host=confirmed.host, date=next(days)), title="Still open")
    elsewhere = HostFactory()
    solved(confirmed, host=elsewhere, title="Elsewhere")

    wall = wall_of(confirmed.site)

    assert [line.said for team in wall.teams for line in team.lines] == ["SIM swap needs three systems"]


def test_by_team_newest_first(cast):
    other = HostFactory(team=TeamFactory(site=cast.site, name="Roaming"))
    for number, host in enumerate([cast.host, other, cast.host]):
        solved(cast, host=host, title=f"Number {number}", now=NINE + timedelta(days=number))

    wall = wall_of(cast.site)

    assert [(team.team, [line.said for line in team.lines]) for team in wall.teams] == [
        ("Billing Care", ["Number 2", "Number 0"]),
        ("Roaming", ["Number 1"]),
    ]


def test_what_a_coordinator_confirmed_stands_apart_and_is_not_counted(cast):
    gone = HostFactory(team=cast.host.team, user__is_active=False)
    solved(cast, host=gone, by=cast.people["coordinator"], title="In place")

    wall = wall_of(cast.site)

    assert (wall.count, [line.said for line in wall.teams[0].apart]) == (0, ["In place"])


def test_what_holds_no_more_is_taken_down(confirmed):
    actions.not_yet(issue=confirmed.issue, words="It is back.", by=confirmed.people["host"], now=LATER)
    assert wall_of(confirmed.site).teams == []


def test_nobody_is_named(client, confirmed, link):
    """Given words that name everybody; when the wall is read; then nobody's name is on it."""
    colleague = HostFactory(team=confirmed.host.team, user__name="Hana Brightwater").user
    names = ["Maya Rowntree", "Maya", "Rowntree", "Anneke Vos", "Anneke", "Vos", "Asha Assistant", colleague.name]
    said = f"For {', '.join(names)}: Maya’s form and (Anneke) too. MAYAS is no name."
    Issue.objects.update(title=said[:160], impact=said)
    confirmed.issue.updates.update(text=f"**{names[0]}** asked. {said}")

    html = client.get(public(link)).content.decode()

    assert [name for name in names if name in html] == []
    assert "a colleague’s form and (the owner) too. MAYAS is no name." in html
    assert "Ingrid" not in html


def test_the_season_can_be_chosen(client, confirmed, link):
    earlier = SeasonFactory(name="Spring 2026", slug="spring-2026", sites=[confirmed.site])
    visit = VisitFactory(held=True, host=confirmed.host, season=earlier, date=next(days))
    issue = IssueFactory(origin_visit=visit, title="The older one")
    issue = actions.deliver(issue=issue, text="Done.", impact="Less.", by=visit.executive.user, now=NINE)
    actions.confirm(issue=issue, by=confirmed.people["host"], now=NINE)

    everything, one = (client.get(public(link) + query).content.decode() for query in ("", "?season=spring-2026"))

    assert ("SIM swap" in everything, "The older one" in everything) == (True, True)
    assert ("SIM swap" in one, "The older one" in one) == (False, True)
    assert "SIM swap" in client.get(public(link) + "?season=nonsense").content.decode()


def test_an_empty_wall_says_what_will_be_here(client, cast, link):
    assert "Nothing stands here yet" in client.get(public(link)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_whatever_stands_on_it(client, cast, link, django_assert_num_queries, count):
    for number in range(count):
        host = HostFactory(team=TeamFactory(site=cast.site, name=f"Team {number}"))
        solved(cast, host=host, title=f"Number {number}")
    with django_assert_num_queries(4):  # link with its site, seasons, issues with their words, names
        html = client.get(public(link)).content.decode()
    assert html.count("wall-line") == count


# --- Who reads it ---


READERS = {
    "host", "another host", "admin", "coordinator", "sponsor", "owner", "assistant", "executive who was there",
}  # fmt: skip


def test_who_reads_it_signed_in(client, cast):
    for role, user in cast.people.items():
        client.force_login(user)
        status = client.get(f"/wall/sites/{cast.site.slug}/").status_code
        assert status == (200 if role in READERS else 404), role


def test_whoever_has_one_wall_is_led_to_it(client, cast):
    client.force_login(cast.people["host"])
    assert client.get("/wall/").url == f"/wall/sites/{cast.site.slug}/"
    client.force_login(cast.people["admin"])
    assert "Leeds" in client.get("/wall/").content.decode()
    client.force_login(cast.people["another executive"])
    assert "No wall yet" in client.get("/wall/").content.decode()


def test_a_walls_sites_are_asked_for_in_one_query(cast, django_assert_num_queries):
    user = User.objects.with_identities().get(pk=cast.people["owner"].pk)
    assert user.identities
    with django_assert_num_queries(1):
        assert list(sites_of(user)) == [cast.site]


# --- The link ---


def test_everybody_who_passes_reads_it_without_a_cookie(confirmed, link):
    response = Client().get(public(link))

    assert response.status_code == 200
    assert "SIM swap" in response.content.decode()
    assert not response.cookies
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex"' in response.content.decode()


def test_a_new_link_ends_the_old_one_and_revoking_ends_it(client, cast, link):
    by = cast.people["coordinator"]
    newer = make_wall_link(site=cast.site, by=by, now=LATER)
    assert client.get(public(link)).status_code == 404
    assert client.get(public(newer)).status_code == 200

    revoke_wall_link(site=cast.site, by=by, now=LATER)

    assert client.get(public(newer)).status_code == 404
    assert WallLink.objects.filter(revoked_at=LATER, revoked_by=by).count() == 2
    with pytest.raises(Conflict):
        revoke_wall_link(site=cast.site, by=by, now=LATER)


@pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: s.swapcase(), lambda s: "x" + s, lambda s: s.split(".")[0],
                                    lambda s: "altered", lambda s: "é" * 22, lambda s: s + "." + s])  # fmt: skip
def test_a_wrong_secret_is_told_kindly(client, link, change):
    response = client.get(f"/wall/{change(secrets.secret_of(link))}/")
    assert response.status_code == 404
    assert "This wall has moved" in response.content.decode()
    assert "Leeds" not in response.content.decode()


def test_the_table_alone_opens_nothing(client, link, settings):
    """Given the nonce; when the key differs; then the secret made of it opens nothing."""
    settings.SECRET_KEY = "another" * 10
    forged = public(link)
    settings.SECRET_KEY = "yet-another" * 10
    assert client.get(forged).status_code == 404


def test_coordinators_make_and_revoke_it(client, cast):
    client.force_login(cast.people["coordinator"])
    page = f"/wall/sites/{cast.site.slug}/"
    assert "Make the address" in client.get(page).content.decode()

    assert client.post(f"{page}link/").url == page
    html = client.get(page).content.decode()
    link = WallLink.objects.get()
    assert secrets.address_of(link) in html
    assert '<svg class="qr"' in html
    assert "style=" not in html

    assert client.post(f"{page}revoke/").status_code == 302
    assert client.post(f"{page}revoke/").status_code == 409
    assert client.get(public(link)).status_code == 404


@pytest.mark.parametrize("role", ["host", "sponsor", "owner", "coordinator elsewhere"])
def test_nobody_else_makes_or_sees_it(client, cast, link, role):
    client.force_login(cast.people[role])
    page = f"/wall/sites/{cast.site.slug}/"
    assert secrets.secret_of(link) not in client.get(page).content.decode()
    for verb in ("link", "revoke"):
        assert client.post(f"{page}{verb}/").status_code == 404
    with pytest.raises(NotAllowed):
        make_wall_link(site=cast.site, by=cast.people[role], now=NINE)
    assert WallLink.objects.get().revoked_at is None


def test_a_qr_code_is_drawn_by_class_alone():
    drawn = qr("https://floor.example.com/wall/x/", "the wall")
    assert drawn.startswith('<svg class="qr" viewBox="0 0 ')
    assert "style" not in drawn
    assert drawn.count("h1v1h-1z") > 200


def test_secrets_are_long_enough(link):
    nonce, _dot, signature = secrets.secret_of(link).partition(".")
    assert (len(nonce), len(signature)) == (22, 43)
