"""An index of the held visits that may owe an issue."""

from django.db import migrations, models
from django.db.models import Q

from people.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shadowing", "0006_followed_visits")]

    operations = [
        AddIndexInUse(
            "visit",
            models.Index(fields=["date", "id"], name="visit_unfollowed", condition=Q(state="held", followed=False)),
        ),
    ]
