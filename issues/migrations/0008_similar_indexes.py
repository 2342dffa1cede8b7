"""Indexes for the order by title and for what is alike (issues.similar)."""

from django.db import migrations, models

from people.indexes import AddIndexInUse, PostgresIndex

TEXTS = "title || '\n' || obstacle || '\n' || promise"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("issues", "0007_default_view")]

    operations = [
        AddIndexInUse("issue", models.Index(fields=["title", "number"], name="issue_by_title")),
        PostgresIndex("issue_words", "issues_issue", f"USING gin (to_tsvector('simple', ({TEXTS})))"),
    ]
