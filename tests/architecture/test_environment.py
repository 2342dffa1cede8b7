"""The environment's variables: read in settings, documented in .env.example, fixed for tests."""

import ast

from tests import environment
from tests.architecture import source

DEFAULT_NAMES = {"db": "DATABASE_URL", "db_url": "DATABASE_URL", "cache_url": "CACHE_URL", "email_url": "EMAIL_URL"}
BY_COMMAND_LINE = {"HOST", "PORT"}  # given to make, and by it to gunicorn


def variables_read(path):
    """Names asked of ``env`` in a module: env("NAME"), env.bool("NAME"), or a typed default such as env.db()."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and _is_env(node.func):
            if node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value
            elif isinstance(node.func, ast.Attribute) and node.func.attr in DEFAULT_NAMES:
                yield DEFAULT_NAMES[node.func.attr]


def _is_env(function):
    if isinstance(function, ast.Attribute):
        return function.attr != "read_env" and isinstance(function.value, ast.Name) and function.value.id == "env"
    return isinstance(function, ast.Name) and function.id == "env"


def test_example_lists_exactly_what_settings_read():
    read = {name for path in source.modules() for name in variables_read(path)} - BY_COMMAND_LINE

    assert environment.names_in_example() == read


def test_settings_alone_read_the_environment():
    """Anywhere else a variable would be read without being documented or checked at start-up."""
    entries = {"floorprogram/settings.py", "floorprogram/gunicorn.py", "floorprogram/celery.py", "floorprogram/wsgi.py"}
    others = [path for path in source.modules() if source.name_of(path) not in entries]
    assert [source.name_of(path) for path in others if _reads_environment(path.read_text())] == []


def _reads_environment(text):
    return "os.environ" in text or "getenv" in text
