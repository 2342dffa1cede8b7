"""A season at two sites, in two weeks of March 2027, and who works on it."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from freezegun import freeze_time

from shadowing.models import SeasonState, VisitState
from tests.factories import (
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2027, 3, day) for day in (1, 2, 3, 4))


@pytest.fixture(autouse=True)
def february():
    """The clock stands a month before the season."""
    with freeze_time(NOW) as clock:
        yield clock


@pytest.fixture
def leeds():
    return SiteFactory(name="Leeds", slug="leeds", visits_a_day=2)


@pytest.fixture
def pune():
    return SiteFactory(name="Pune", slug="pune", country="IN")


@pytest.fixture
def season(leeds, pune):
    return SeasonFactory(name="Spring", slug="spring", sites=[leeds, pune], state=SeasonState.PLANNED)


@pytest.fixture
def coordinator(client):
    user = UserFactory(name="Cora Coordinator", role="coordinator")
    client.force_login(user)
    return user


@pytest.fixture
def book(season, leeds):
    """``book(day=TUESDAY, state=…)``: a visit of two people of the season in Leeds."""

    def make(*, day=TUESDAY, state=VisitState.PROPOSED, site=leeds, season=season, **options):
        told = {} if state == VisitState.PROPOSED else {"invited_at": NOW}
        options = {"host__team": TeamFactory(site=site)} | options if "host" not in options else options
        visit = VisitFactory(season=season, site=site, date=day, state=state, **told | options)
        SeasonExecutiveFactory(season=season, executive=visit.executive)
        if not season.hosts.filter(host=visit.host).exists():
            SeasonHostFactory(season=season, host=visit.host, max_visits=3)
        return visit

    return make


@pytest.fixture
def board(client):
    """``board(day=…)``: the page."""

    def fetch(day=TUESDAY, **asked):
        return client.get(reverse("shadowing:season_board", args=["spring"]), {"day": str(day)} | asked)

    return fetch


@pytest.fixture
def post(client):
    """``post("lock", visit, locked="1")`` as the board's own scripts do it, with the board's address in the window."""

    def send(name, about, *, window="/seasons/spring/board/?day=2027-03-02", plain=False, query="", **data):
        url = reverse(f"shadowing:{name}", args=[getattr(about, "uuid", None) or about.slug]) + query
        headers = {} if plain else {"HX-Request": "true", "HX-Current-URL": f"http://testserver{window}"}
        return client.post(url, data, headers=headers)

    return send
