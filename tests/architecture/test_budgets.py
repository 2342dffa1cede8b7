"""Small pieces: what a reader must hold in his head at once has a limit."""

from tests.architecture import source

MODULE, FUNCTION, VIEW, TEMPLATE, MEDIAN = 300, 40, 20, 80, 8  # lines


def over(lengths, limit):
    return [f"{name}: {length} lines, {limit} allowed" for name, length in lengths if length > limit]


def test_modules_fit_their_budget():
    assert over(((source.name_of(path), source.code_lines(path)) for path in source.modules()), MODULE) == []


def test_functions_fit_their_budget():
    assert over((found for path in source.modules() for found in source.functions(path)), FUNCTION) == []


def test_half_of_all_functions_are_short():
    assert source.median_length() <= MEDIAN


def test_views_fit_their_budget():
    views = [path for path in source.modules() if path.name == "views.py" or "views" in path.parent.parts]
    assert over((found for path in views for found in source.functions(path)), VIEW) == []


def test_templates_fit_their_budget():
    assert over(((source.name_of(path), source.code_lines(path)) for path in source.templates()), TEMPLATE) == []


def test_partials_say_what_they_need():
    """Given a template whose name starts with an underscore, its first line is a comment."""
    partials = (path for path in source.templates() if path.name.startswith("_") and path.suffix == ".html")
    assert [source.name_of(path) for path in partials if not path.read_text().startswith("{# ")] == []
