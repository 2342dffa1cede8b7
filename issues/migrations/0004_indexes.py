"""Indexes for the issue list: each clock's order among the states it runs in, and parts of what issues say."""

from django.db import migrations, models
from django.db.models import Q

from people.indexes import AddIndexInUse, PostgresIndex, RemoveIndexInUse

WORKED_ON = ["open", "in_progress"]
OPEN = ["open", "in_progress", "on_hold", "delivered"]
TEXTS = "title || '\n' || obstacle || '\n' || promise"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("issues", "0003_sharing_and_wall"), ("people", "0003_indexes")]

    operations = [
        AddIndexInUse(
            "issue",
            models.Index(
                fields=["next_update_due", "number"], name="issue_next_update", condition=Q(state__in=WORKED_ON)
            ),
        ),
        AddIndexInUse(
            "issue",
            models.Index(fields=["target_date", "number"], name="issue_next_target", condition=Q(state__in=WORKED_ON)),
        ),
        AddIndexInUse(
            "issue", models.Index(fields=["word_due", "number"], name="issue_next_word", condition=Q(state__in=OPEN))
        ),
        RemoveIndexInUse("issue", "issue_by_update"),
        RemoveIndexInUse("issue", "issue_by_target"),
        RemoveIndexInUse("issue", "issue_by_word"),
        PostgresIndex(
            "issue_text_parts", "issues_issue", f"USING gin (UPPER(({TEXTS})::text) gin_trgm_ops)", "pg_trgm"
        ),
    ]
