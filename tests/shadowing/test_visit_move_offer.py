"""Moving is offered to executives only while the notice allows it, and to coordinators always."""

from datetime import date

import pytest

from people.models import User
from shadowing.visits import pages
from tests.factories import UserFactory, VisitFactory

pytestmark = pytest.mark.django_db


def offered(user, visit, today):
    person = User.objects.with_identities().get(pk=user.pk)
    return "move" in [action.name for action in pages.actions_for(person, visit, today=today)]


@pytest.mark.parametrize(
    ("today", "moves", "yes"),
    [(date(2027, 3, 3), 0, True), (date(2027, 3, 4), 0, False), (date(2027, 2, 1), 2, False)],
)
def test_the_executive_is_offered_it_until_the_notice_day_and_twice(today, moves, yes):
    """Given a visit on Wednesday 10 March with five working days of notice; then it can be moved until 3 March."""
    visit = VisitFactory(confirmed=True, date=date(2027, 3, 10), moves=moves)

    assert offered(visit.executive.user, visit, today) is yes
    assert offered(UserFactory(role="coordinator"), visit, today)
