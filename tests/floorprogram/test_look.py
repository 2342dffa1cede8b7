"""The template tags of the look: what they print, and that they escape."""

from datetime import date

import pytest
from django.template import Context, Template

from floorprogram.states import KINDS, look_of
from floorprogram.templatetags import look

TODAY = date(2026, 11, 10)


def render(source, **context):
    return Template(source).render(Context({"today": TODAY, **context}))


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (66, 71, "93\N{NO-BREAK SPACE}%"),
        (0, 71, "0\N{NO-BREAK SPACE}%"),
        (71, 71, "100\N{NO-BREAK SPACE}%"),
        (999, 1000, "99\N{NO-BREAK SPACE}%"),
        (1, 1000, "1\N{NO-BREAK SPACE}%"),
        (0, 0, "\N{EN DASH}"),
        (None, 5, "\N{EN DASH}"),
    ],
)
def test_a_share_never_says_all_or_none_unless_it_is(numerator, denominator, shown):
    assert look.percent(numerator, denominator) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{% day date %}", "9\N{NO-BREAK SPACE}Feb\N{NO-BREAK SPACE}2027"),
        ("{% day today %}", "10\N{NO-BREAK SPACE}Nov"),
        ("{% day today long=True %}", "Tuesday 10\N{NO-BREAK SPACE}November"),
        ("{% day none %}", "\N{EN DASH}"),
    ],
)
def test_a_day_names_the_year_only_when_it_is_another(source, shown):
    assert render(source, date=date(2027, 2, 9), none=None) == shown


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_has_word_colour_and_an_icon_that_exists(kind, settings):
    folder = settings.BASE_DIR / "node_modules" / "lucide-static" / "icons"
    for state, (word, tone, icon) in KINDS[kind].items():
        assert word, state
        assert tone in {"rest", "wait", "ok", "stop", "brand", "warn", "plain"}
        assert (folder / f"{icon.removesuffix('!')}.svg").exists()


def test_states_may_be_written_with_a_hyphen_and_unknown_ones_stay_readable():
    assert look_of("visit", "no-show") == look_of("visit", "no_show")
    assert str(look_of("visit", "odd").word) == "odd"


def test_a_status_is_icon_and_word_with_or_without_ground():
    plain, tagged = render("{% visit_status 'held' %}"), render("{% visit_status 'held' tag=True %}")

    assert 'class="status tone-ok"' in plain
    assert 'class="tag tone-ok"' in tagged
    assert "Held" in plain
    assert "icon-filled" in plain


def test_an_issue_on_hold_names_its_date_and_a_merged_one_its_number():
    assert "10\N{NO-BREAK SPACE}Nov" in render("{% issue_status 'on_hold' until=today %}")
    assert "203" in render("{% issue_status 'merged' number=203 %}")


def test_a_coordinators_word_is_not_the_hosts():
    shown = render("{% issue_status 'confirmed' by_coordinator=True %}")

    assert "Confirmed by coordinator" in shown
    assert "tone-rest" in shown


def test_names_are_escaped_and_carry_who_they_are():
    shown = render("{% person name 'host' %}", name="<b>Maya</b>")

    assert "&lt;b&gt;Maya" in shown
    assert '<span class="visually-hidden">Host </span>' in shown


def test_a_person_can_be_a_link_and_plain_users_have_no_mark():
    assert '<a href="/x/">Maya</a>' in render("{% person 'Maya' 'host' '/x/' %}")
    assert "visually-hidden" not in render("{% person 'Ingrid' 'other' %}")


def test_a_clock_says_in_words_what_its_figure_means():
    shown = render("{% clock 'Target' due %}", due=date(2026, 11, 4))

    assert 'class="clock clock-over"' in shown
    assert '<span class="visually-hidden">Target, 6 days over</span>' in shown
    assert "clock-arc" in render("{% clock 'Target' today %}")


def test_a_large_clock_shows_name_date_and_words():
    shown = render("{% clock 'Target date' due large=True %}", due=date(2026, 11, 4))

    assert "Target date, 4\N{NO-BREAK SPACE}Nov" in shown
    assert "<b>6 days over</b>" in shown


def test_a_clock_that_does_not_run_is_a_dash_with_words():
    assert "Update, does not run" in render("{% clock 'Update' none %}", none=None)


def test_a_bar_is_drawn_in_shares_without_styles():
    shown = render("{% bar 'brand' 1 'stop' 1 whole=4 %}")

    assert '<rect class="seg-brand" x="0.00%" width="25.00%"' in shown
    assert '<rect class="seg-stop" x="25.00%" width="25.00%"' in shown
    assert "style=" not in shown
    assert "<rect" not in render("{% segments none %}", none=[])


def test_icons_are_hidden_from_screen_readers_and_drawn_once_as_symbols():
    assert 'aria-hidden="true"' in render("{% icon 'mail' 'tone-wait' %}")
    assert '<symbol id="i-mail"' in render("{% symbols 'mail' %}")
    assert render("{% symbol 'circle-check!' %}") == '<svg class="i filled"><use href="#i-circle-check"/></svg>'


def test_icons_are_empty_until_the_libraries_are_installed(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    look.icon_paths.cache_clear()

    assert look.icon_paths("mail") == ""
    look.icon_paths.cache_clear()


@pytest.mark.parametrize(("number", "shown"), [(1300, "1,300"), (10_000, "10,000"), (10_001, "10,000+")])
def test_counts_stop_where_nobody_counts_further(number, shown):
    assert look.capped(number) == shown


@pytest.mark.parametrize(("days", "shown"), [(1, "1 day over"), (3, "3 days over")])
def test_days_over_in_words(days, shown):
    assert look.days_over(days) == shown
