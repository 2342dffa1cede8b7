"""Questionnaires as files: what goes out comes in again, and whatever else comes in is refused whole."""

import json
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from people.models import AuditEvent
from surveys.models import Question, Questionnaire, QuestionnaireVersion, QuestionType
from surveys.questionnaires import exchange, limits
from surveys.questionnaires.builtin import BUILTIN, PULSE_FRONT_LINE, builtin_version
from surveys.questionnaires.checking import problems
from surveys.questionnaires.definition import SCALES, definition_of, normal, values_of
from surveys.questionnaires.exchange import FORMAT, as_data, as_json, import_questionnaire
from surveys.questionnaires.refusals import NotWellFormed, NotYours
from tests.factories import NINE, UserFactory

pytestmark = pytest.mark.django_db
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def writer():
    return UserFactory(role="coordinator")


def bring(content, by):
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    return import_questionnaire(content=content, by=by, now=NINE)


def small(**changes):
    """The data of a small questionnaire that is fine."""
    question = {"key": "one", "type": "yesno", "texts": {"en": {"text": "One?"}}}
    return {"format": FORMAT, "name": "Small", "languages": ["en"], "questions": [question]} | changes


def refused(content, by):
    """The places and words of every problem; nothing was stored."""
    with pytest.raises(NotWellFormed) as refusal:
        bring(content, by)
    assert not Questionnaire.objects.exists()
    assert not AuditEvent.objects.filter(verb="questionnaire.imported").exists()
    return [str(problem) for problem in refusal.value.problems]


# --- what is fine ---------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(str.strip)
KEYS = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?", fullmatch=True).filter(
    lambda key: key not in limits.RESERVED_KEYS
)


def in_languages(languages, words=WORDS):
    return st.fixed_dictionaries({}, optional=dict.fromkeys(languages, words))


@st.composite
def questions(draw, languages, sections, earlier, aligned):
    kind = draw(st.sampled_from(QuestionType.values))
    parts = {"text": WORDS, "hint": WORDS} | ({"low": WORDS, "high": WORDS} if kind in SCALES else {})
    question = {
        "key": draw(KEYS.filter(lambda key: key not in [each["key"] for each in earlier])),
        "section": draw(st.sampled_from(sections)),
        "type": kind,
        "required": draw(st.booleans()),
        "texts": draw(in_languages(languages, st.fixed_dictionaries({}, optional=parts))),
        "options": [],
        "shown_if": {},
        "alignment_key": "",
    }
    if kind in ("one", "some"):
        option_keys = draw(st.lists(KEYS, min_size=2, max_size=5, unique=True))
        question["options"] = [{"key": key, "texts": draw(in_languages(languages))} for key in option_keys]
    if kind != "text" and draw(st.booleans()):
        question["alignment_key"] = draw(KEYS.filter(lambda key: key not in aligned))
        aligned.append(question["alignment_key"])
    closed = [each for each in earlier if each["type"] != "text"]
    if closed and draw(st.booleans()):
        other = draw(st.sampled_from(closed))
        question["shown_if"] = {"question": other["key"], "is": draw(st.sampled_from(values_of(other)))}
    return question


@st.composite
def definitions(draw):
    """Any well-formed file, complete or not."""
    languages = draw(st.lists(st.sampled_from(["en", "de", "fr", "pt-br", "hi", "zh-hans"]), min_size=1, unique=True))
    sections = draw(st.lists(KEYS, max_size=3, unique=True))
    rows, aligned = [], []
    for section in ["", *sections]:
        for _ in range(draw(st.integers(0, 2))):
            rows.append(draw(questions(languages, [section], rows, aligned)))
    return {
        "format": FORMAT,
        "name": draw(WORDS),
        "description": draw(st.one_of(st.just(""), WORDS)),
        "languages": languages,
        "intro": draw(in_languages(languages)),
        "sections": [{"key": key, "texts": draw(in_languages(languages))} for key in sections],
        "questions": rows,
    }


@FUZZ
@given(definitions())
def test_what_goes_out_comes_in_again(data):
    writer = UserFactory(role="coordinator")

    version = bring(data, writer)
    out = as_data(version)
    again = bring(as_json(version).encode(), writer)

    assert out == as_data(again)
    assert normal(definition_of(version)) == normal({key: data[key] for key in data if key not in exchange.HEAD})
    assert version.published_at is None


@pytest.mark.parametrize("slug", BUILTIN)
def test_every_built_in_questionnaire_comes_in_as_it_went_out(slug, writer):
    source = builtin_version(slug, now=NINE)

    version = bring(as_json(source).encode(), writer)

    assert as_data(version) == as_data(source)
    assert version.questionnaire.slug not in BUILTIN


def test_the_file_holds_no_people_and_no_dates(writer):
    version = bring(small(), writer)

    assert set(as_data(version)) == {"format", "name", "description", "languages", "intro", "sections", "questions"}


def test_an_import_changes_nothing_that_is_there(writer):
    first = bring(small(), writer)

    second = bring(small(), writer)

    assert (first.questionnaire.slug, second.questionnaire.slug) == ("small", "small-2")
    assert Questionnaire.objects.count() == 2


def test_only_coordinators_import():
    with pytest.raises(NotYours):
        bring(small(), UserFactory(role="sponsor"))


