"""An index for the order of visits by state."""

from django.db import migrations, models

from people.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shadowing", "0004_regroup")]

    operations = [
        AddIndexInUse("visit", models.Index(fields=["state", "date", "id"], name="visit_by_state")),
    ]
