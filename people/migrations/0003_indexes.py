"""Indexes for the list of people: by number either way, and for parts of names."""

from django.db import migrations, models

from people.indexes import AddIndexInUse, PostgresIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0002_absences")]

    operations = [
        AddIndexInUse("user", models.Index(fields=["employee_number_key", "id"], name="user_by_number")),
        PostgresIndex("user_by_number_down", "people_user", "(employee_number_key DESC NULLS LAST, id DESC)"),
        PostgresIndex("user_name_parts", "people_user", "USING gin (name_key gin_trgm_ops)", extension="pg_trgm"),
    ]
