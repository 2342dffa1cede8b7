"""Writing, publishing and retiring questionnaires."""

import pytest

from people.models import AuditEvent
from surveys.models import Questionnaire, QuestionnaireVersion, QuestionType
from surveys.questionnaires import editing, lifecycle
from surveys.questionnaires.builtin import BUILTIN, HOSTING, PULSE_EXECUTIVES, PULSE_FRONT_LINE, SILOS, builtin_version
from surveys.questionnaires.checking import gaps, problems
from surveys.questionnaires.definition import definition_of, normal
from surveys.questionnaires.newer import behind, builtin_definition, take_newer
from surveys.questionnaires.refusals import (
    EditedMeanwhile,
    Frozen,
    Incomplete,
    InUse,
    NotWellFormed,
    NotYours,
    Retired,
)
from tests.factories import NINE, HostingRoundFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
IN_BOTH = {"en": {"text": "Do the tools work?"}, "de": {"text": "Tun es die Werkzeuge?"}}


@pytest.fixture
def writer():
    return UserFactory(role="coordinator")


def draft(by, languages=("en",), name="Tools"):
    return lifecycle.create(name=name, description="", languages=languages, by=by, now=NINE)


def yes_no(text="Do the tools work?", **more):
    return {"type": QuestionType.YES_NO, "section": "", "texts": {"en": {"text": text}}, **more}


def add(version, by, question):
    version, key = editing.add_question(
        version_id=version.pk, revision=version.revision, question=question, by=by, now=NINE
    )
    return version, key


def keys(version):
    return list(version.questions.order_by("position").values_list("key", flat=True))


def with_questions(by, *texts):
    version = draft(by)
    for text in texts:
        version, _key = add(version, by, yes_no(text))
    return version


def test_a_new_questionnaire_is_an_empty_draft_and_the_record_says_who_wrote_it(writer):
    version = draft(writer)

    assert (version.number, version.published_at, version.created_by) == (1, None, writer)
    assert version.questionnaire.slug == "tools"
    assert AuditEvent.objects.get(verb="questionnaire.created").subject == f"questionnaire_version:{version.pk}"


def test_a_second_one_of_the_same_name_gets_a_slug_of_its_own_and_none_takes_a_built_in_one(writer):
    draft(writer)

    assert draft(writer).questionnaire.slug == "tools-2"
    assert draft(writer, name="Hosting").questionnaire.slug == "hosting-2"
    assert draft(writer, name="問卷").questionnaire.slug == "questionnaire"


@pytest.mark.parametrize("role", ["sponsor", None])
def test_only_coordinators_write(role):
    with pytest.raises(NotYours):
        draft(UserFactory(role=role))

    assert not Questionnaire.objects.exists()


def test_a_question_gets_its_key_from_its_words(writer):
    version, key = add(draft(writer), writer, yes_no("Do the tools work?"))
    version, again = add(version, writer, yes_no("Do the tools work?"))

    assert (key, again) == ("do-the-tools-work", "do-the-tools-work-2")
    assert keys(version) == [key, again]
    assert version.revision == 2


def test_keys_the_answer_page_needs_are_not_handed_out(writer):
    assert add(draft(writer), writer, yes_no("Language"))[1] == "language-2"


def test_whoever_was_slower_is_told_and_nothing_is_overwritten(writer):
    version = with_questions(writer, "One")
    other = UserFactory(role="coordinator", name="Tom Reed")
    editing.edit_question(version_id=version.pk, revision=1, key="one", question=yes_no("First"), by=other, now=NINE)

    with pytest.raises(EditedMeanwhile, match="Tom Reed changed this draft") as refusal:
        editing.edit_question(version_id=version.pk, revision=1, key="one", question=yes_no("Uno"), by=writer, now=NINE)

    assert refusal.value.revision == 2
    assert version.questions.get().texts == {"en": {"text": "First"}}


def test_a_question_depends_on_an_earlier_one_only(writer):
    version = with_questions(writer, "One", "Two")
    late = yes_no("One", shown_if={"question": "two", "is": 1})

    with pytest.raises(NotWellFormed, match="No earlier question has the key two"):
        editing.edit_question(version_id=version.pk, revision=2, key="one", question=late, by=writer, now=NINE)

    assert version.questions.get(key="one").shown_if == {}


