"""The kinds of obstacle a new installation starts with; admins edit the list afterwards."""

from django.db import migrations

NAMES = (
    "workflow", "call script", "desktop information", "call routing", "supplier", "policy", "system", "training", "staffing",
    "other",
)  # fmt: skip


def add(apps, schema_editor):
    """Names that stand there already are left as they are."""
    categories = apps.get_model("issues", "Category").objects
    for position, name in enumerate(NAMES):
        categories.get_or_create(name_key=name, defaults={"name": name, "position": position})


def remove(apps, schema_editor):
    """Only those no issue uses, so that going back loses nothing."""
    apps.get_model("issues", "Category").objects.filter(name_key__in=NAMES, issue__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
