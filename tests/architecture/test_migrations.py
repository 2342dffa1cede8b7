"""Migrations say what they do."""

import importlib

from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import APPS


def own_migrations():
    loader = MigrationLoader(None)
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in APPS}


def test_no_migration_is_named_by_the_machine():
    """Given a migration after the first, its name is not the one makemigrations would have made up."""
    later = ((app, name, migration) for (app, name), migration in own_migrations().items() if not migration.initial)
    assert [f"{app}.{name}" for app, name, migration in later if _made_up(name, migration)] == []


def _made_up(name, migration):
    return name.partition("_")[2] == migration.suggest_name() or "_and_more" in name or "_auto_" in name


def test_data_migrations_can_be_taken_back():
    for (app, name), migration in own_migrations().items():
        one_way = [operation for operation in migration.operations if not operation.reversible]
        assert one_way == [], f"{app}.{name}"


LASTING = {"people.indexes"}  # operations made for migrations: they stay as they are


def test_migrations_import_no_app_code():
    """A migration that imports today's code breaks when the code moves on."""
    borrowed = []
    for app, name in own_migrations():
        module = importlib.import_module(f"{app}.migrations.{name}")
        origins = {getattr(value, "__module__", "") for value in vars(module).values()} - {module.__name__, *LASTING}
        borrowed += [f"{app}.{name} from {origin}" for origin in origins if origin.partition(".")[0] in APPS]
    assert borrowed == []
