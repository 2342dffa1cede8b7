"""Somebody with a dump of the database after a release: joins by key, by order, by time or by sequence find nobody.

Each answer here says in its text whose it is, so that right guesses can be counted. Ranking two lists of n people by chance
gives one right pair on average, whatever n: over ROUNDS rounds a Poisson count of that mean. The bound is passed by chance
once in ten million runs."""

import random

import pytest
from django.db import connection
from django.db.models import DateTimeField

from surveys.models import Answer, Cell, Invitation, Release, Response, Round, RoundState, Tally
from tests.surveys.privacy import world

pytestmark = pytest.mark.django_db
PEOPLE, ROUNDS = 24, 12
BOUND = 34  # P(Poisson(12) > 34) < 1e-7


def place():
    return "ctid" if connection.vendor == "postgresql" else "rowid"


def rows(sql, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def people_in_orders(survey_round):
    """The invited, in every order a dump knows."""
    table = Invitation._meta.db_table
    where = f"FROM {table} WHERE round_id = %s ORDER BY"
    for order in (place(), "id", "user_id"):
        yield (
            f"invitations by {order}",
            [int(user) for user in rows(f"SELECT user_id {where} {order}", [survey_round.pk])],
        )


def answers_in_orders(survey_round):
    """Whose the answers are, in every order a dump knows: of their own and of their responses' rows."""
    sql = (
        "SELECT answer.text FROM surveys_answer answer JOIN surveys_response response ON response.id = answer.response_id"
        " WHERE response.round_id = %s AND answer.text <> '' ORDER BY"
    )
    for order in (f"answer.{place()}", "answer.id", f"response.{place()}", "response.id"):
        yield f"answers by {order}", [int(text) for text in rows(f"{sql} {order}", [survey_round.pk])]


def answer_again(survey_round, seed):
    """Everybody answers anew, in another order, and all of it is released."""
    Response.objects.filter(round=survey_round).delete()
    Release.objects.all().delete()
    Tally.objects.all().delete()
    Round.objects.filter(pk=survey_round.pk).update(state=RoundState.OPEN, settled_on=None, exact=False)
    Invitation.objects.update(used=False)
    rng = random.Random(seed)
    users = [*Invitation.objects.order_by("user_id").values_list("user_id", flat=True)]
    said = {user: world.given(rng) | {"change": str(user)} for user in rng.sample(users, len(users))}
    world.answer(survey_round, said=said)


def matches(survey_round):
    """Join → right pairs, forwards and backwards."""
    found = {}
    for left, people in people_in_orders(survey_round):
        for right, authors in answers_in_orders(survey_round):
            assert sorted(people) == sorted(authors)
            found[f"{left}, {right}"] = sum(a == b for a, b in zip(people, authors, strict=True))
            found[f"{left}, {right}, backwards"] = sum(a == b for a, b in zip(people, authors[::-1], strict=True))
    return found


def test_no_join_of_a_dump_does_better_than_chance():
    survey_round = world.make_round(PEOPLE)
    right: dict[str, int] = {}
    for seed in range(ROUNDS):
        answer_again(survey_round, seed)
        world.close(survey_round)
        assert survey_round.exact
        for join, count in matches(survey_round).items():
            right[join] = right.get(join, 0) + count

    assert len(right) == 24
    assert max(right.values()) <= BOUND, right


def test_before_a_release_the_order_of_rows_does_tell():
    """What docs/privacy.md admits: while answers wait, the order of rows is the order of answering."""
    survey_round = world.make_round(PEOPLE)
    answer_again(survey_round, 1)
    invited = rows(f"SELECT user_id FROM surveys_invitation ORDER BY {place()}")
    authors = dict(answers_in_orders(survey_round))[f"answers by response.{place()}"]

    assert sorted(authors) == sorted(map(int, invited))
    if connection.vendor == "postgresql":  # SQLite updates in place
        assert [int(user) for user in invited] == authors


def test_no_column_of_an_answer_knows_a_time_a_sequence_or_a_person():
    for model in (Response, Answer):
        assert not [field for field in model._meta.concrete_fields if isinstance(field, DateTimeField)]
        assert not [field for field in model._meta.concrete_fields if "Auto" in type(field).__name__]
        assert {field.related_model for field in model._meta.concrete_fields if field.is_relation} <= {
            Round, Cell, Response, *[Answer._meta.get_field("question").related_model],
        }  # fmt: skip
    assert not [field for field in Invitation._meta.concrete_fields if isinstance(field, DateTimeField)]


def test_neither_dump_nor_log_nor_audit_holds_the_old_keys(caplog):
    survey_round = world.make_round(12)
    world.answer(survey_round)
    old = {
        str(key).replace("-", "")
        for model in (Response, Answer, Invitation)
        for key in model.objects.values_list("pk", flat=True)
    }
    caplog.set_level("DEBUG")
    world.close(survey_round)

    dump = everything()
    assert not [key for key in old if key in dump]
    assert "Longer on the floor" not in caplog.text


def everything():
    """All rows of all tables as one text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = []
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found).replace("-", "")
