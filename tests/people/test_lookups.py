"""What is looked up beside a row: the same answers as joins and subqueries give."""

import pytest

from people.lookups import AnyOf, HowMany, LookedUp
from people.models import BusinessUnit, Executive, Host, Role, RoleGrant, Site, Team, User
from tests.factories import ExecutiveFactory, HostFactory, SiteFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hosts():
    teams = [TeamFactory(site=SiteFactory(name=name)) for name in ("Leeds", "Lisbon")]
    return [HostFactory(team=team) for team in teams]


def test_a_column_of_what_a_row_points_to(hosts):
    rows = Team.objects.order_by("pk").annotate(where=LookedUp(Site, "site", "name")).values_list("pk", "where")

    assert list(rows) == [(host.team_id, host.team.site.name) for host in hosts]


def test_where_it_points_nowhere_there_is_nothing():
    alone = ExecutiveFactory(assistant=None)
    helped = ExecutiveFactory(assistant=UserFactory(name="Ada"))
    found = Executive.objects.annotate(helper=LookedUp(User, "assistant", "name"))

    assert dict(found.values_list("pk", "helper")) == {alone.pk: None, helped.pk: "Ada"}


def test_a_lookup_of_a_lookup(hosts):
    team = LookedUp(Host, "pk", "team")
    rows = User.objects.filter(host__isnull=False).order_by("pk").annotate(where=LookedUp(Team, team, "name"))

    assert [row.where for row in rows] == [host.team.name for host in hosts]


def test_a_lookup_beside_joins_filters_and_orders_them(hosts):
    rows = Host.objects.annotate(unit=LookedUp(BusinessUnit, "team__business_unit", "path"))
    where = rows.annotate(where=LookedUp(Site, "team__site", "name")).filter(where="Lisbon").order_by("-where")

    assert [(row.pk, row.unit) for row in where] == [
        (hosts[1].pk, hosts[1].team.business_unit.path if hosts[1].team.business_unit else None)
    ]


def test_whether_and_how_many_rows_point_here(hosts):
    empty, full = SiteFactory(name="Pune"), hosts[0].team.site
    TeamFactory(site=full)
    found = Site.objects.annotate(any=AnyOf(Team, "site"), number=HowMany(Team, "site"))
    told = {row.pk: (row.any, row.number) for row in found}

    assert told[empty.pk] == (False, 0)
    assert told[full.pk] == (True, 2)


def test_whether_there_are_rows_can_be_filtered_by():
    granted, _other = UserFactory(role=Role.SPONSOR), UserFactory()

    assert list(User.objects.alias(has=AnyOf(RoleGrant, "user")).filter(has=True)) == [granted]
