"""Several reads in one query: the same answers as one by one."""

from datetime import date

import pytest

from people import together
from people.models import Role, RoleGrant, Site, Team, User
from tests.factories import SiteFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sites():
    return [SiteFactory(name=name) for name in ("Leeds", "100 % Lisbon", "Pune's")]


def test_counts_of_several_reads_are_one_query(sites, django_assert_num_queries):
    TeamFactory.create_batch(4, site=sites[0])
    UserFactory(is_active=False)
    with django_assert_num_queries(1):
        found = together.counted(
            10,
            sites=Site.objects.all(),
            teams=Team.objects.filter(site__name="Leeds"),
            gone=User.objects.filter(is_active=False, left_on__gt=date(2027, 3, 1)),
        )

    assert found == {"sites": 3, "teams": 4, "gone": 0}


def test_counting_stops_where_it_is_told_to(sites):
    found = together.counted(2, {"few": 1}, many=Site.objects.order_by("name"), few=Site.objects.all())

    assert found == {"many": 2, "few": 1}


def test_what_cannot_have_rows_is_not_asked_for(sites, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert together.counted(10, none=Site.objects.none(), nobody=User.objects.filter(pk__in=[])) == {
            "none": 0,
            "nobody": 0,
        }
        assert list(together.listed(none=Site.objects.none().values_list("pk"))) == []
    assert together.counted(10, none=Site.objects.none(), all=Site.objects.all()) == {"none": 0, "all": 3}


def test_rows_of_several_reads_are_one_query(sites, django_assert_num_queries):
    user = UserFactory(role=Role.SPONSOR)
    with django_assert_num_queries(1):
        found = list(
            together.listed(
                role=RoleGrant.objects.filter(user=user).values_list("user_id", "role"),
                site=Site.objects.filter(name__contains="%").values_list("pk", "name", "name_key"),
                none=Site.objects.none().values_list("pk", "name"),
            )
        )

    assert sorted(found) == [
        ("role", (user.pk, "sponsor", None)),
        ("site", (sites[1].pk, "100 % Lisbon", "100 % lisbon")),
    ]


def test_each_read_keeps_its_own_order_and_limit(sites):
    first, last = Site.objects.order_by("name").values_list("name")[:1], Site.objects.order_by("-name")
    found = dict(together.listed(first=first, last=last.values_list("name")[:1]))

    assert found == {"first": ("100 % Lisbon",), "last": ("Pune's",)}
