"""Answering: skip logic, promises, languages, links; all or nothing, and nothing that tells who."""

from __future__ import annotations

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.links import GONE, make_link
from notifications.models import Link
from people.errors import Conflict
from surveys import answering
from surveys.forms import AnswerForm
from surveys.languages import choose
from surveys.models import Answer, Cell, Invitation, Question, Response, Round, RoundState, Signature
from surveys.promise import promise_of
from surveys.questionnaires.builtin import BUILTIN, builtin_version
from tests.factories import NINE, HostingRoundFactory, UserFactory

pytestmark = pytest.mark.django_db
GIVEN = {"worthwhile": 1, "floor-share": 4}


@pytest.fixture
def survey_round():
    return HostingRoundFactory.create(hosts=10)


def somebody(survey_round):
    return survey_round.invitations.select_related("user").order_by("user_id").first().user


def path(survey_round, user, *, private=True, age=0):
    """The link's path, sent ``age`` days ago."""
    sent = timezone.now() - timedelta(days=age)
    url = make_link(purpose="surveys.answer", subject=f"round:{survey_round.pk}", user=user, now=sent)
    Link.objects.filter(user=user).update(private=private)
    return url[url.index("/surveys/") :]


# --- Skip logic


def question(key, kind="yesno", shown_if=None, **more):
    return Question(key=key, type=kind, texts={"en": {"text": key}}, shown_if=shown_if or {}, **more)


CHAIN = [
    question("a", required=True),
    question("b", shown_if={"question": "a", "is": 1}, required=True),
    question("c", shown_if={"question": "b", "is": 0}, required=True),
]


@pytest.mark.parametrize(
    ("given_", "kept", "missing"),
    [
        ({}, [], {"a"}),
        ({"a": "0"}, ["a"], set()),
        ({"a": "0", "b": "0", "c": "1"}, ["a"], set()),  # what hangs on a hidden answer is hidden too
        ({"a": "1"}, ["a"], {"b"}),
        ({"a": "1", "b": "0"}, ["a", "b"], {"c"}),
        ({"a": "1", "b": "1", "c": "1"}, ["a", "b"], set()),
        ({"a": "1", "b": "0", "c": "1"}, ["a", "b", "c"], set()),
    ],
)
def test_only_what_was_asked_is_required_and_kept(given_, kept, missing):
    form = AnswerForm(given_, questions=CHAIN)

    assert form.is_valid() is not bool(missing)
    assert set(form.errors) == missing
    assert sorted(answering.asked(CHAIN, {key: int(value) for key, value in given_.items()})) == kept


@pytest.mark.parametrize("wanted", [1, True, "1"])
def test_yes_is_yes_however_the_condition_writes_it(wanted):
    shown = question("b", shown_if={"question": "a", "is": wanted})

    assert answering.is_shown(shown, {"a": 1})
    assert not answering.is_shown(shown, {"a": 0})


def test_one_of_several_chosen_options_is_enough():
    shown = question("b", shown_if={"question": "a", "is": "tools"})

    assert answering.is_shown(shown, {"a": ["routing", "tools"]})
    assert not answering.is_shown(shown, {"a": ["routing"]})


def test_questions_without_a_section_stand_in_threes_and_sections_together():
    questions = [question(f"q{n}") for n in range(4)] + [question(f"s{n}", section="tools") for n in range(5)]
    form = AnswerForm(questions=questions, sections=[{"key": "tools", "texts": {"en": "Tools"}}])

    assert [(page.title, len(page.fields)) for page in form.pages()] == [("", 3), ("", 1), ("Tools", 5)]


# --- All or nothing


def test_a_failure_in_the_middle_stores_nothing_and_spends_nothing(survey_round):
    with patch.object(Answer.objects, "bulk_create", side_effect=RuntimeError), pytest.raises(RuntimeError):
        answering.finish(round_id=survey_round.pk, user_id=somebody(survey_round).pk, given=GIVEN)

    assert not Response.objects.exists()
    assert not Invitation.objects.filter(used=True).exists()


