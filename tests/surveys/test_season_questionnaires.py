"""A season opens only the questionnaires it lists."""

import pytest

from shadowing.models import SeasonState
from shadowing.seasons.questionnaires import offered
from surveys.models import Round
from surveys.rounds import open_due_rounds
from tests.factories import NINE, SeasonFactory, SiteFactory

pytestmark = pytest.mark.django_db


def test_the_built_in_questionnaires_are_offered_to_seasons():
    assert [(each.slug, str(each.name)) for each in offered()] == [
        ("hosting", "Hosting survey"),
        ("pulse-executives", "Alignment pulse, executives"),
        ("pulse-front-line", "Alignment pulse, front line"),
        ("silos", "Silo self-assessment"),
        ("visit", "Executive's visit survey"),
    ]


def test_a_season_that_does_not_list_the_hosting_survey_opens_none():
    listing = SeasonFactory(state=SeasonState.PUBLISHED, sites=[SiteFactory()])
    SeasonFactory(state=SeasonState.PUBLISHED, sites=[SiteFactory()], questionnaires=[])
    SeasonFactory(state=SeasonState.PLANNED, sites=[SiteFactory()])
    assert open_due_rounds(now=NINE) == 1
    assert [survey_round.season for survey_round in Round.objects.all()] == [listing]
    assert open_due_rounds(now=NINE) == 0