def test_what_another_question_depends_on_stays_above_it_and_is_not_removed(writer):
    version = with_questions(writer, "One")
    version, _key = add(version, writer, yes_no("Two", shown_if={"question": "one", "is": 0}))
    act = {"version_id": version.pk, "revision": 2, "key": "one", "by": writer, "now": NINE}

    with pytest.raises(InUse, match="“Two” is shown only after"):
        editing.remove_question(**act)
    with pytest.raises(NotWellFormed):
        editing.step_question(**act, down=True)

    assert keys(version) == ["one", "two"]


def test_questions_step_through_sections(writer):
    version = with_questions(writer, "One", "Two")
    act = {"version_id": version.pk, "by": writer, "now": NINE}
    version, section = editing.add_section(**act, revision=2, texts={"en": "Tools"})

    def step(key, revision, down):
        editing.step_question(**act, revision=revision, key=key, down=down)
        return list(version.questions.order_by("position").values_list("key", "section"))

    assert step("one", 3, down=True) == [("two", ""), ("one", "")]
    assert step("one", 4, down=True) == [("two", ""), ("one", section)]
    assert step("one", 5, down=True) == [("two", ""), ("one", section)]
    assert step("two", 6, down=True) == [("two", section), ("one", section)]
    assert step("one", 7, down=False) == [("one", section), ("two", section)]
    assert step("one", 8, down=False) == [("one", ""), ("two", section)]


def test_a_question_is_put_before_another_or_at_the_end_of_a_section(writer):
    version = with_questions(writer, "One", "Two", "Three")
    act = {"version_id": version.pk, "by": writer, "now": NINE, "section": ""}

    editing.move_question(**act, revision=3, key="three", before="one")
    assert keys(version) == ["three", "one", "two"]
    editing.move_question(**act, revision=4, key="three", before=None)
    assert keys(version) == ["one", "two", "three"]


def test_a_section_moves_with_its_questions_and_leaves_them_when_it_goes(writer):
    version = draft(writer)
    act = {"version_id": version.pk, "by": writer, "now": NINE}
    editing.add_section(**act, revision=0, texts={"en": "First"})
    editing.add_section(**act, revision=1, texts={"en": "Second"})
    version.refresh_from_db()
    version, _key = add(version, writer, yes_no("One", section="first"))
    version, _key = add(version, writer, yes_no("Two", section="second"))

    version = editing.step_section(**act, revision=4, key="second", down=False)
    assert keys(version) == ["two", "one"]
    version = editing.remove_section(**act, revision=5, key="first")
    assert list(version.questions.values_list("section", flat=True).distinct()) == ["second"]


def test_dropping_a_language_drops_its_words(writer):
    version = draft(writer, languages=("en", "de"))
    both = {"en": {"text": "One"}, "de": {"text": "Eins"}}
    version, _key = add(version, writer, yes_no() | {"texts": both})

    version = editing.change_words(
        version_id=version.pk, revision=1, name="Tools", description="About tools", languages=["de"],
        intro={"de": "Hallo"}, by=writer, now=NINE,
    )  # fmt: skip

    assert version.questions.get().texts == {"de": {"text": "Eins"}}
    assert (version.intro, version.questionnaire.description) == ({"de": "Hallo"}, "About tools")


def test_gaps_keep_a_draft_from_being_published(writer):
    version = draft(writer, languages=("en", "de"))
    scale = {"type": QuestionType.SCALE_5, "section": "", "texts": {"en": {"text": "How well?", "hint": "Be frank."}}}
    version, _key = add(version, writer, scale)

    with pytest.raises(Incomplete) as refusal:
        lifecycle.publish(version_id=version.pk, revision=1, by=writer, now=NINE)

    assert {problem.message for problem in refusal.value.problems} == {
        "The low end in English is missing.",
        "The high end in English is missing.",
        "The question in Deutsch is missing.",
        "The hint in Deutsch is missing.",
        "The low end in Deutsch is missing.",
        "The high end in Deutsch is missing.",
    }
    version.refresh_from_db()
    assert version.published_at is None


