"""A mark on visits at which an issue began. A default of the database, for rows written by the release before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shadowing", "0005_visit_state_index")]

    operations = [
        migrations.AddField(
            "visit",
            "followed",
            models.BooleanField(db_default=False, default=False, help_text="marked: an issue began here"),
        ),
    ]