def test_answers_are_final_and_a_closed_round_takes_none(survey_round):
    first, other = survey_round.invitations.order_by("user_id").values_list("user_id", flat=True)[:2]
    answering.finish(round_id=survey_round.pk, user_id=first, given=GIVEN)
    with pytest.raises(answering.AlreadyAnswered):
        answering.finish(round_id=survey_round.pk, user_id=first, given=GIVEN)
    Round.objects.update(state=RoundState.CLOSED)
    with pytest.raises(answering.RoundClosed):
        answering.finish(round_id=survey_round.pk, user_id=other, given=GIVEN)
    with pytest.raises(Invitation.DoesNotExist):
        answering.finish(round_id=survey_round.pk, user_id=UserFactory().pk, given=GIVEN)
    assert Response.objects.count() == 1


def test_a_named_round_keeps_whose_answers_they_are_and_an_anonymous_one_never(survey_round):
    user = somebody(survey_round)
    answering.finish(round_id=survey_round.pk, user_id=user.pk, given=GIVEN)
    assert not Signature.objects.exists()
    Round.objects.update(anonymous=False)
    other = survey_round.invitations.filter(used=False).order_by("user_id").first().user
    answering.finish(round_id=survey_round.pk, user_id=other.pk, given=GIVEN)
    assert Signature.objects.get().user == other


def tables():
    """Every row of every table as text, by table; what an answer is made of aside."""
    found = {}
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            found[name] = sorted(json.dumps(row, default=str) for row in cursor.fetchall())
    return found


def changed(before, after):
    return {name: sorted(set(after[name]) ^ set(before.get(name, []))) for name in after if after[name] != before[name]}


def test_finishing_writes_the_response_the_answers_and_used_and_nothing_else(client, survey_round, caplog):
    """Given two people; when both answer by link; then only three tables change, and no row or log line ties a person
    to a time or to an answer."""
    caplog.set_level("DEBUG")
    people = [invitation.user for invitation in survey_round.invitations.select_related("user").order_by("user_id")[:2]]
    links = [path(survey_round, user) for user in people]
    for link in links:
        client.get(link)
        before = tables()
        caplog.clear()

        client.post(link, {"worthwhile": "1", "floor-share": "4", "change": "Words nobody must find"})

        rows = changed(before, tables())
        assert set(rows) == {"surveys_response", "surveys_answer", "surveys_invitation"}
        assert len(rows["surveys_invitation"]) == 2  # the row before, the row after: only "used" differs
        assert not [line for line in caplog.messages if "Words nobody" in line or link.split("/")[-2] in line]
    assert "session" not in client.cookies


def test_a_signed_in_persons_session_and_account_stay_as_they_were(client, survey_round):
    user = somebody(survey_round)
    client.force_login(user)
    client.get(f"/surveys/{survey_round.pk}/answer/")
    before = tables()

    client.post(f"/surveys/{survey_round.pk}/answer/", {"worthwhile": "1", "floor-share": "4"})

    assert set(changed(before, tables())) == {"surveys_response", "surveys_answer", "surveys_invitation"}


def test_the_tables_that_hold_answers_hold_neither_people_nor_times():
    for model in (Response, Answer):
        kinds = {field.get_internal_type() for field in model._meta.concrete_fields}
        assert not kinds & {"DateTimeField", "DateField", "BigAutoField", "AutoField"}
        assert not [
            field for field in model._meta.concrete_fields if field.related_model is apps.get_model("people.User")
        ]


# --- The promise


def test_the_promise_names_the_thresholds_the_round_has(survey_round):
    survey_round.k, survey_round.k_text = 7, 11
    promise = promise_of(survey_round)

    assert promise.head == "Nobody can see that this was you."
    assert "only for 7 answers or more" in promise.text
    assert any("once 11 people" in line for line in promise.stored)
    assert not any("people" in line for line in promise_of(survey_round, texts=False).stored)


def test_people_of_a_hidden_cell_are_told_before_the_first_question(client, survey_round):
    Cell.objects.update(hidden=True)
    page = client.get(path(survey_round, somebody(survey_round))).content.decode()

    assert "never shown, not even in a total" in page
    assert "Results appear only" not in page
    assert page.index("never shown") < page.index("Was hosting worthwhile?</")


