"""An index of the held visits that may owe an issue. Built when all others are marked, so that it is small from the start."""

from django.db import migrations, models
from django.db.models import Q

from people.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shadowing", "0006_followed_visits"), ("issues", "0013_mark_followed_visits")]

    operations = [
        AddIndexInUse(
            "visit",
            models.Index(fields=["date", "id"], name="visit_unfollowed", condition=Q(state="held", followed=False)),
        ),
    ]
