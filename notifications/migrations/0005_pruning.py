"""Indexes for what is cleared away (notifications.pruning), and no second check of a notice's recipient."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from people.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0004_held_back"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        AddIndexInUse(
            "message",
            models.Index(fields=["created_at"], name="message_with_words", condition=Q(subject_line__gt="")),
        ),
        AddIndexInUse("link", models.Index(fields=["expires_at"], name="link_by_expiry")),
        migrations.AlterField(
            "notice",
            "recipient",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
