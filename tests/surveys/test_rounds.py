"""Opening rounds, their cells, and who is invited."""

from datetime import date, timedelta

import pytest

from people.errors import Conflict, NotAllowed
from people.models import AuditEvent
from shadowing.models import SeasonState, VisitState
from surveys import rounds
from surveys.models import Cell, Invitation, Round, RoundState
from tests.factories import NINE, HostFactory, SeasonFactory, SiteFactory, TeamFactory, UserFactory, VisitFactory

pytestmark = pytest.mark.django_db


def season_with_visits(**held_at):
    """A published season: ``season_with_visits(leeds=12)`` holds 12 visits at Leeds."""
    sites = {name: SiteFactory(name=name.title()) for name in held_at}
    season = SeasonFactory(sites=list(sites.values()), state=SeasonState.PUBLISHED)
    for name, count in held_at.items():
        team = TeamFactory(site=sites[name])
        for _ in range(count):
            VisitFactory(held=True, season=season, host=HostFactory(team=team), site=sites[name])
    return season


def test_a_published_season_gets_its_survey_by_itself_and_only_once():
    season = season_with_visits(leeds=1)

    assert rounds.open_due_rounds(now=NINE) == 1
    assert rounds.open_due_rounds(now=NINE) == 0

    assert Round.objects.get().season == season
    with pytest.raises(Conflict):
        rounds.open_hosting_round(season=season, now=NINE)


def test_small_sites_are_pooled_and_a_pool_under_k_is_hidden():
    season = season_with_visits(leeds=10, lisbon=3, pune=1)

    survey_round = rounds.open_hosting_round(season=season, now=NINE)

    leeds, pooled = survey_round.cells.get(site__name="Leeds"), survey_round.cells.get(site=None)
    assert (leeds.site.name, leeds.hidden) == ("Leeds", False)
    assert [site.name for site in rounds.pooled_sites(survey_round)] == ["Lisbon", "Pune"]
    assert pooled.hidden


def test_hosts_of_held_visits_are_invited_once_on_the_day_of_the_visit():
    season = season_with_visits(leeds=3)
    VisitFactory(invited=True, season=season, site=season.sites.get(), host=HostFactory(team__site=season.sites.get()))
    rounds.open_due_rounds(now=NINE)

    assert rounds.invite_visitors() == 3
    assert rounds.invite_visitors() == 0

    assert set(Invitation.objects.values_list("due_from", flat=True)) == {date(2027, 3, 1)}


def test_a_site_that_joined_later_belongs_to_the_hidden_pool():
    season = season_with_visits(leeds=10)
    rounds.open_due_rounds(now=NINE)
    late = SiteFactory(name="Late")
    VisitFactory(held=True, season=season, site=late, host=HostFactory(team__site=late))

    rounds.invite_visitors()

    assert Cell.objects.get(site=None).hidden
    assert Invitation.objects.filter(cell__site=None).count() == 1


def test_a_correction_to_no_show_invites_nobody():
    season = season_with_visits(leeds=1)
    season.visits.update(state=VisitState.NO_SHOW)
    rounds.open_due_rounds(now=NINE)

    assert rounds.invite_visitors() == 0


def test_rounds_close_after_their_last_day_or_by_a_coordinator_of_all_sites():
    season = season_with_visits(leeds=1, lisbon=1)
    rounds.open_due_rounds(now=NINE)
    survey_round = Round.objects.get()
    partial = UserFactory(role="coordinator", sites=[season.sites.first()])

    with pytest.raises(NotAllowed):
        rounds.close_round(round_id=survey_round.pk, by=partial, now=NINE)
    assert rounds.close_due_rounds(now=NINE) == []
    rounds.close_due_rounds(now=NINE + timedelta(days=60))

    survey_round.refresh_from_db()
    assert survey_round.state == RoundState.CLOSED
    with pytest.raises(Conflict):
        rounds.close_round(round_id=survey_round.pk, by=UserFactory(role="coordinator"), now=NINE)


def test_who_closed_a_round_early_is_on_record():
    season = season_with_visits(leeds=1)
    survey_round = rounds.open_hosting_round(season=season, now=NINE)
    coordinator = UserFactory(role="coordinator")

    rounds.close_round(round_id=survey_round.pk, by=coordinator, now=NINE)

    event = AuditEvent.objects.get(subject=f"round:{survey_round.pk}", verb="round.closed")
    assert (event.by, event.at) == (coordinator, NINE)
