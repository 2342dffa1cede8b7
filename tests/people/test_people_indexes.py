"""PostgreSQL reads the list of people in either order of numbers, and by parts of names, from an index."""

import pytest
from django.db import connection

from people.listing import SORTS
from people.models import User
from tests.factories import UserFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres_only,  # SQLite sorts and reads every row
]


def plan(query, *forbidden):
    with connection.cursor() as cursor:
        for way in forbidden:
            cursor.execute(f"SET LOCAL enable_{way} = off")
    return query.explain()


@pytest.mark.parametrize(("sort", "index"), [("number", "user_by_number"), ("-number", "user_by_number_down")])
def test_both_orders_of_numbers(sort, index):
    UserFactory()
    query = User.objects.order_by(*SORTS[sort]).values("name")[:50]
    assert index in plan(query, "seqscan", "sort", "incremental_sort", "bitmapscan").split()


def test_parts_of_names():
    UserFactory()
    assert "user_name_parts" in plan(User.objects.filter(name_key__contains="anna"), "seqscan")
