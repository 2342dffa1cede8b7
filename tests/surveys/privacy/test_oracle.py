"""An oracle that tries every combination of figures computes no answer (docs/privacy.md)."""

import itertools

import pytest

from surveys.figures import values_of
from surveys.histories import told_of
from tests.surveys.privacy.oracle import Attack
from tests.surveys.privacy.programs import FAMILIES, QUESTIONS, K, Program, play, screens


def attack(program):
    """Every answer an attacker can compute from all screens of a program."""
    for position, family in enumerate(FAMILIES):
        people = program.people(position)
        sizes = {batch: sum(answers.values()) for batch, answers in people.items()}
        oracle = Attack(family.questions, sizes, possible(family), list(screens(program, position)), K)
        for place in range(len(family.questions)):
            found = oracle.certain(people, lambda given, place=place: given[place])
            yield from ((family.questions[place].key, *answer) for answer in found)


def possible(family):
    """Every answer to the family that skip logic allows, written out independently of surveys.families."""
    if [question.key for question in family.questions] == ["again", "why-not"]:
        return [(1, None), *((0, option["key"]) for option in QUESTIONS[4].options)]
    (question,) = family.questions
    return [(value,) for value in values_of(question)] + ([] if question.required else [(None,)])


def computed(seeds):
    answers, shown, settled = [], 0, 0
    for seed in seeds:
        program = play(seed)
        shown, settled = shown + bool(program.batches), settled + program.settled
        answers += [(seed, *answer) for answer in attack(program)] if program.batches else []
    return answers, shown, settled


def test_sixty_programs_give_no_answer_away():
    answers, shown, settled = computed(range(60))

    assert answers == []
    assert shown >= 50  # a guard that shows nothing would pass the line above as well
    assert settled >= 50


@pytest.mark.soak
@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_programs_give_no_answer_away(hundred):
    answers, shown, settled = computed(range(hundred * 100, hundred * 100 + 100))

    print(f"programs 100, with results {shown}, told exactly {settled}, answers computed {len(answers)}")
    assert answers == []
    assert shown >= 85


@pytest.mark.parametrize(("yes", "no"), [(8, 0), (30, 1), (5, 0)])
def test_the_oracle_finds_what_exact_figures_give_away(yes, no):
    """The oracle is no paper tiger: told without coding and guard, it finds everybody."""
    alike = ((4,), (0,), (1, None), ("tools",))
    program = Program({(1, 1): [((1,), *alike)] * yes + [((0,), *alike)] * no}, settled=True)
    program.told = told_of(program.batches, settled=True)
    position = 0
    people = program.people(position)
    oracle = Attack(FAMILIES[0].questions, {(1, 1): yes + no}, possible(FAMILIES[0]), [], K)
    oracle.bound({((1, 1), (1,)): 1}, yes, yes)

    assert list(oracle.certain(people, lambda given: given[0]))


def test_two_exact_totals_subtracted_are_found():
    """47 of 60, then 67 of 80: the twenty between all said yes."""
    sizes = {(1, 1): 60, (1, 2): 20}
    oracle = Attack(FAMILIES[0].questions, sizes, possible(FAMILIES[0]), [], K)
    for batches, yes in (([(1, 1)], 47), ([(1, 1), (1, 2)], 67)):
        oracle.bound({(batch, (1,)): 1 for batch in batches}, yes, yes)
    people = {(1, 1): {(1,): 47, (0,): 13}, (1, 2): {(1,): 20}}

    assert {batch for batch, _ in oracle.certain(people, lambda given: given[0])} == {(1, 2)}
    assert len(list(itertools.islice(oracle.certain(people, lambda given: given[0]), 3))) == 3
