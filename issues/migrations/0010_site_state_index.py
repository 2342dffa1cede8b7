"""An index for the issues of a site in one state: most lists coordinators narrow are narrowed to that."""

from django.db import migrations, models

from people.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("issues", "0009_regroup")]

    operations = [
        AddIndexInUse(
            "issue", models.Index(fields=["site", "state", "first_due", "number"], name="issue_by_site_state")
        ),
    ]
