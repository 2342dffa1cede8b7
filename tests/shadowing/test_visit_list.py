"""The rows of the visit list: one query, names, and the state each reader may know."""

import pytest
from django.db import connection

from people.models import User
from shadowing.models import Visit
from shadowing.visits import history, listing
from tests.shadowing.world import make_world

pytestmark = pytest.mark.django_db


def test_a_row_names_people_and_places(django_assert_num_queries):
    world = make_world()
    visit = world.visit()

    with django_assert_num_queries(1):
        [row] = listing.rows_of(Visit.objects.all(), world.admin)

    names = [row[name] for name in ("executive_name", "host_name", "team_name", "site_name", "season_name")]
    assert names == [str(visit.executive), str(visit.host), "Billing Care", "Leeds", visit.season.name]
    assert row["url"] == visit.get_absolute_url()


def test_the_list_and_the_page_agree_about_the_state():
    """Whom a host turned down does not hear who it was, in either place."""
    world = make_world()
    declined = world.visit("declined", host_answer="no")
    held = world.visit("held", host=world.strange_host)

    for name, person in world.people().items():
        reader = User.objects.get(pk=person.pk)
        reader.acting_for = frozenset()
        rows = {row["uuid"]: row["shown"] for row in listing.rows_of(Visit.objects.all(), reader)}
        for visit in (declined, held):
            assert rows[visit.uuid] == history.shown_state(reader, visit), (name, visit.state)


@pytest.mark.postgres_only  # SQLite sorts and reads every row
def test_the_order_by_state_comes_from_an_index():
    make_world().visit()
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "bitmapscan", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")

    assert "visit_by_state" in Visit.objects.order_by(*listing.SORTS["state"]).values("uuid")[:50].explain()
