"""Mark the visits at which an issue began, some thousands at a time, so that nobody waits for the rest."""

from django.db import migrations
from django.db.models import Exists, Max, OuterRef

BATCH = 5000


def mark(apps, schema_editor):
    visits, issues = apps.get_model("shadowing", "Visit").objects, apps.get_model("issues", "Issue").objects
    began = Exists(issues.filter(origin_visit=OuterRef("pk")))
    last = visits.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last + 1, BATCH):
        visits.filter(began, pk__gte=start, pk__lt=start + BATCH, followed=False).update(followed=True)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("issues", "0012_reminder_indexes"), ("shadowing", "0006_followed_visits")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
