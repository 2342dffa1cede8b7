"""Indexes for what a sweep asks every minute: what was delivered, confirmed or updated within some days."""

from django.db import migrations, models
from django.db.models import Q

from people.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("issues", "0011_reminded_by_hand")]

    operations = [
        AddIndexInUse(
            "issue", models.Index(fields=["delivered_at"], name="issue_delivered", condition=Q(state="delivered"))
        ),
        AddIndexInUse(
            "issue", models.Index(fields=["confirmed_at"], name="issue_confirmed", condition=Q(state="confirmed"))
        ),
        AddIndexInUse("issueevent", models.Index(fields=["at"], name="event_updates", condition=Q(kind="updated"))),
    ]
