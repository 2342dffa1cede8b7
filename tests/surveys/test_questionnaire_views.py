"""Pages of the questionnaire editor, all of them without JavaScript."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.models import Question, Questionnaire, QuestionnaireVersion, QuestionType
from surveys.questionnaires import editing, lifecycle
from surveys.questionnaires.builtin import BUILTIN, HOSTING, SILOS, builtin_version
from surveys.questionnaires.exchange import as_json
from tests.factories import NINE, HostFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def writer(client):
    user = UserFactory(role="coordinator")
    client.force_login(user)
    return user


def draft(by, *texts, languages=("en", "de"), name="Tools"):
    version = lifecycle.create(name=name, description="", languages=languages, by=by, now=NINE)
    for text in texts:
        question = {"type": "yesno", "section": "", "texts": {"en": {"text": text}, "de": {"text": f"{text} de"}}}
        editing.add_question(version_id=version.pk, revision=version.revision, question=question, by=by, now=NINE)
        version.refresh_from_db()
    return version


def at(name, *args):
    return reverse(f"surveys:{name}", args=args)


def keys(version):
    return list(version.questions.order_by("position").values_list("key", flat=True))


def filled(**changes):
    return {
        "revision": 0, "type": "one", "text_en": "Which tool?", "text_de": "Welches Werkzeug?", "required": "on",
        "option_key": ["", "", ""], "option_en": ["Phone", "Mail", ""], "option_de": ["Telefon", "Post", ""],
        "section": "", "shown_if": "", "alignment_key": "tool",
    } | changes  # fmt: skip


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_there_and_what_is_built_in(client, writer):
    draft(writer, "One?")
    builtin_version(HOSTING, now=NINE)

    page = client.get(at("questionnaires")).content.decode()

    assert page.count('<td class="title">') == 2
    assert page.count("/builtin/") == len(BUILTIN) - 1


def test_newer_questions_of_the_program_are_offered_and_taken(client, writer, django_assert_max_num_queries):
    """Given a built-in questionnaire from an earlier program; when its page's offer is taken; then there is a draft with
    the newer questions, and the offer is gone."""
    version = builtin_version(SILOS, now=NINE)
    assert "newer questions are there" not in client.get(at("questionnaires")).content.decode()
    assert "Take them as a draft" not in client.get(at("questionnaire", version.pk)).content.decode()
    version.questions.order_by("-position").first().delete()

    with django_assert_max_num_queries(8):
        assert "newer questions are there" in client.get(at("questionnaires")).content.decode()
    assert "Take them as a draft" in client.get(at("questionnaire", version.pk)).content.decode()
    taken = client.post(at("questionnaire_builtin", SILOS), {"newer": "1"}, follow=True)

    assert "A draft with the newer questions." in taken.content.decode()
    assert version.questionnaire.versions.count() == 2
    assert client.post(at("questionnaire_builtin", SILOS), {"newer": "1"}).status_code == 409
    for page in (at("questionnaires"), at("questionnaire", version.pk)):
        assert "ewer questions" not in client.get(page).content.decode()


def test_newer_questions_are_offered_to_nobody_who_may_not_take_them(client):
    version = builtin_version(SILOS, now=NINE)
    version.questions.order_by("-position").first().delete()
    client.force_login(UserFactory(role="coordinator", sites=[SiteFactory()]))

    assert "Take them as a draft" not in client.get(at("questionnaire", version.pk)).content.decode()
    assert client.post(at("questionnaire_builtin", SILOS), {"newer": "1"}).status_code == 404
    assert version.questionnaire.versions.count() == 1


def test_newer_questions_of_what_was_never_asked_are_not_there(client, writer):
    assert client.post(at("questionnaire_builtin", SILOS), {"newer": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Hosting survey", "Old", "Tools"]),
        ("?state=published", ["Hosting survey"]),
        ("?state=draft", ["Tools"]),
        ("?state=retired", ["Old"]),
        ("?state=builtin", ["Hosting survey"]),
        ("?state=nonsense", ["Hosting survey", "Old", "Tools"]),
        ("?q=too", ["Tools"]),
        ("?q=nothing", []),
        ("?q=%00", ["Hosting survey", "Old", "Tools"]),
    ],
)
def test_the_list_is_filtered_by_its_address(client, writer, query, names):
    draft(writer)
    old = draft(writer, name="Old")
    lifecycle.retire(questionnaire_id=old.questionnaire_id, by=writer, now=NINE)
    builtin_version(HOSTING, now=NINE)

    page = client.get(at("questionnaires") + query).content.decode()

    assert sorted(re.findall(r'<td class="title"><a [^>]*>([^<]+)<', page)) == names


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, writer, django_assert_num_queries, count):
    for number in range(count):
        draft(writer, "One?", name=f"Number {number}")

    with django_assert_num_queries(7):  # session, user, grants and their sites, count, rows, built-in slugs
        client.get(at("questionnaires"))


@pytest.mark.parametrize("count", [1, 6])
def test_page_query_count(client, writer, django_assert_max_num_queries, count):
    version = draft(writer, *(f"Question {number}?" for number in range(count)))

    with django_assert_max_num_queries(9):
        client.get(at("questionnaire", version.pk))


def test_hosts_and_sponsors_have_no_way_in(client):
    version = builtin_version(SILOS, now=NINE)
    for person in (HostFactory().user, UserFactory(role="sponsor")):
        client.force_login(person)
        for name in ("questionnaire", "questionnaire_preview", "questionnaire_export"):
            assert client.get(at(name, version.pk)).status_code == 404
        assert client.get(at("questionnaires")).status_code == 404


# --- from nothing to published ----------------------------------------------------------------------------------------


def test_a_questionnaire_is_written_previewed_and_published_without_scripts(client, writer):
    answer = client.post(at("questionnaire_new"), {"name": "Tools", "main": "en", "others": ["de"], "another": ""})
    version = QuestionnaireVersion.objects.get()
    assert (answer.status_code, answer.url) == (302, at("questionnaire", version.pk))
    assert version.languages == ["en", "de"]

    client.post(at("section_new", version.pk), {"revision": 0, "title_en": "Tools", "title_de": "Werkzeuge"})
    client.post(at("question_new", version.pk), filled(revision=1, section="tools"))
    text = filled(
        revision=2, type="text", text_en="Why?", text_de="Warum?", section="tools", shown_if="which-tool=mail"
    )
    client.post(at("question_new", version.pk), text)

    first, second = version.questions.order_by("position")
    assert (first.key, first.type, first.required, first.alignment_key) == ("which-tool", "one", True, "tool")
    assert [option["key"] for option in first.options] == ["phone", "mail"]
    assert second.shown_if == {"question": "which-tool", "is": "mail"}
    assert (second.options, second.alignment_key) == ([], "")

    german = client.get(at("questionnaire_preview", version.pk) + "?lang=de").content.decode()
    assert "Welches Werkzeug?" in german
    assert "Which tool?" not in german

    answer = client.post(at("questionnaire_publish", version.pk), {"revision": 3})
    assert answer.status_code == 302
    version.refresh_from_db()
    assert version.published_by == writer


def test_gaps_are_listed_with_links_and_keep_it_a_draft(client, writer):
    version = draft(writer)
    client.post(at("question_new", version.pk), filled(text_de=""))

    page = client.get(at("questionnaire", version.pk)).content.decode()
    assert "Question 1: The question in Deutsch is missing." in page
    assert at("question", version.pk, "which-tool") in page

    answer = client.post(at("questionnaire_publish", version.pk), {"revision": 1})
    assert answer.status_code == 422
    assert "One gap is left" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text_en": ""}, "Fill this in"),
        ({"option_en": ["Phone", "", ""], "option_de": ["", "", ""]}, "A choice has two options at least."),
        ({"option_key": [""] * 120, "option_en": ["Phone"] * 120, "option_de": ["Telefon"] * 120}, "20"),
        ({"alignment_key": "No Key"}, "Small letters and digits"),
        ({"type": "essay"}, "Choose again."),
        ({"section": "nowhere"}, "Choose again."),
        ({"text_en": "x" * 301}, "Shorten this to 300 characters"),
        ({"text_en": "One\x01Two"}, "characters that cannot be shown"),
    ],
)
def test_a_refused_question_keeps_what_was_typed(client, writer, changes, said):
    version = draft(writer)

    answer = client.post(at("question_new", version.pk), filled(**changes))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="Phone"' in page
    assert not Question.objects.exists()


def test_a_lost_race_keeps_what_was_typed_and_the_second_try_counts(client, writer):
    version = draft(writer, "One?")
    tom = UserFactory(role="coordinator", name="Tom Reed")
    editing.add_section(version_id=version.pk, revision=1, texts={"en": "More"}, by=tom, now=NINE)
    typed = filled(revision=1, text_en="Mine?")

    answer = client.post(at("question", version.pk, "one"), typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Tom Reed changed this draft while you wrote." in page
    assert "Mine?" in page
    assert version.questions.get().texts["en"]["text"] == "One?"
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    assert client.post(at("question", version.pk, "one"), typed | {"revision": revision}).status_code == 302
    assert version.questions.get().texts["en"]["text"] == "Mine?"


@pytest.mark.parametrize("revision", ["", "x", "-1", "99999999999999", "٣"])
def test_a_revision_nobody_can_have_read_is_a_lost_race(client, writer, revision):
    version = draft(writer, "One?")

    assert client.post(at("question_move", version.pk, "one"), {"revision": revision, "to": "up"}).status_code == 409
    assert client.post(at("questionnaire_publish", version.pk), {"revision": revision}).status_code == 409
    assert client.post(at("question", version.pk, "one"), filled(revision=revision)).status_code in (409, 422)


def test_options_are_rearranged_before_anything_is_saved(client, writer):
    version = draft(writer)

    page = client.post(at("question_new", version.pk), filled(go="option-down-1")).content.decode()
    assert re.findall(r'name="option_en"[^>]* value="([^"]*)"', page)[:2] == ["Mail", "Phone"]

    page = client.post(at("question_new", version.pk), filled(go="option-more")).content.decode()
    assert page.count('name="option_key"') == 6
    assert not Question.objects.exists()


@pytest.mark.parametrize("press", ["option-", "option-up-99999999999", "option-down-x", "option-up-0", "option-down-3"])
def test_a_strange_press_beside_the_options_changes_nothing(client, writer, press):
    assert client.post(at("question_new", draft(writer).pk), filled(go=press)).status_code == 200


def test_an_option_keeps_its_key_when_its_words_change(client, writer):
    version = draft(writer)
    client.post(at("question_new", version.pk), filled())

    changed = filled(revision=1, option_key=["phone", "mail", ""], option_en=["Call", "Mail", "Chat"])
    client.post(at("question", version.pk, "which-tool"), changed)

    options = version.questions.get().options
    assert [(option["key"], option["texts"]["en"]) for option in options] == [
        ("phone", "Call"), ("mail", "Mail"), ("chat", "Chat")
    ]  # fmt: skip


def test_an_option_others_depend_on_cannot_go(client, writer):
    version = draft(writer)
    client.post(at("question_new", version.pk), filled())
    client.post(
        at("question_new", version.pk), filled(revision=1, text_en="Why?", shown_if="which-tool=mail", alignment_key="")
    )

    gone = filled(revision=2, option_key=["phone", "", ""], option_en=["Phone", "Chat", ""])
    answer = client.post(at("question", version.pk, "which-tool"), gone)

    assert answer.status_code == 422
    assert "“Why?”: mail is no answer to which-tool." in answer.content.decode().replace("&quot;", '"')


# --- moving, sections, removing ---------------------------------------------------------------------------------------


def test_questions_move_by_buttons_and_by_place(client, writer):
    version = draft(writer, "One?", "Two?", "Three?")

    client.post(at("question_move", version.pk, "three"), {"revision": 3, "to": "up"})
    assert keys(version) == ["one", "three", "two"]
    client.post(at("question_move", version.pk, "two"), {"revision": 4, "section": "", "before": "one"})
    assert keys(version) == ["two", "one", "three"]


def test_scripts_get_the_questions_alone_with_the_new_revision(client, writer):
    version = draft(writer, "One?", "Two?")

    answer = client.post(
        at("question_move", version.pk, "two"), {"revision": 2, "to": "up"}, headers={"HX-Request": "true"}
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert 'data-revision="3"' in page
    assert 'id="gaps" hx-swap-oob="true"' in page


def test_a_refused_move_says_why_above_the_questions(client, writer):
    version = draft(writer, "One?", "Two?")
    needing = filled(revision=2, type="yesno", text_en="Two?", shown_if="one=1", alignment_key="")
    assert client.post(at("question", version.pk, "two"), needing).status_code == 302

    answer = client.post(
        at("question_move", version.pk, "two"), {"revision": 3, "to": "up"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert "“Two?”: No earlier question has the key one." in answer.content.decode()
    assert keys(version) == ["one", "two"]


def test_sections_are_written_moved_and_removed(client, writer):
    version = draft(writer, "One?")
    client.post(at("section_new", version.pk), {"revision": 1, "title_en": "First", "title_de": "Erste"})
    client.post(at("section_new", version.pk), {"revision": 2, "title_en": "Second", "title_de": ""})
    client.post(at("section_move", version.pk, "second"), {"revision": 3, "to": "up"})
    client.post(at("section", version.pk, "first"), {"revision": 4, "title_en": "Prime", "title_de": "Erste"})
    version.refresh_from_db()
    assert [(each["key"], each["texts"]["en"]) for each in version.sections] == [
        ("second", "Second"),
        ("first", "Prime"),
    ]

    assert client.get(at("section_remove", version.pk, "first")).status_code == 200
    client.post(at("section_remove", version.pk, "first"), {"revision": 5})
    version.refresh_from_db()
    assert [each["key"] for each in version.sections] == ["second"]


def test_removing_asks_first(client, writer):
    version = draft(writer, "One?")

    assert "Remove “One?”?" in client.get(at("question_remove", version.pk, "one")).content.decode()
    assert keys(version) == ["one"]
    client.post(at("question_remove", version.pk, "one"), {"revision": 1})
    assert keys(version) == []


@pytest.mark.parametrize("name", ["question", "question_remove", "section", "section_remove"])
def test_what_is_not_there_answers_404(client, writer, name):
    assert client.get(at(name, draft(writer).pk, "nothing")).status_code == 404


def test_name_and_languages_are_changed(client, writer):
    version = draft(writer, "One?")
    page = client.get(at("questionnaire_words", version.pk)).content.decode()
    assert "Opening words, Deutsch" in page

    data = {"revision": 1, "name": "New", "description": "About", "main": "de", "others": ["en"], "another": "cs"}
    answer = client.post(at("questionnaire_words", version.pk), data | {"intro_en": "Hello", "intro_de": "Hallo"})

    assert answer.status_code == 302
    version.refresh_from_db()
    assert version.languages == ["de", "en", "cs"]
    assert version.intro == {"en": "Hello", "de": "Hallo"}
    assert Questionnaire.objects.get().name == "New"


# --- frozen, copied, retired -------------------------------------------------------------------------------------------


def published(by):
    version = draft(by, "One?")
    return lifecycle.publish(version_id=version.pk, revision=1, by=by, now=NINE)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("questionnaire_words", ()), ("questionnaire_publish", ()), ("questionnaire_discard", ()), ("question_new", ()),
        ("question", ("one",)), ("question_remove", ("one",)), ("section_new", ()),
    ],
)  # fmt: skip
def test_a_published_version_has_no_way_to_be_changed(client, writer, name, more):
    version = published(writer)

    assert client.get(at(name, version.pk, *more)).status_code == 409
    assert client.post(at(name, version.pk, *more), filled()).status_code == 409
    assert at("question_new", version.pk) not in client.get(at("questionnaire", version.pk)).content.decode()


def test_a_new_version_starts_from_the_published_one(client, writer):
    version = published(writer)

    answer = client.post(at("questionnaire_version", version.pk))

    new = QuestionnaireVersion.objects.get(number=2)
    assert answer.url == at("questionnaire", new.pk)
    assert keys(new) == keys(version)
    assert at("questionnaire", new.pk) in client.get(at("questionnaire", version.pk)).content.decode()


def test_a_site_coordinator_copies_a_built_in_one_but_does_not_change_it(client):
    client.force_login(UserFactory(role="coordinator", sites=[SiteFactory()]))
    version = builtin_version(SILOS, now=NINE)

    assert client.post(at("questionnaire_version", version.pk)).status_code == 404
    assert client.post(at("questionnaire_duplicate", version.pk)).status_code == 302
    assert Questionnaire.objects.get(slug="copy-of-silo-self-assessment").versions.count() == 1


def test_a_built_in_one_is_opened_before_any_round_needs_it(client, writer):
    assert client.post(at("questionnaire_builtin", SILOS)).status_code == 302
    assert client.post(at("questionnaire_builtin", SILOS)).status_code == 302
    assert Questionnaire.objects.get().slug == SILOS
    assert client.post(at("questionnaire_builtin", "nothing")).status_code == 404


def test_retiring_asks_first_and_is_taken_back(client, writer):
    version = published(writer)

    assert client.get(at("questionnaire_retire", version.pk)).status_code == 200
    client.post(at("questionnaire_retire", version.pk))
    assert "Bring it back" in client.get(at("questionnaire", version.pk)).content.decode()
    client.post(at("questionnaire_back", version.pk))
    assert Questionnaire.objects.get().retired_at is None


def test_a_discarded_draft_is_gone(client, writer):
    version = draft(writer, "One?")

    assert client.get(at("questionnaire_discard", version.pk)).status_code == 200
    assert client.post(at("questionnaire_discard", version.pk)).url == at("questionnaires")
    assert not Questionnaire.objects.exists()


# --- files ---------------------------------------------------------------------------------------------------------------


def upload(client, content):
    return client.post(at("questionnaire_import"), {"file": SimpleUploadedFile("x.json", content)})


def test_a_file_goes_out_and_comes_in(client, writer):
    version = published(writer)
    answer = client.get(at("questionnaire_export", version.pk))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tools-1.json"'
    assert json.loads(answer.content)["questions"][0]["key"] == "one"

    assert upload(client, answer.content).status_code == 302

    assert as_json(QuestionnaireVersion.objects.order_by("-pk")[0]) == as_json(version)


def test_a_file_with_mistakes_is_refused_with_their_places(client, writer):
    answer = upload(client, b'{"format": "x", "languages": ["en"], "questions": [{}]}')

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<b>questions 1, type</b>: This field is missing." in page
    assert not Questionnaire.objects.exists()


def test_no_file_and_an_empty_file_are_refused(client, writer):
    assert client.post(at("questionnaire_import"), {}).status_code == 422
    assert upload(client, b"").status_code == 422


@FUZZ
@given(st.dictionaries(
    st.sampled_from([*filled(), "go", "low_en", "hint_de", "option_en", "option_de", "option_key"]),
    st.one_of(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=4), st.sampled_from(QuestionType.values)),
))  # fmt: skip
def test_a_question_of_any_shape_is_never_an_error_of_ours(client, posted):
    writer = UserFactory(role="coordinator")
    client.force_login(writer)
    version = draft(writer, "One?")

    answer = client.post(at("question_new", version.pk), filled(revision=1) | posted)

    assert answer.status_code in (200, 302, 409, 422)
    assert version.questions.count() == (2 if answer.status_code == 302 else 1)
    assert client.get(at("questionnaire", version.pk)).status_code == 200
    assert client.get(at("questionnaire_preview", version.pk)).status_code == 200


def test_the_preview_sends_nothing(client, writer):
    version = draft(writer, "One?")

    page = client.get(at("questionnaire_preview", version.pk)).content.decode()

    assert 'method="post"' not in page
    assert client.post(at("questionnaire_preview", version.pk), {"one": "1"}).status_code == 405