def test_a_questionnaire_without_questions_is_not_published(writer):
    with pytest.raises(Incomplete):
        lifecycle.publish(version_id=draft(writer).pk, revision=0, by=writer, now=NINE)


def test_a_published_version_never_changes(writer):
    version = with_questions(writer, "One")
    lifecycle.publish(version_id=version.pk, revision=1, by=writer, now=NINE)
    before = definition_of(QuestionnaireVersion.objects.get())
    act = {"version_id": version.pk, "revision": 1, "by": writer, "now": NINE}

    for attempt in (
        lambda: editing.edit_question(**act, key="one", question=yes_no("Other")),
        lambda: editing.remove_question(**act, key="one"),
        lambda: editing.add_section(**act, texts={"en": "More"}),
        lambda: lifecycle.publish(**act),
        lambda: lifecycle.discard(version_id=version.pk, by=writer, now=NINE),
    ):
        with pytest.raises(Frozen):
            attempt()

    assert definition_of(QuestionnaireVersion.objects.get()) == before


def test_a_later_edit_makes_a_new_version_and_old_answers_keep_theirs():
    asked = HostingRoundFactory.create(hosts=2).version
    admin = UserFactory(role="admin")
    before = definition_of(asked)

    version = lifecycle.new_version(questionnaire_id=asked.questionnaire_id, by=admin, now=NINE)
    editing.remove_question(version_id=version.pk, revision=0, key="change", by=admin, now=NINE)
    lifecycle.publish(version_id=version.pk, revision=1, by=admin, now=NINE)

    assert (version.number, version.questions.count()) == (2, 4)
    asked.refresh_from_db()
    assert definition_of(asked) == before
    assert builtin_version(HOSTING, now=NINE) == version


def test_there_is_one_draft_at_a_time(writer):
    version = with_questions(writer, "One")

    with pytest.raises(InUse, match="There is a draft already"):
        lifecycle.new_version(questionnaire_id=version.questionnaire_id, by=writer, now=NINE)


def test_built_in_questionnaires_belong_to_those_who_coordinate_every_site():
    version = builtin_version(SILOS, now=NINE)
    local = UserFactory(role="coordinator", sites=[SiteFactory()])

    with pytest.raises(NotYours):
        lifecycle.new_version(questionnaire_id=version.questionnaire_id, by=local, now=NINE)

    copy = lifecycle.duplicate(version_id=version.pk, by=local, now=NINE)
    assert copy.questionnaire.name == "Copy of Silo self-assessment"
    assert normal(definition_of(copy)) == normal(definition_of(version))


def test_a_discarded_first_draft_takes_its_questionnaire_along(writer):
    version = with_questions(writer, "One")

    assert lifecycle.discard(version_id=version.pk, by=writer, now=NINE)

    assert not Questionnaire.objects.exists()
    assert AuditEvent.objects.filter(verb="questionnaire.discarded").exists()


def test_a_discarded_second_draft_leaves_the_first_version(writer):
    version = with_questions(writer, "One")
    lifecycle.publish(version_id=version.pk, revision=1, by=writer, now=NINE)
    second = lifecycle.new_version(questionnaire_id=version.questionnaire_id, by=writer, now=NINE)

    assert not lifecycle.discard(version_id=second.pk, by=writer, now=NINE)

    assert QuestionnaireVersion.objects.get() == version


def test_a_retired_questionnaire_is_left_alone_until_it_is_brought_back(writer):
    version = with_questions(writer, "One")
    act = {"questionnaire_id": version.questionnaire_id, "by": writer, "now": NINE}
    lifecycle.retire(**act)

    with pytest.raises(Retired):
        add(version, writer, yes_no("Two"))
    with pytest.raises(Retired):
        lifecycle.retire(**act)

    assert lifecycle.bring_back(**act).retired_at is None
    add(version, writer, yes_no("Two"))


def test_built_in_questionnaires_are_not_retired():
    version = builtin_version(HOSTING, now=NINE)

    with pytest.raises(InUse):
        lifecycle.retire(questionnaire_id=version.questionnaire_id, by=UserFactory(role="admin"), now=NINE)


