"""The list of people, one person, and roles: who sees what, filters, and a constant number of queries."""

import pytest

from people.actions import grant_role, revoke_role
from people.errors import NotAllowed, Refused
from people.listing import Filters
from people.models import AuditEvent, RoleGrant, User
from tests.factories import ExecutiveFactory, HostFactory, SiteFactory, TeamFactory, UserFactory
from tests.people.rosters import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = UserFactory(name="Ada Admin", role="admin")
    client.force_login(user)
    return user


def names(page):
    return [person["name"] for person in page.context["page"]]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_whatever_its_length(client, admin, django_assert_max_num_queries, number):
    for _ in range(number):
        HostFactory()
        ExecutiveFactory(user__role="sponsor")
    client.get("/people/")

    with django_assert_max_num_queries(8):
        page = client.get("/people/")

    assert len(names(page)) == 2 * number + 1


@pytest.mark.parametrize("kind", ["hosts", "executives", "others", ""])
@pytest.mark.parametrize("site", ["porto", "", "nowhere"])
@pytest.mark.parametrize("more", [{}, {"q": "an"}, {"role": "sponsor"}])
def test_profiles_are_as_many_as_the_people_they_are_counted_for(kind, site, more):
    porto = SiteFactory(name="Porto", slug="porto")
    HostFactory.create_batch(2, team=TeamFactory(site=porto))
    HostFactory(user__name="Ann Far")
    ExecutiveFactory.create_batch(3, home_site=porto)
    ExecutiveFactory(home_site=None, user__role="sponsor")
    reader, filters = UserFactory(role="admin"), Filters(kind=kind, site=site, **more)

    profiles = filters.as_many(reader)

    assert (profiles is None) == (bool(more) or kind not in ("hosts", "executives"))
    assert profiles is None or profiles.count() == filters.apply(User.objects.visible_to(reader)).count()


def test_who_does_not_see_everybody_is_told_how_many_they_see(client):
    team, other = TeamFactory(), TeamFactory()
    HostFactory(team=team)
    HostFactory(team=other)
    coordinator = UserFactory(role="coordinator", sites=[team.site])
    client.force_login(coordinator)

    assert Filters(kind="hosts").as_many(coordinator) is None
    assert client.get("/people/?kind=hosts").context["page"].paginator.count == 1


def test_filters_search_and_sort(client, admin):
    team = TeamFactory(site=SiteFactory(name="Porto"))
    host = HostFactory(user__name="Zoë Ångström", user__employee_number="H7", team=team).user
    executive = ExecutiveFactory(user__name="Bo Ray", user__employee_number="E1").user

    assert names(client.get("/people/?kind=hosts")) == [host.name]
    assert names(client.get("/people/?kind=executives")) == [executive.name]
    assert names(client.get("/people/?kind=others")) == [admin.name]
    assert names(client.get("/people/?site=porto")) == [host.name]
    assert names(client.get("/people/?role=admin")) == [admin.name]
    assert names(client.get("/people/?q=ÅNGSTRÖM")) == [host.name]
    assert names(client.get("/people/?q=h7")) == [host.name]
    assert names(client.get("/people/?sort=number")) == [executive.name, host.name, admin.name]
    assert names(client.get("/people/?sort=-name")) == [host.name, executive.name, admin.name]


def test_an_empty_list_says_what_comes(client):
    client.force_login(UserFactory(role="coordinator", sites=[]))

    assert "Nobody matches these filters" in client.get("/people/?q=nobody").content.decode()


@pytest.mark.parametrize(
    "query", ["q=%00", "site=%00", "page=-1", "page=x", "sort=password", "kind=x&role=y", "q=" + "x" * 999]
)
def test_odd_addresses_answer(client, admin, query):
    assert client.get(f"/people/?{query}").status_code == 200


def test_filters_are_kept_in_the_address():
    filters = Filters.read({"q": "a b", "kind": "hosts", "sort": "name"})

    assert filters.address() == "/people/?q=a+b&kind=hosts"
    assert filters.address(q="", kind="") == "/people/"


