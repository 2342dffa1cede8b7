"""Nobody has a last day and is still here."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0003_indexes")]

    operations = [
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(condition=Q(left_on__isnull=True) | Q(is_active=False), name="user_left_is_not_active"),
        ),
    ]