@pytest.mark.parametrize("slug", BUILTIN)
def test_what_is_built_in_is_well_formed_and_complete_in_both_languages(slug):
    version = builtin_version(slug, now=NINE)
    definition = normal(definition_of(version))

    assert problems(definition) == []
    assert gaps(definition) == []
    assert definition["languages"] == ["en", "de"]
    assert builtin_version(slug, now=NINE) == version


def test_the_pulse_pairs_at_least_twelve_items_on_six_themes():
    sides = [definition_of(builtin_version(slug, now=NINE)) for slug in (PULSE_EXECUTIVES, PULSE_FRONT_LINE)]
    paired = [
        {(each["alignment_key"], each["section"], each["type"]) for each in side["questions"] if each["alignment_key"]}
        for side in sides
    ]

    assert paired[0] == paired[1]
    assert len(paired[0]) >= 12
    assert len({section for _key, section, _type in paired[0]}) == 6
    texts = [{each["key"]: each["texts"]["en"]["text"] for each in side["questions"]} for side in sides]
    assert all(texts[0][key] != texts[1][key] for key, _section, _type in paired[0])


@pytest.fixture
def older():
    """A built-in questionnaire as an earlier program wrote it: without its last question."""
    version = builtin_version(PULSE_EXECUTIVES, now=NINE)
    version.questions.order_by("-position").first().delete()
    return version


def test_newer_questions_of_the_program_are_taken_as_a_draft(older, writer):
    """Given an older pulse that is asked as it came; when the newer questions are taken and published; then the next round
    asks them, the older version stays as it was, and there is nothing newer any more."""
    assert behind([older.pk]) == {older.pk}
    assert builtin_version(PULSE_EXECUTIVES, now=NINE) == older

    taken = take_newer(slug=PULSE_EXECUTIVES, by=writer, now=NINE)

    assert builtin_version(PULSE_EXECUTIVES, now=NINE) == older
    assert normal(definition_of(taken)) == builtin_definition(PULSE_EXECUTIVES)
    assert older.questions.count() == taken.questions.count() - 1
    with pytest.raises(InUse):
        take_newer(slug=PULSE_EXECUTIVES, by=writer, now=NINE)
    lifecycle.publish(version_id=taken.pk, revision=taken.revision, by=writer, now=NINE)
    assert builtin_version(PULSE_EXECUTIVES, now=NINE) == taken
    assert behind([taken.pk]) == set()
    assert AuditEvent.objects.filter(verb="questionnaire.version_started", by=writer).count() == 1


def test_a_built_in_questionnaire_somebody_rewrote_is_theirs(older, writer):
    """Given an older pulse with a version of one's own after it; then nothing newer is offered."""
    own = lifecycle.new_version(questionnaire_id=older.questionnaire_id, by=writer, now=NINE)
    own, _key = add(own, writer, yes_no(section="tools", texts=IN_BOTH))
    lifecycle.publish(version_id=own.pk, revision=own.revision, by=writer, now=NINE)

    assert behind([own.pk]) == set()
    with pytest.raises(InUse):
        take_newer(slug=PULSE_EXECUTIVES, by=writer, now=NINE)


def test_newer_questions_changed_before_publishing_are_their_own(older, writer):
    taken = take_newer(slug=PULSE_EXECUTIVES, by=writer, now=NINE)
    taken, _key = add(taken, writer, yes_no(section="tools", texts=IN_BOTH))
    lifecycle.publish(version_id=taken.pk, revision=taken.revision, by=writer, now=NINE)

    assert behind([taken.pk]) == set()


@pytest.mark.parametrize("slug", BUILTIN)
def test_what_was_just_written_is_not_behind(slug, writer):
    version = builtin_version(slug, now=NINE)

    assert behind([version.pk]) == set()
    with pytest.raises(InUse):
        take_newer(slug=slug, by=writer, now=NINE)


def test_only_who_changes_built_in_questionnaires_takes_newer_questions(older):
    with pytest.raises(NotYours):
        take_newer(slug=PULSE_EXECUTIVES, by=UserFactory(role="coordinator", sites=[SiteFactory()]), now=NINE)
