"""What-if plans: asked for by form or by a remedy, marked, not used until the season says the same, taken over."""

import pytest

from notifications.models import Notice
from people.errors import NotAllowed, Refused
from people.models import AuditEvent
from shadowing import plans
from shadowing.models import PairRule, Plan, PlanLeftOut, PlanState, SeasonHost, SeasonState, UnavailableDay, Visit
from shadowing.plans import remedies, what_if
from shadowing.plans.load import read_hosts
from shadowing.plans.reading import left_out_of
from tests.factories import UserFactory
from tests.shadowing.plans.cast import NOW, make_cast

pytestmark = pytest.mark.django_db
PAGE = "/seasons/spring/plan/"


@pytest.fixture
def cast():
    return make_cast(host_min_tenure_months=6)


@pytest.fixture
def signed_in(client):
    def sign_in(**person):
        client.force_login(UserFactory(**person))
        return client

    return sign_in


def ask(cast, assume, **changes):
    wanted = {"season": cast.season, "seconds": 20, "seed": 0, "by": None, "now": NOW} | changes
    return plans.ask_plan(**wanted, assume=assume)


def solved(cast, assume=None):
    plan = ask(cast, assume)
    plans.run_plan(plan_id=plan.pk, now=NOW)
    plan.refresh_from_db()
    return plan


