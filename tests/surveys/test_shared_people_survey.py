"""Real tables through the coding and the gaps: the UK Civil Service People Survey, shares of positive answers by
organisation in 2020 and of all civil servants since 2009. One organisation stands for the front line, the mean of all for
executives; what is shown is held against what the tables say exactly."""

import csv
from collections import defaultdict
from itertools import pairwise

import pytest

from surveys.alignment import words
from surveys.alignment.items import Item, Side, by_gap, themes_of
from surveys.alignment.values import value_of
from surveys.coding import Coded, coded_mean, coded_share
from surveys.figures import Shown

ALL = "CS_MEAN"
SIZES = (12, 30, 400)  # answers a side: coarse, finer, finest


@pytest.fixture
def sections(tables):
    """Measure → section, of the questions with an agree scale (B01 to B60)."""
    rows = _rows(tables / "uk_csps2020_orgscores_measures.csv")
    return {row["measure"]: row["section"] for row in rows if row["measure"].startswith("B")}


@pytest.fixture
def shares(tables, sections):
    """Organisation → measure → share of positive answers."""
    found = defaultdict(dict)
    for row in _rows(tables / "uk_csps2020_orgscores_long.csv"):
        if row["measure"] in sections and row["value"]:
            found[row["organisation_code"]][row["measure"]] = float(row["value"])
    return found


@pytest.fixture
def years(tables, sections):
    """Year → measure → share, of all civil servants."""
    rows = [row for row in _rows(tables / "uk_csps_mean_timeseries_2009-2020.csv") if row["Measure"] in sections]
    return {
        year: {row["Measure"]: float(row[str(year)]) for row in rows if row[str(year)] not in ("", "NA")}
        for year in (2009, 2020)
    }


def _rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def side(share, answers):
    return Side(asked=True, text="Asked.", shown=Shown(coded_share(answers, round(share * answers))))


def items(executives, front_line, sections, answers, earlier=None):
    return [
        Item(measure, "yesno", section, section, side(executives[measure], answers), side(front_line[measure], answers),
             place, (earlier or {}).get(measure))
        for place, (measure, section) in enumerate(sections.items())
        if measure in executives and measure in front_line
    ]  # fmt: skip


def exact(executives, front_line, item):
    return 100 * (executives[item.key] - front_line[item.key])


def slack(coded: Coded, answers):
    """By how many points a share as shown may be off, where it is no end: half a step, and rounding to people."""
    step = 1 if coded.numerator is not None else 20
    return step / 2 + 100 / answers


def near(coded, truth, answers):
    """Does what is shown agree with the table?"""
    shown, off = value_of(coded), slack(coded, answers)
    if shown.more:
        return truth >= shown.number - off
    return truth <= shown.number + off if shown.less else abs(shown.number - truth) <= off


@pytest.mark.parametrize("answers", SIZES)
def test_shares_as_shown_agree_with_the_tables(shares, answers):
    wrong = [
        (organisation, measure, share, coded.text)
        for organisation, measures in shares.items()
        for measure, share in measures.items()
        if not near(coded := coded_share(answers, round(share * answers)), 100 * share, answers)
    ]

    assert sum(map(len, shares.values())) > 5000
    assert wrong == []


@pytest.mark.parametrize("answers", SIZES)
def test_means_as_shown_keep_the_order_of_the_tables(shares, answers):
    """Positive answers as fours and fives, the others as twos and threes: a higher share never shows a lower mean."""
    told = sorted(share for measures in shares.values() for share in measures.values())
    means = [value_of(coded_mean(answers, _points(share, answers))).number for share in dict.fromkeys(told)]

    assert all(one <= other for one, other in pairwise(means))


def _points(share, answers):
    positive = round(share * answers)
    return positive * 4.4 + (answers - positive) * 2.4


@pytest.mark.parametrize("answers", SIZES)
def test_gaps_point_the_way_the_tables_do(shares, sections, answers):
    """A gap that counts as apart has the direction of the exact one, and the largest shown is among the largest there are."""
    for organisation, measures in shares.items():
        found = [item for item in by_gap(items(shares[ALL], measures, sections, answers)) if item.gap]
        truth = {item.key: exact(shares[ALL], measures, item) for item in found}
        room = {item.key: _room(item, answers) for item in found}
        for item in found:
            open_ended = not item.gap.exact
            assert open_ended or abs(item.gap.number - truth[item.key]) <= room[item.key], (organisation, item.key)
            assert item.band == 0 or item.gap.number * truth[item.key] >= -room[item.key], (organisation, item.key)
        sure = [item for item in found if item.gap.exact]
        for one, other in pairwise(sure):
            ahead = abs(truth[one.key]) - abs(truth[other.key])
            assert ahead >= -(room[one.key] + room[other.key]), (organisation, one.key, other.key)


def _room(item, answers):
    return slack(item.executives.shown.coded, answers) + slack(item.front_line.shown.coded, answers)


def test_the_finding_names_where_the_tables_are_furthest_apart(shares, sections):
    """With many answers the theme named first is one whose exact gap is nearly the largest."""
    for organisation, measures in shares.items():
        found = items(shares[ALL], measures, sections, 400)
        themes = themes_of(found)
        gaps = defaultdict(list)
        for item in found:
            gaps[item.section].append(exact(shares[ALL], measures, item))
        means = {section: abs(sum(values) / len(values)) for section, values in gaps.items()}
        assert means[themes[0].name] >= max(means.values()) - 3, organisation
        sentence = words.finding(found, themes)
        assert sentence.startswith(("Executives", "The front line", "Apart both ways")), organisation


def test_eleven_years_move_the_way_the_tables_say(shares, years, sections):
    """All civil servants in 2009 and in 2020 against a side that is always split in halves."""
    always = dict.fromkeys(sections, 0.5)
    before = {item.key: item for item in items(always, years[2009], sections, 400)}
    now = items(always, years[2020], sections, 400, before)

    for item in now:
        if item.earlier is None or not (item.gap.exact and item.earlier.gap.exact):
            continue
        moved = abs(exact(always, years[2020], item)) - abs(exact(always, years[2009], item))
        said = words.change(item)
        if abs(moved) > 3 and said != "turned round":
            assert said.endswith("wider" if moved > 0 else "smaller"), item.key
    assert words.improved(now)
