"""Earlier issues like a new one: what is found, what became of it, who may hear of it, and by which index."""

from datetime import timedelta

import pytest
from django.db import connection

from issues import similar
from issues.models import Issue
from tests.factories import NINE, IssueFactory, UserFactory
from tests.issues.conftest import in_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(cast):
    """Three like each other, with another end each, and one that is like none of them."""
    about = {"origin_visit": cast.visit, "obstacle": "", "promise": "Soon."}
    made = {
        "solved": IssueFactory(title="Refund screen asks twice", confirmed=True, **about),
        "withdrawn": IssueFactory(title="Refunds: two screens for one account", **about),
        "open": IssueFactory(title="A screen for refunds that is slow", **about),
        "other": IssueFactory(title="Router replaced by the wrong technician", **about),
    }
    Issue.objects.filter(pk=made["solved"].pk).update(taken_away_at=NINE - timedelta(days=900))
    in_state(made["withdrawn"], "withdrawn")
    Issue.objects.filter(pk=made["withdrawn"].pk).update(state_reason="The product ends")
    return made


def found(user, text, **more):
    return [entry.number for entry in similar.similar(user, text, **more).entries]


@pytest.mark.parametrize(
    ("text", "names"),
    [("refund screens", {"solved", "withdrawn", "open"}), ("REFUNDED on the SCREEN", {"solved", "withdrawn", "open"}),
     ("technicians replace routers", {"other"}), ("zeppelin", set()), ("", set()), ("a b c", set()),
     ("'; & | ! (:*", set())],
)  # fmt: skip
def test_two_words_are_enough_whatever_their_endings(cast, before, text, names):
    assert set(found(cast.people["admin"], text)) == {before[name].pk for name in names}


def test_it_says_what_became_of_them(cast, before):
    said = similar.similar(cast.people["admin"], "refund screens")

    assert said.sentence == "Taken away 3 times since 2024: once solved, once withdrawn, 1 still open."
    words = {entry.number: entry.became for entry in said.entries}
    assert words[before["solved"].pk] == "taken away in 2024, solved in 910 days"
    assert words[before["withdrawn"].pk] == "taken away in 2027, withdrawn: The product ends"
    assert words[before["open"].pk] == "Anneke Vos works on it since 2027"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("delivered", "has delivered it; the host has not said yet"),
        ("merged", "goes on as"),
        ("on_hold", "works on it"),
    ],
)
def test_every_state_has_its_words(cast, before, state, words):
    in_state(before["open"], state)
    entry = next(
        e for e in similar.similar(cast.people["admin"], "slow refunds").entries if e.number == before["open"].pk
    )
    assert words in entry.became


def test_a_confirmation_in_the_hosts_place_says_so(cast, before):
    Issue.objects.filter(pk=before["solved"].pk).update(confirmed_in_place=True)
    said = [entry.became for entry in similar.similar(cast.people["admin"], "refund asks").entries]
    assert any("confirmed by a coordinator" in words for words in said)


@pytest.mark.parametrize("role", ["coordinator elsewhere", "another executive", "another host"])
def test_only_what_somebody_may_see(cast, before, role):
    assert found(cast.people[role], "refund screens") == []


def test_the_chosen_one_stays_and_this_visits_own_are_left_out(cast, before):
    admin = cast.people["admin"]
    assert found(admin, "refund screens", chosen=before["other"].pk)[0] == before["other"].pk
    assert before["open"].pk not in found(admin, "refund screens", without=[before["open"].pk])
    assert found(cast.people["another host"], "", chosen=before["other"].pk) == []


@pytest.mark.parametrize(("count", "words"), [(1, "once"), (2, "twice"), (3, "3 times"), (21, "21 times")])
def test_times(count, words):
    assert similar.times(count) == words


def test_many_are_not_counted(cast):
    IssueFactory.create_batch(25, origin_visit=cast.visit, title="Refund screen asks twice")
    said = similar.similar(cast.people["admin"], "refund screen")
    assert len(said.entries) == similar.SHOWN
    assert said.sentence.startswith("Taken away more than 20 times since 2027. Of the nearest:")


def test_stems_are_the_longest_words_without_endings():
    assert similar.stems("The refunds of two screens need an approval: refunds!") == [
        "approv",
        "refun",
        "scree",
        "need",
    ]


# --- The part of the form ---


def part(client, user, **query):
    client.force_login(user)
    return client.get("/issues/similar/", query)


def test_the_part_offers_to_link_one(client, cast, before):
    html = part(client, cast.people["owner"], title="refund screens", earlier=before["solved"].pk).content.decode()
    assert "Taken away 3 times since 2024" in html
    assert f'value="{before["solved"].pk}" checked' in html
    assert 'form="take-away"' in html


@pytest.mark.parametrize("query", [{}, {"title": "%00"}, {"title": "x" * 5000}, {"title": "refund", "earlier": "²"}])
def test_strange_words_are_answered(client, cast, query):
    assert part(client, cast.people["owner"], **query).status_code == 200


def test_hosts_have_no_such_form(client, cast):
    assert part(client, cast.people["host"], title="refund screens").status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_it_costs_the_same_whatever_their_number(client, cast, count, django_assert_max_num_queries):
    IssueFactory.create_batch(count, origin_visit=cast.visit, title="Refund screen asks twice")
    part(client, cast.people["owner"], title="refund screens")
    with django_assert_max_num_queries(8):
        client.get("/issues/similar/?title=refund+screens")


# --- PostgreSQL ---


@pytest.mark.postgres_only  # SQLite reads the words of every row
@pytest.mark.parametrize(("look", "index"), [(similar.saying, "issue_words"), (similar.spelt, "issue_text_parts")])
def test_an_index_finds_them(before, look, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert index in look(Issue.objects.all(), "refund screens", ["refun", "scree"]).explain()


@pytest.mark.postgres_only  # SQLite knows no trigrams
def test_wrong_letters_are_forgiven(cast, before):
    assert found(cast.people["admin"], "Ruoter replaced by wrnog technician") == [before["other"].pk]


@pytest.mark.postgres_only
def test_without_the_extension_words_have_to_do(cast, before, monkeypatch):
    monkeypatch.setattr(similar, "has_trigrams", lambda: False)
    assert set(found(cast.people["admin"], "refund screens")) == {
        before[name].pk for name in ("solved", "withdrawn", "open")
    }


def test_a_reader_of_nothing_is_told_nothing(client):
    assert found(UserFactory(), "refund screens") == []
