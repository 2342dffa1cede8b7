"""Two people write one questionnaire at the same moment: one wins, the other is told, and nothing is by halves."""

from __future__ import annotations

from functools import partial

import pytest

from people.models import AuditEvent
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.questionnaires import editing, lifecycle
from surveys.questionnaires.builtin import SILOS, builtin_version
from surveys.questionnaires.checking import problems
from surveys.questionnaires.definition import definition_of
from tests.concurrency.crowd import at_once
from tests.factories import NINE, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture
def writers():
    return [UserFactory(role="coordinator") for _number in range(2)]


def question(text):
    return {"type": "yesno", "section": "", "texts": {"en": {"text": text}}}


def draft(by, name="Tools"):
    version = lifecycle.create(name=name, description="", languages=["en"], by=by, now=NINE)
    return editing.add_question(version_id=version.pk, revision=0, question=question("One"), by=by, now=NINE)[0]


def test_of_two_edits_of_what_both_read_one_is_stored(writers):
    for _round in range(ROUNDS):
        version = draft(writers[0])
        acts = [
            partial(
                editing.add_question,
                version_id=version.pk,
                revision=1,
                question=question(f"By {number}"),
                by=by,
                now=NINE,
            )
            for number, by in enumerate(writers)
        ]

        outcome = at_once(acts, threads=2)

        assert outcome == {"done": 1, "EditedMeanwhile": 1}
        version.refresh_from_db()
        assert (version.revision, version.questions.count()) == (2, 2)
        assert problems(definition_of(version)) == []


def test_an_edit_and_a_publication_never_mix(writers):
    for _round in range(ROUNDS):
        version = draft(writers[0])
        act = {"version_id": version.pk, "revision": 1, "now": NINE}

        outcome = at_once(
            [
                partial(lifecycle.publish, by=writers[0], **act),
                partial(editing.remove_question, key="one", by=writers[1], **act),
            ],
            threads=2,
        )

        assert outcome["done"] == 1
        version.refresh_from_db()
        assert (version.published_at is None) == (version.questions.count() == 0)


def test_one_draft_is_started_however_many_ask(writers):
    version = draft(writers[0])
    lifecycle.publish(version_id=version.pk, revision=1, by=writers[0], now=NINE)
    start = partial(lifecycle.new_version, questionnaire_id=version.questionnaire_id, now=NINE)

    outcome = at_once([partial(start, by=by) for by in writers * 2], threads=4)

    assert outcome == {"done": 1, "InUse": 3}
    assert QuestionnaireVersion.objects.count() == 2


def test_questionnaires_of_one_name_get_a_short_name_each(writers):
    start = partial(lifecycle.create, name="Tools", description="", languages=["en"], now=NINE)

    outcome = at_once([partial(start, by=by) for by in writers * 3], threads=6)

    assert outcome == {"done": 6}
    assert Questionnaire.objects.values("slug").distinct().count() == 6
    assert AuditEvent.objects.filter(verb="questionnaire.created").count() == 6


def test_a_built_in_one_is_written_once_however_many_need_it():
    outcome = at_once([partial(builtin_version, SILOS, now=NINE)] * 4, threads=4)

    assert outcome == {"done": 4}
    assert QuestionnaireVersion.objects.count() == 1
