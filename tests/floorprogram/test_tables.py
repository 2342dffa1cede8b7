"""Rows of long tables: one pattern, each row's cells in it, escaped."""

from datetime import date

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

TODAY = date(2026, 11, 10)


def render(source, **context):
    return Template("{% load tables %}" + source).render(Context({"today": TODAY, **context}))


def test_the_pattern_comes_once_for_every_row():
    rows = [{"name": "Ana", "number": 1}, {"name": "Bo", "number": 2}]

    shown = render("{% rows rows %}<td>{number}</td><td>{name}</td>;{% endrows %}", rows=rows)

    assert shown == "<td>1</td><td>Ana</td>;<td>2</td><td>Bo</td>;"


def test_cells_are_escaped_unless_they_were_drawn():
    row = {"name": "<b>'\"&", "state": mark_safe("<i>held</i>")}

    shown = render('{% rows rows %}<a title="{name}">{state}</a>{% endrows %}', rows=[row])

    assert shown == '<a title="&lt;b&gt;&#x27;&quot;&amp;"><i>held</i></a>'


def test_a_cell_in_braces_is_not_taken_for_a_place():
    row = {"name": "{secret}", "secret": "never shown"}

    assert render("{% rows rows %}{name}{% endrows %}", rows=[row]) == "{secret}"


def test_tags_inside_work_on_the_names():
    shown = render('{% rows rows %}{% person "{name}" "host" %}{% endrows %}', rows=[{"name": "Ana & Co"}])

    assert shown == render('{% person name "host" %}', name="Ana & Co")


def test_without_rows_there_is_nothing():
    assert render("{% rows rows %}<td>{name}</td>{% endrows %}", rows=[]) == ""


def test_a_pattern_that_names_an_unknown_cell_fails_loudly():
    with pytest.raises(KeyError):
        render("{% rows rows %}{nmae}{% endrows %}", rows=[{"name": "Ana"}])


def test_days_and_states_of_visits_are_drawn():
    rows = [{"date": TODAY, "shown": "held"}, {"date": date(2025, 3, 2), "shown": "held"}]

    shown = render("{% visit_cells rows as cells %}{% rows cells %}{day}|{state};{% endrows %}", rows=rows)

    same = "{% day date %}|{% visit_status 'held' %};"
    assert shown == "".join(render(same, date=row["date"]) for row in rows)


def test_second_lines_of_people_stand_where_there_are_some():
    rows = [{"unit": "Field <1>", "contact": ""}]

    shown = render("{% person_cells rows as cells %}{% rows cells %}({unit})({contact}){% endrows %}", rows=rows)

    assert shown == '(<span class="second">Field &lt;1&gt;</span>)()'
