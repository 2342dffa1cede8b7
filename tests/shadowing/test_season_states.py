"""A season's way from draft to closed, and what hosts answer on it."""

from datetime import UTC, date, datetime

import pytest

from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent
from shadowing import seasons
from shadowing.models import SeasonHost, SeasonState, VisitState, Willing
from shadowing.seasons.states import NEXT
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
NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
MOVES = {
    seasons.open_collecting: SeasonState.COLLECTING,
    seasons.back_to_draft: SeasonState.DRAFT,
    seasons.close_season: SeasonState.CLOSED,
}


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
@pytest.mark.parametrize("state", SeasonState)
def test_every_move_from_every_state(move, state):
    season = SeasonFactory(state=state, sites=[SiteFactory()])
    if MOVES[move] in NEXT[state]:
        assert move(season=season, by=None, now=NOW).state == MOVES[move]
        assert AuditEvent.objects.get().changes == {"state": [state, MOVES[move]]}
        return
    with pytest.raises(Conflict):
        move(season=season, by=None, now=NOW)
    season.refresh_from_db()
    assert (season.state, AuditEvent.objects.count()) == (state, 0)


@pytest.mark.parametrize(
    ("state", "after"),
    [("draft", "planned"), ("collecting", "planned"), ("planned", "planned"), ("published", "published"),
     ("closed", "closed")],
)  # fmt: skip
def test_a_plan_was_adopted(state, after):
    season = SeasonFactory(state=state, sites=[SiteFactory()])
    assert seasons.mark_planned(season=season, by=None, now=NOW).state == after


def test_opening_brings_the_people_up_to_date():
    site = SiteFactory()
    ExecutiveFactory()
    HostFactory(team=TeamFactory(site=site))
    season = SeasonFactory(sites=[site])
    seasons.open_collecting(season=season, by=None, now=NOW)
    assert (season.executives.count(), season.hosts.count()) == (1, 1)


def test_only_who_coordinates_all_its_sites_moves_a_season():
    leeds, pune = SiteFactory(), SiteFactory()
    season = SeasonFactory(sites=[leeds, pune])
    strangers = [UserFactory(role="sponsor"), UserFactory(), UserFactory(role="coordinator", sites=[leeds])]
    for stranger in strangers:
        for move in (*MOVES, seasons.mark_planned):
            with pytest.raises(NotAllowed):
                move(season=season, by=stranger, now=NOW)
    both = UserFactory(role="coordinator", sites=[leeds, pune])
    assert seasons.open_collecting(season=season, by=both, now=NOW).state == "collecting"


@pytest.mark.parametrize("state", [VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED])
def test_a_season_is_not_closed_over_open_visits(state):
    site = SiteFactory()
    season = SeasonFactory(state=SeasonState.PUBLISHED, sites=[site])
    VisitFactory(season=season, site=site, date=date(2027, 3, 2), state=state, invited_at=NOW)
    with pytest.raises(Refused, match="1 visit is still"):
        seasons.close_season(season=season, by=None, now=NOW)
    season.visits.update(state=VisitState.HELD)
    assert seasons.close_season(season=season, by=None, now=NOW).state == "closed"


# --- willing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def entry():
    return SeasonHostFactory(willing=Willing.NOT_ASKED, season=SeasonFactory(state=SeasonState.COLLECTING))


def answer(entry, by, willing="yes", **options):
    return seasons.record_willing(entry=entry, willing=willing, by=by, now=NOW, **options)


def test_a_host_answers_and_thinks_again(entry):
    host = entry.host.user
    assert answer(entry, host, max_visits=2).max_visits == 2
    entry.refresh_from_db()
    assert (entry.willing, entry.answered_at, entry.answered_by) == ("yes", NOW, host)
    answer(entry, host, "no")
    answer(entry, host, "not_asked")
    entry.refresh_from_db()
    assert (entry.willing, entry.answered_at, entry.max_visits) == ("not_asked", None, 2)
    assert [event.changes["willing"] for event in AuditEvent.objects.order_by("pk")] == [
        ["not_asked", "yes"], ["yes", "no"], ["no", "not_asked"],
    ]  # fmt: skip


def test_a_coordinator_of_the_site_writes_it_down(entry):
    coordinator = UserFactory(role="coordinator", sites=[entry.host.team.site])
    assert answer(entry, coordinator).answered_by == coordinator


def test_nobody_else_answers(entry):
    strangers = [
        UserFactory(role="coordinator", sites=[SiteFactory()]),
        UserFactory(role="sponsor"),
        HostFactory().user,
    ]
    for stranger in [*strangers, ExecutiveFactory().user]:
        with pytest.raises(NotAllowed):
            answer(entry, stranger)
        assert not SeasonHost.objects.visible_to(stranger).filter(pk=entry.pk).exists()
    entry.refresh_from_db()
    assert entry.willing == "not_asked"


@pytest.mark.parametrize(("willing", "visits"), [("maybe", None), ("yes", 0), ("yes", 4)])
def test_answers_that_mean_nothing(entry, willing, visits):
    with pytest.raises(Refused):
        answer(entry, entry.host.user, willing, max_visits=visits)


def test_after_publishing_visits_are_declined_one_by_one():
    entry = SeasonHostFactory(season=SeasonFactory(state=SeasonState.PUBLISHED))
    with pytest.raises(Refused):
        answer(entry, entry.host.user, "no")