def test_a_coordinator_sees_the_people_of_their_sites_and_all_executives(client):
    mine, other = HostFactory(), HostFactory()
    executive = ExecutiveFactory()
    client.force_login(UserFactory(role="coordinator", sites=[mine.team.site]))

    seen = names(client.get("/people/"))

    assert mine.user.name in seen
    assert executive.user.name in seen
    assert other.user.name not in seen
    assert client.get(f"/people/{mine.pk}/").status_code == 200
    assert client.get(f"/people/{other.pk}/").status_code == 404


def test_others_see_themselves_only(client):
    host, other = HostFactory(), HostFactory()
    client.force_login(host.user)

    assert client.get("/people/").status_code == 404
    assert client.get(f"/people/{host.pk}/").status_code == 200
    assert client.get(f"/people/{other.pk}/").status_code == 404
    for path in ("/people/roles/", "/people/import/"):
        assert client.get(path).status_code == 404


def test_a_persons_page_shows_both_sides(client, admin, django_assert_max_num_queries):
    manager = UserFactory(name="Mia Boss")
    executive = ExecutiveFactory(user__name="Ann Lee", level="SCS1", line_manager=manager)
    HostFactory(user=executive.user, function="Advisor")
    ExecutiveFactory(user__name="Cy Dee", assistant=executive.user)

    with django_assert_max_num_queries(12):
        page = client.get(f"/people/{executive.pk}/").content.decode()

    for words in ("Executive and host", "SCS1", "Mia Boss", "Advisor", "Cy Dee"):
        assert words in page


def test_a_role_is_given_for_sites_and_taken_on_record(client, admin):
    site = SiteFactory()
    person = UserFactory(employee_number="77")

    answer = client.post("/people/roles/grant/", {"person": "77", "role": "coordinator", "sites": [site.pk]})

    assert answer.status_code == 302
    grant = RoleGrant.objects.get(user=person)
    assert (grant.all_sites, list(grant.sites.all())) == (False, [site])
    assert person.name in client.get("/people/roles/").content.decode()

    client.post("/people/roles/grant/", {"person": "77", "role": "coordinator"})
    assert RoleGrant.objects.get(user=person).all_sites

    client.post(f"/people/roles/{grant.pk}/revoke/")
    assert not RoleGrant.objects.filter(user=person).exists()
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "by")) == [
        ("role granted", admin.pk), ("role granted", admin.pk), ("role revoked", admin.pk),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"person": "nobody", "role": "sponsor"}, "Nobody has this number"),
        ({"person": "5", "role": "sponsor"}, "fits several people"),
        ({"person": "6", "role": "king"}, "is not one of the choices"),
        ({"person": "7", "role": "sponsor"}, "has left"),
    ],
)
def test_roles_that_cannot_be_given(client, admin, data, words):
    UserFactory(employee_number="5")
    UserFactory(employee_number="5")
    UserFactory(employee_number="6")
    UserFactory(employee_number="7", is_active=False)

    answer = client.post("/people/roles/grant/", data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert RoleGrant.objects.count() == 1


def test_only_coordinators_are_limited_to_sites(client, admin):
    site = SiteFactory()
    with pytest.raises(Refused, match="limited"):
        grant_role(user_id=admin.pk, role="sponsor", site_ids=[site.pk], by=admin, now=NOW)


def test_the_last_admin_stays(client, admin):
    answer = client.post(f"/people/roles/{admin.role_grants.get().pk}/revoke/")

    assert answer.status_code == 422
    assert RoleGrant.objects.filter(user=admin, role="admin").exists()


def test_nobody_else_gives_or_takes_roles(admin):
    stranger = UserFactory(role="coordinator")
    with pytest.raises(NotAllowed):
        grant_role(user_id=stranger.pk, role="admin", by=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        revoke_role(grant_id=admin.role_grants.get().pk, by=stranger, now=NOW)
    assert RoleGrant.objects.count() == 2