def text(page):
    return " ".join(page.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def words(plan):
    plan.season.refresh_from_db()
    return [one.words.replace("\N{NO-BREAK SPACE}", " ") for one in what_if.unsaid(plan.season, plan)]


def take_over(plan, by):
    return plans.take_over(plan=plan, by=by, now=NOW)


def adopt(plan, by=None):
    return plans.adopt_plan(plan_id=plan.pk, by=by, now=NOW)


# --- what is stored ---


def test_only_what_differs_from_the_season_is_assumed(cast):
    plan = ask(cast, {
        "rules": {"host_min_tenure_months": 3, "shared_language": cast.season.shared_language, "nonsense": 1},
        "weights": {"tenure": 2.0, "home_site": 1.0},
        "places": [{"site": "leeds", "date": None, "more": 0}, {"site": "pune", "date": "2027-03-04", "more": 1}],
    })  # fmt: skip

    places = cast.season.season_sites.get(site__slug="pune").visits_a_day
    assert plan.what_if == {
        "rules": {"host_min_tenure_months": 3},
        "weights": {"tenure": 2.0},
        "places": [{"site": "pune", "date": "2027-03-04", "more": 1, "visits": places + 1}],
    }


def test_the_solve_works_under_what_is_assumed(cast):
    for host in cast.hosts:
        host.hired_on = "2026-12-01"
        host.save()

    assert solved(cast).pairs.count() == 0
    assert solved(cast, {"rules": {"host_min_tenure_months": 1}}).pairs.count() == 10


def test_weights_are_those_assumed(cast):
    plan = solved(cast, {"weights": {"tenure": 3}})

    assert plan.pairs.first().terms["tenure"] == round(37 / 60 * 3 * 1000)


# --- marked, not used, taken over ---


def test_a_what_if_is_marked_and_not_used(cast, signed_in):
    plan = solved(cast, {"rules": {"host_min_tenure_months": 3}})
    client = signed_in(role="coordinator")

    page = text(client.get(PAGE))
    refused = client.post(f"{PAGE}1/adopt/")

    assert "Plan 1, a what-if" in page
    assert "Least tenure of a host, months: 3 instead of 6" in page
    assert "Use this plan" not in page
    assert refused.status_code == 422
    assert Visit.objects.count() == 0
    with pytest.raises(Refused, match="what-if"):
        adopt(plan)


def test_taking_it_over_makes_it_usable_and_goes_on_record(cast, signed_in):
    plan = solved(cast, {
        "rules": {"host_min_tenure_months": 3}, "weights": {"tenure": 2.0},
        "places": [{"site": "pune", "date": "2027-03-04", "more": 2}],
    })  # fmt: skip
    before = cast.season.season_sites.get(site__slug="pune").visits_a_day

    page = text(signed_in(role="coordinator").post(f"{PAGE}1/take-over/", follow=True))

    cast.season.refresh_from_db()
    assert (cast.season.host_min_tenure_months, cast.season.weights["tenure"]) == (3, 2.0)
    assert cast.season.season_sites.get(site__slug="pune").visits_a_day == before + 2
    assert words(plan) == []
    assert "Use this plan" in page
    assert len(AuditEvent.objects.get(verb="season.what_if_taken_over").changes["taken"]) == 3
    assert adopt(plan).adopted_at == NOW


def test_who_may_take_over_and_until_when(cast):
    plan = solved(cast, {"rules": {"host_min_tenure_months": 3}})

    for person in (UserFactory(role="coordinator", sites=cast.sites[:1]), UserFactory(role="sponsor")):
        with pytest.raises(NotAllowed):
            take_over(plan, person)
    cast.season.state = SeasonState.PUBLISHED
    cast.season.save()
    with pytest.raises(Refused, match="published"):
        take_over(plan, cast.coordinator)

    cast.season.refresh_from_db()
    assert cast.season.host_min_tenure_months == 6


def test_what_depends_on_people_is_not_taken_over(cast):
    day, person = "2027-03-03", cast.executives[0]
    UnavailableDay.objects.create(user=person.user, date=day)
    plan = solved(cast, {"changes": [{"kind": "own_days", "executive": str(person.pk), "date": day}]})
    assert words(plan) == [f"{person.user.name} is free on 3 Mar"]

    with pytest.raises(Refused, match="asked first"):
        take_over(plan, cast.coordinator)
    UnavailableDay.objects.all().delete()

    assert words(plan) == []


def test_a_ruled_out_pair_is_allowed_again(cast):
    pair = {"executive": cast.executives[0], "host": cast.hosts[0]}
    PairRule.objects.create(season=cast.season, created_at=NOW, created_by=cast.coordinator, **pair)
    change = {"kind": "pair_rule", "executive": str(pair["executive"].pk), "host": str(pair["host"].pk)}
    plan = solved(cast, {"changes": [change]})

    take_over(plan, cast.coordinator)

    assert not PairRule.objects.exists()
    assert words(plan) == []


def test_one_more_visit_of_a_host_waits_for_the_host(cast):
    host = cast.hosts[0]
    plan = ask(cast, {"changes": [{"kind": "host_visits", "host": str(host.pk), "more": 1}]})
    assert plan.what_if["changes"][0]["visits"] == 3
    assert words(plan) == [f"{host.user.name} takes one more visit"]

    SeasonHost.objects.filter(host=host).update(max_visits=3)

    assert words(plan) == []


def test_a_pair_against_a_rule_is_locked_when_the_plan_is_used(cast):
    cast.season.other_business_unit = True
    cast.season.save()
    person = cast.executives[0]  # of Networks, as every host in Leeds
    host = cast.hosts[0]
    change = {"kind": "unit", "executive": str(person.pk), "host": str(host.pk), "date": "2027-03-03"}
    plan = solved(cast, {"changes": [change]})
    assert words(plan) == []

    adopt(plan)

    visit = Visit.objects.get(executive=person)
    assert (visit.host, visit.date.isoformat(), visit.locked) == (host, "2027-03-03", True)
    assert Visit.objects.filter(locked=True).count() == 1


# --- the form ---


FORM = {
    "seconds": 20, "seed": 0, "host_min_tenure_months": 6, "no_repeat_seasons": 0, "days_between_host_visits": 1,
    "weight_tenure": 1, "weight_other_unit_distance": 1, "weight_home_site": 1, "weight_fair_load": 1,
}  # fmt: skip


def test_the_form_starts_with_the_season_and_asks_for_a_plan(cast, signed_in):
    client = signed_in(role="coordinator")

    page = text(client.get(f"{PAGE}what-if/"))
    answer = client.post(f"{PAGE}what-if/", FORM | {"host_min_tenure_months": 0, "more_leeds": 2})

    assert 'name="host_min_tenure_months" value="6"' in page
    assert answer.headers["Location"] == f"{PAGE}?plan=1"
    plan = Plan.objects.get()
    assert plan.state == PlanState.WAITING
    assert plan.what_if["rules"]["host_min_tenure_months"] == 0
    assert plan.what_if["places"][0]["more"] == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Nothing differs from the season."),
        ({"weight_tenure": 99}, "Write 10 or less"),
        ({"one_day_more": 1}, "Choose the site."),
        ({"one_day_more": 1, "one_day_site": "leeds", "one_day": "2020-01-01"}, "Choose a day of the season."),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_with_what_was_typed(cast, signed_in, changes, said):
    page = signed_in(role="coordinator").post(f"{PAGE}what-if/", FORM | changes)

    assert page.status_code == 422
    assert said in text(page)
    assert Plan.objects.count() == 0


def test_a_second_solve_is_a_conflict_in_the_form(cast, signed_in):
    ask(cast, {})

    page = signed_in(role="coordinator").post(f"{PAGE}what-if/", FORM | {"host_min_tenure_months": 0})

    assert page.status_code == 409
    assert "Stop that one first." in text(page)


def test_only_who_coordinates_all_sites_asks(cast, signed_in):
    client = signed_in(role="coordinator", sites=cast.sites[:1])

    assert client.get(f"{PAGE}what-if/").status_code == 404
    assert client.post(f"{PAGE}what-if/", FORM | {"host_min_tenure_months": 0}).status_code == 404
    assert Plan.objects.count() == 0


# --- remedies ---


@pytest.fixture
def busy(cast):
    """The first executive can on no day: a place is left on every day."""
    person = cast.executives[0]
    for day in range(1, 13):
        UnavailableDay.objects.create(user=person.user, date=f"2027-03-{day:02}")
    return person


def test_a_remedy_is_tried_in_one_click(cast, busy, signed_in):
    plan, client = solved(cast), signed_in(role="coordinator")
    page = text(client.get(PAGE))
    url = f"{PAGE}1/left-out/{busy.pk}/try/"
    assert url in page
    assert "Nearest remedy:" in page

    answer = client.post(url, {"remedy": "0"})
    second = Plan.objects.get(number=2)
    plans.run_plan(plan_id=second.pk, now=NOW)

    assert answer.headers["Location"] == f"{PAGE}?plan=2"
    assert second.what_if["changes"] == remedies.remedies_of(plan.left_out.get())[0]["changes"]
    assert second.pairs.filter(executive=busy).exists()


@pytest.mark.parametrize("executives", [3, 12])
def test_the_page_of_a_what_if_asks_no_more_queries_for_more_people(
    executives, signed_in, django_assert_max_num_queries
):
    cast = make_cast(executives=executives)
    days = [f"2027-03-{day:02}" for day in range(1, 13)]
    for person in cast.executives[:2]:
        UnavailableDay.objects.bulk_create(UnavailableDay(user=person.user, date=day) for day in days)
    solved(cast)
    row = cast.season.plans.get().left_out.first()
    solved(cast, {"changes": remedies.remedies_of(row)[0]["changes"], "weights": {"tenure": 2}})
    client = signed_in(role="coordinator")

    with django_assert_max_num_queries(12):
        page = client.get(f"{PAGE}?plan=2")

    assert page.context["unsaid"]
    assert page.context["left_out"][0].ways


@pytest.mark.parametrize("number", ["", "x", "99", "-1"])
def test_a_remedy_there_is_not(cast, busy, signed_in, number):
    solved(cast)

    answer = signed_in(role="coordinator").post(f"{PAGE}1/left-out/{busy.pk}/try/", {"remedy": number})

    assert answer.status_code == 404
    assert Plan.objects.count() == 1


KINDS = {
    "places": {"site": "leeds", "date": "2027-03-04", "more": 1},
    "host_visits": {"host": "1", "more": 1, "number": 3},
    "cover": {"team": "1", "date": "2027-03-04", "more": 1},
    "rest": {"host": "1", "date": "2027-03-04", "days": 2, "rule": 3},
    "host_days": {"host": "1", "date": "2027-03-04"},
    "own_days": {"executive": "1", "date": "2027-03-04"},
    "pair_rule": {"executive": "1", "host": "1"},
    "met": {"executive": "1", "host": "1"},
    "language": {"executive": "1", "host": "1", "date": "2027-03-04"},
    "unit": {"executive": "1", "host": "1", "date": "2027-03-04"},
    "tenure": {"executive": "1", "host": "1", "date": "2027-03-04", "months": 2, "rule": 6},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_change_has_words_and_a_button(cast, kind):
    change = {"kind": kind} | KINDS[kind]
    plan = solved(cast)
    row = PlanLeftOut.objects.create(
        plan=plan, executive=cast.executives[0], position=1, reason=kind,
        detail={"remedies": [{"kind": kind, "host": "1", "site": "leeds", "changes": [change]}]},
    )  # fmt: skip

    names = remedies.names_of(read_hosts(cast.season), {"leeds": "Leeds"})
    (one,) = remedies.waiting(left_out_of(plan), plan, "spring", names, full=True)
    (assumed,) = what_if.assumptions(cast.season, {"changes": [change]})

    for words in (one.nearest, one.ways[-1].words, assumed.words):
        assert words
        assert "%" not in words
        assert "_" not in words
    assert one.ways[-1].do == "try"
    assert row.pk
    assert remedies.waiting(left_out_of(plan), plan, "spring", names, full=False)[0].ways == ()


def test_asking_for_other_days_tells_the_executive_and_the_assistant_once_a_day(cast, busy, signed_in):
    busy.assistant = UserFactory(name="Asim Assistant")
    busy.save()
    solved(cast)
    client = signed_in(role="coordinator")

    first = text(client.post(f"{PAGE}1/left-out/{busy.pk}/ask/", follow=True))
    again = text(client.post(f"{PAGE}1/left-out/{busy.pk}/ask/", follow=True))

    assert "2 people are asked for other days." in first
    assert "they were asked today already" in again
    told = Notice.objects.filter(kind="shadowing.other_days")
    assert {notice.recipient_id for notice in told} == {busy.pk, busy.assistant_id}


def test_the_message_names_the_days_that_would_do(cast, busy):
    from shadowing.notices import other_days

    plan = solved(cast)
    plans.ask_other_days(plan=plan, executive_id=busy.pk, by=cast.coordinator, now=NOW)
    notices = list(Notice.objects.filter(kind="shadowing.other_days").select_related("on_behalf_of"))

    (section,) = other_days.ask(notices).values()

    assert section.paragraphs[0].startswith("A place is left on")
    assert other_days.still_wanted(notices) == {notices[0].pk}
    Visit.objects.create(
        season=cast.season, executive=busy, host=cast.hosts[0], site=cast.sites[0], date=cast.season.starts_on
    )
    assert other_days.still_wanted(notices) == set()


def test_nobody_is_asked_who_is_not_left_out_or_by_a_stranger(cast, busy):
    plan = solved(cast)

    with pytest.raises(Refused):
        plans.ask_other_days(plan=plan, executive_id=cast.executives[1].pk, by=cast.coordinator, now=NOW)
    with pytest.raises(NotAllowed):
        plans.ask_other_days(plan=plan, executive_id=busy.pk, by=UserFactory(role="sponsor"), now=NOW)

    assert not Notice.objects.exists()
