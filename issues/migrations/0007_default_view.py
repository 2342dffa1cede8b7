"""One of a person's saved views can be the one the list opens with."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0006_withdrawal_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "savedview", "is_default", models.BooleanField(default=False, verbose_name="the list opens with it")
        ),
        migrations.AddConstraint(
            "savedview",
            models.UniqueConstraint(condition=Q(is_default=True), fields=("user",), name="issue_view_one_default"),
        ),
    ]