def test_a_named_round_says_so_in_its_first_sentence(client, survey_round):
    Round.objects.update(anonymous=False)
    page = client.get(path(survey_round, somebody(survey_round))).content.decode()

    assert "This survey is not anonymous: your name stands with your answers." in page
    assert "Nobody can see" not in page


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ("visit_hosts", "not whom you hosted"),
        ("visit_executives", "not whom you visited"),
        ("front_line", "not your team"),
        ("executives", "those of all executives"),
    ],
)
def test_each_audience_is_told_what_is_not_kept_of_it(survey_round, audience, words):
    survey_round.audience = audience
    assert words in promise_of(survey_round).text


# --- Pages, links, languages


@pytest.mark.parametrize(
    ("asked", "own", "accepts", "chosen"),
    [
        ("de", "en", "en", "de"),
        ("fr", "", "de-AT,de;q=0.9", "de"),
        (None, "de", "en", "de"),
        (None, "", "pt-BR, de;q=0.5", "de"),
        (None, "", "", "en"),
        ("<b>", "xx", "*", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_ones_own_the_browsers_or_english(asked, own, accepts, chosen):
    assert choose(["de", "en"], asked=asked, own=own, accepts=accepts) == chosen


def test_without_english_the_first_language_is_shown():
    assert choose(["pt", "fr"], asked=None, own="", accepts="ja") == "pt"


def test_a_browser_that_prefers_german_gets_german_throughout(client, survey_round):
    link = path(survey_round, somebody(survey_round))

    german = client.get(link, headers={"accept-language": "de-DE,de;q=0.9"}).content.decode()
    english = client.get(link + "?lang=en", headers={"accept-language": "de"}).content.decode()

    assert '<html lang="de"' in german
    assert "Hat sich der Tag als Gastgeber gelohnt?" in german
    assert "Niemand kann sehen, dass du das warst." in german
    assert "Was hosting worthwhile?" in english
    assert translation.get_language() == "en"


def test_answers_in_german_are_thanked_for_in_german(client, survey_round):
    link = path(survey_round, somebody(survey_round))

    answer = client.post(link + "?lang=de", {"worthwhile": "1", "floor-share": "4"})

    assert answer.headers["Location"] == "/surveys/thanks/?lang=de"
    assert "Danke" in client.get(answer.headers["Location"]).content.decode()


def test_the_page_is_titled_after_its_questionnaire_and_holds_no_draft_of_anybody_else(client, survey_round):
    keys = set()
    for invitation in survey_round.invitations.select_related("user")[:2]:
        page = client.get(path(survey_round, invitation.user)).content.decode()
        assert "<title>Hosting survey" in page
        keys.add(page.partition('data-draft="')[2].partition('"')[0])
    assert len(keys) == 2


def test_only_a_link_that_reached_nobody_else_tells_that_its_person_answered(client, survey_round):
    """Given a used invitation; then the person's own link says so, while a shared address or a slip reads as an expired
    link does, to the byte."""
    user = somebody(survey_round)
    own = path(survey_round, user)
    answering.finish(round_id=survey_round.pk, user_id=user.pk, given=GIVEN)
    assert "They are final." in client.get(own).content.decode()

    Link.objects.all().delete()
    shared = client.get(path(survey_round, user, private=False))
    Link.objects.all().delete()
    expired = client.get(path(survey_round, user, private=False, age=40))

    assert shared.status_code == expired.status_code == 410
    assert str(GONE) in shared.content.decode()
    assert shared.content == expired.content


def test_spent_and_unknown_links_answer_in_the_language_that_was_asked_for(client, survey_round):
    user = somebody(survey_round)
    own = path(survey_round, user)
    answering.finish(round_id=survey_round.pk, user_id=user.pk, given=GIVEN)

    assert "Deine Antworten sind schon da." in client.get(own + "?lang=de").content.decode()
    for address in (own, "/surveys/answer/altered/"):
        assert '<html lang="de"' in client.get(address, headers={"accept-language": "de"}).content.decode()


def test_a_round_whose_number_fits_no_table_is_not_found(client, survey_round):
    client.force_login(somebody(survey_round))
    assert client.get(f"/surveys/{10**20}/answer/").status_code == 404


def test_after_the_end_everybody_reads_the_same(client, survey_round):
    first, second = [each.user for each in survey_round.invitations.select_related("user").order_by("user_id")[:2]]
    answering.finish(round_id=survey_round.pk, user_id=first.pk, given=GIVEN)
    links = [path(survey_round, first), path(survey_round, second)]
    Round.objects.update(state=RoundState.CLOSED)

    pages = [client.get(link) for link in links]

    assert [page.status_code for page in pages] == [410, 410]
    assert pages[0].content == pages[1].content


def test_closing_while_somebody_writes_is_said_and_stores_nothing(client, survey_round):
    with patch("surveys.views.answer.finish", side_effect=Conflict("This survey is closed. Nothing was stored.")):
        page = client.post(path(survey_round, somebody(survey_round)), {"worthwhile": "1", "floor-share": "4"})

    assert page.status_code == 409
    assert "Nothing was stored." in page.content.decode()


@pytest.mark.parametrize("slug", BUILTIN)
def test_the_page_takes_the_same_few_queries_for_every_questionnaire(client, django_assert_max_num_queries, slug):
    survey_round = HostingRoundFactory.create(hosts=1)
    Round.objects.update(version=builtin_version(slug, now=NINE))
    link = path(survey_round, somebody(survey_round))

    with django_assert_max_num_queries(4):  # link, standing in, invitation, questions
        assert client.get(link).status_code == 200


# --- Anything at all

KEYS = ["one", "two", "three", "four"]
TYPES = ["scale5", "scale10", "yesno", "one", "some", "text"]
VALUES = st.one_of(
    st.sampled_from(["0", "1", "5", "10", "11", "-1", "x", "y", "", " ", "1.0", "true", "\x00", "é" * 5000]),
    st.text(max_size=30),
)


@st.composite
def questionnaires(draw):
    """A published version's questions: any types, conditions on earlier ones, odd words."""
    rows = []
    for place, key in enumerate(KEYS[: draw(st.integers(1, 4))], start=1):
        kind = draw(st.sampled_from(TYPES))
        options = [{"key": name, "texts": {"en": name}} for name in ("x", "y")] if kind in ("one", "some") else []
        earlier = draw(st.sampled_from([row["key"] for row in rows])) if rows and draw(st.booleans()) else ""
        condition = {"question": earlier, "is": draw(st.sampled_from([0, 1, 5, True, "x", "y"]))} if earlier else {}
        words = draw(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
        rows.append({
            "key": key, "type": kind, "position": place, "options": options, "shown_if": condition,
            "required": draw(st.booleans()), "texts": {"en": {"text": words, "low": words}},
            "section": draw(st.sampled_from(["", "part"])),
        })  # fmt: skip
    return rows


posts = st.dictionaries(st.sampled_from([*KEYS, "~ticket", "extra"]), st.lists(VALUES, max_size=3), max_size=5)


@pytest.fixture
def open_round(survey_round):
    version = survey_round.version.questionnaire.versions.create(number=2, published_at=NINE, languages=["en"])
    Round.objects.filter(pk=survey_round.pk).update(version=version)
    survey_round.refresh_from_db()
    return survey_round


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=questionnaires(), posted=posts)
def test_no_questionnaire_and_no_answers_break_the_page_or_store_half(client, open_round, rows, posted):
    """Given any questionnaire; when anything is posted; then the page answers 200, 302 or 422, and either one whole
    response is there with the invitation spent, or neither."""
    user = somebody(open_round)
    Answer.objects.all().delete()
    Response.objects.all().delete()
    Invitation.objects.update(used=False)
    open_round.version.questions.all().delete()
    Question.objects.bulk_create(Question(version=open_round.version, **row) for row in rows)
    link = path(open_round, user)
    data = QueryDict(mutable=True)
    for key, values in posted.items():
        data.setlist(key, values)

    assert client.get(link).status_code == 200
    answer = client.post(link, data.urlencode(), content_type="application/x-www-form-urlencoded")

    assert answer.status_code in (302, 422)
    assert Response.objects.count() == Invitation.objects.filter(used=True).count() == (answer.status_code == 302)
    kept = Answer.objects.values_list("question__key", flat=True)
    required = {row["key"] for row in rows if row["required"] and not row["shown_if"]}
    if answer.status_code == 302:
        assert required <= set(kept)
        hidden = {row["key"] for row in rows if row["shown_if"] and row["shown_if"]["question"] not in kept}
        assert not hidden & set(kept)
    else:
        assert not kept