# --- what is not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"format":\n  "x",,}', "Line 2, character 7: this is not JSON."),
        (b"", "Line 1, character 1: this is not JSON."),
        (b'{\n"name": "\xff"}', "Line 2 is not in UTF-8."),
        ("{}".encode("utf-16"), "Line 1 is not in UTF-8."),
        (b" " * (limits.FILE + 1), "The file is larger than 256 KB."),
        (b"[" * 100_000, "The file is nested too deeply."),
        (b'{"a":' * 40_000, "The file is nested too deeply."),
        (b'{"a": ' + b"9" * 5000 + b"}", "The file holds a number nobody can read."),
        (b'{"a": NaN}', "NaN is no number JSON knows."),
        (b'{"a": 1, "a": 2}', "The field “a” stands twice in one place."),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(content, said, writer):
    assert refused(content, writer) == [f"the file: {said}"]


def changed(path, value):
    data = deepcopy(small())
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("format",), "other/2", "format: This has to say “floorprogram-questionnaire/1”."),
        (("name",), " ", "name: The name is missing."),
        (("name",), "x" * 121, "name: This text has 121 characters; 120 fit."),
        (("colour",), "red", "colour: There is no field of this name."),
        (("languages",), [], "languages: A questionnaire has one language at least."),
        (("languages",), ["en", "en"], "languages 2: en is there twice."),
        (("languages",), ["klingon"], "languages 1: No language has the code klingon."),
        (("languages",), "en", "languages: This is a list in square brackets."),
        (("questions",), [{}] * 61, "questions: There are 61 entries; 60 fit."),
        (("questions", 0), 7, "questions 1: These are fields in braces."),
        (("questions", 0, "key"), "One!", "questions 1, key: One! is no key."),
        (("questions", 0, "key"), "page", "questions 1, key: The answer page needs the name page for itself."),
        (("questions", 0, "type"), ["yesno"], "questions 1, type: ? is no type."),
        (("questions", 0, "type"), "one", "questions 1, options: A choice has two options at least."),
        (("questions", 0, "required"), 1, "questions 1, required: This is true or false."),
        (("questions", 0, "section"), "tools", "questions 1, section: There is no section tools."),
        (("questions", 0, "texts", "en", "text"), "\x00", "questions 1, texts, en, text: This text holds characters"),
        (("questions", 0, "texts", "en", "text"), "\ud800", "questions 1, texts, en, text: This text holds characters"),
        (("questions", 0, "texts", "en", "text"), 5, "questions 1, texts, en, text: This is text in quotes."),
        (("questions", 0, "texts", "en", "low"), "no", "questions 1, texts, en, low: Only scales have ends."),
        (("questions", 0, "texts", "de"), {}, "questions 1, texts, de: Deutsch is not among the languages"),
        (("questions", 0, "shown_if"), {"question": "one", "is": 1}, "questions 1, shown_if, question: No earlier"),
        (("questions", 0, "shown_if"), {"question": "one", "is": True}, "questions 1, shown_if, is: This is a number"),
        (("questions", 0, "shown_if"), {"question": "one"}, "questions 1, shown_if, is: This field is missing."),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_with_its_field(path, value, said, writer):
    assert any(each.startswith(said) for each in refused(changed(path, value), writer))


YES_NO = {"key": "one", "type": "yesno", "texts": {"en": {"text": "One?"}}}
ALIGNED = YES_NO | {"alignment_key": "a"}
TEXT = {"key": "words", "type": "text", "texts": {}}
SAME_OPTIONS = TEXT | {"type": "one", "options": [{"key": "a"}, {"key": "a"}]}
SECTION = [{"key": "a"}]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (YES_NO, YES_NO, "questions 2, key: one is there twice."),
        (
            YES_NO,
            TEXT | {"shown_if": {"question": "one", "is": 2}},
            "questions 2, shown_if, is: 2 is no answer to one.",
        ),
        (TEXT, YES_NO | {"shown_if": {"question": "words", "is": "x"}}, "questions 2, shown_if, question: What is"),
        (ALIGNED, ALIGNED | {"key": "two"}, "questions 2, alignment_key: a is there twice."),
        (YES_NO, TEXT | {"alignment_key": "a"}, "questions 2, alignment_key: Free text cannot be set side by side"),
        (YES_NO, TEXT | {"options": [{"key": "a"}]}, "questions 2, options: Only “one of” and “some of” have options."),
        (YES_NO, SAME_OPTIONS, "questions 2, options 2, key: a is there twice."),
        (YES_NO | {"section": "a"}, TEXT, "questions 2, section: Questions of one section"),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_field(first, second, said, writer):
    sections = SECTION if first.get("section") else []
    data = small(questions=[first, second], sections=sections)

    assert any(each.startswith(said) for each in refused(data, writer))


# --- fuzz ------------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*path, name))
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


def counts():
    return Questionnaire.objects.count(), QuestionnaireVersion.objects.count(), Question.objects.count()


def either_whole_or_not_at_all(content, writer):
    before, said = counts(), []
    try:
        version = bring(content, writer)
    except NotWellFormed as refusal:
        said = [problem.message for problem in refusal.problems]
    if said:
        assert all(said)
        assert counts() == before
    else:
        assert problems(definition_of(version)) == []


@FUZZ
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_stored_whole(content):
    either_whole_or_not_at_all(content, UserFactory(role="coordinator"))


@settings(FUZZ, max_examples=150)
@given(st.data())
def test_a_file_with_one_place_spoiled_is_refused_or_stored_whole(data):
    good = as_data(builtin_version(PULSE_FRONT_LINE, now=NINE))
    good["questions"] = good["questions"][:3]
    path = data.draw(st.sampled_from(list(places(good))))
    assume(path)
    target = good
    for step in path[:-1]:
        target = target[step]
    if data.draw(st.booleans()):
        target[path[-1]] = data.draw(JSON)
    else:
        del target[path[-1]]

    either_whole_or_not_at_all(good, UserFactory(role="coordinator"))
