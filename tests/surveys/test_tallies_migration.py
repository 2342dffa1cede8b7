"""The data migration counts what was released before tallies, and names the languages of older versions."""

import importlib

import pytest
from django.apps import apps

from surveys import tallies
from surveys.models import Question, QuestionnaireVersion, Tally
from tests.surveys.privacy import world

pytestmark = pytest.mark.django_db
migration = importlib.import_module("surveys.migrations.0004_fill_tallies")


def rows():
    return sorted(Tally.objects.values_list("cell", "question", "number", "choice", "answers"), key=repr)


def test_the_migration_counts_what_releases_counted():
    survey_round = world.make_round(30, 12)
    world.answer(survey_round)
    world.close(survey_round)
    before = rows()
    assert len(before) > 20
    Tally.objects.all().delete()

    migration.fill(apps, None)
    assert rows() == before
    tallies.recount(survey_round)
    assert rows() == before


def test_versions_get_the_languages_all_their_questions_have():
    version = world.make_version()
    texts = {"de": {"text": "Frage"}, "en": {"text": "Question"}}
    Question.objects.filter(version=version).update(texts=texts)
    Question.objects.filter(version=version, key="change").update(texts=texts | {"fr": {"text": "Question"}})
    QuestionnaireVersion.objects.filter(pk=version.pk).update(languages=[])

    migration.fill(apps, None)

    version.refresh_from_db()
    assert version.languages == ["en", "de"]
