"""Count what is released already, and say which languages versions are written in."""

from __future__ import annotations

from collections import Counter

from django.db import migrations
from django.db.models import Count


def fill(apps, schema_editor):
    count_released(apps.get_model("surveys", "Answer"), apps.get_model("surveys", "Tally"))
    name_languages(apps.get_model("surveys", "QuestionnaireVersion"))


def count_released(answers, tallies):
    """One row for each value of a cell and question; for "some of" and texts one more, how many people answered."""
    counts = Counter()
    released = answers.objects.filter(response__release__isnull=False)
    by_value = released.exclude(question__type="text").values_list("response__cell", "question", "number", "choice")
    for cell, question, number, choice, n in by_value.annotate(n=Count("pk")):
        counts[cell, question, number, choice] += n
    several = released.filter(question__type__in=["some", "text"]).values_list("response__cell", "question")
    for cell, question, n in several.annotate(n=Count("response", distinct=True)):
        counts[cell, question, None, ""] += n
    tallies.objects.all().delete()
    tallies.objects.bulk_create(
        (
            tallies(cell_id=cell, question_id=question, number=number, choice=choice, answers=n)
            for (cell, question, number, choice), n in counts.items()
        ),
        batch_size=2000,
    )


def name_languages(versions):
    """The languages every question of a version is written in, English first, then in alphabetical order."""
    for version in versions.objects.filter(languages=[]):
        written = [set(texts) for texts in version.questions.values_list("texts", flat=True)]
        common = set.intersection(*written) if written else set()
        version.languages = sorted(common, key=lambda code: (code != "en", code)) or ["en"]
        version.save(update_fields=["languages"])


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_settled_rounds")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
