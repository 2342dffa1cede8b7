"""Synthetic data for measurements: the right amounts, rows the database accepts, the same again from the same seed."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from floorprogram.demo.bulk import checked_at_the_end, reserve, write
from floorprogram.demo.scale import Scale, Size
from issues.models import Issue, IssueEvent, IssueState, IssueUpdate
from people.models import Executive, Host, Site, User
from shadowing.models import Visit
from surveys.models import Answer
from tests.factories import NINE, TeamFactory

pytestmark = pytest.mark.django_db
SMALL = Size(executives=6, hosts=9, sites=2, issues=40, responses=8)
TODAY = date(2027, 3, 1)
COLUMNS = ("title", "state", "site__slug", "season__slug", "owner__user__name", "promised_to__user__name",
           "target_date", "next_update_due", "word_due", "last_word_on", "category__name", "origin_visit__uuid")  # fmt: skip


def check_references():
    connection.check_constraints()


def test_everything_asked_for_is_there():
    counts = Scale(SMALL, TODAY).make()
    check_references()
    assert (Executive.objects.count(), Host.objects.count(), Site.objects.count()) == (6, 9, 2)
    assert Issue.objects.count() == Visit.objects.held().count() == counts["visits"] == 40
    assert IssueEvent.objects.count() == counts["events"] == 80
    assert IssueUpdate.objects.count() == 40
    assert Answer.objects.exists()


def test_issues_are_spread_over_states_and_clocks():
    Scale(SMALL, TODAY).make()
    states = set(Issue.objects.values_list("state", flat=True))
    assert states == {state.value for state in IssueState} - {"merged"}
    assert 0 < Issue.objects.overdue(TODAY).count() < 40


def test_the_same_seed_gives_the_same_data():
    """Given two runs of one seed and one of another, each in an empty database, only the first two agree."""
    made = []
    for seed in (1, 1, 2):
        empty = transaction.savepoint()
        Scale(SMALL, TODAY, seed=seed).make()
        made.append(list(Issue.objects.order_by("number").values_list(*COLUMNS)))
        transaction.savepoint_rollback(empty)
    assert made[0] == made[1] != made[2]


def test_a_second_run_adds_to_the_first():
    Scale(SMALL, TODAY).make()
    Scale(Size(executives=3, hosts=3, sites=1, issues=5), TODAY).make()
    check_references()
    assert Issue.objects.count() == 45


def test_people_can_be_added_by_the_application_afterwards():
    """Keys reserved for bulk rows are not given out again."""
    Scale(SMALL, TODAY).make()
    assert User.objects.create_user(email="late@example.com", name="Late").pk > max(
        Host.objects.values_list("pk", flat=True)
    )


def test_text_arrives_as_it_was_written():
    """Given a name with everything COPY treats as special."""
    name = "Tab\there, line\nbreak, back\\slash, \\N and 100 %s"
    write(User, [{"id": reserve(User, 1)[0], "name": name, "email": None, "created_at": NINE}])
    user = User.objects.get(name_key__startswith="tab")
    assert (user.name, user.email, user.languages, user.is_active, user.created_at) == (name, None, [], True, NINE)


def test_rows_that_point_nowhere_are_refused():
    """Given a host in a team that does not exist, put in while foreign keys wait for the end of the block."""
    team = TeamFactory()
    [key] = reserve(User, 1)
    write(User, [{"id": key, "name": "Nobody", "created_at": NINE}])

    @transaction.atomic
    def put_in():
        with checked_at_the_end(Host):
            write(Host, [{"user_id": key, "team_id": team.pk + 1}])
        check_references()

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        put_in()


def test_the_command_says_what_it_made():
    out = StringIO()
    call_command("load_scale", executives=2, hosts=4, sites=1, issues=3, json=True, stdout=out)
    found = json.loads(out.getvalue())
    assert {name: found[name] for name in ("executives", "hosts", "sites", "issues", "visits", "events")} == {
        "executives": 2, "hosts": 4, "sites": 1, "issues": 3, "visits": 3, "events": 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"hosts": 1}, "at least one site"),
        ({"issues": 1, "sites": 1}, "need executives and hosts"),
        ({"responses": 1}, "need a season"),
        ({"executives": -1}, "cannot be negative"),
    ],
)
def test_amounts_that_cannot_be_are_refused(sizes, words):
    with pytest.raises(CommandError, match=words):
        call_command("load_scale", **sizes)
    assert not User.objects.exists()
