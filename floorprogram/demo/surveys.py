"""Surveys of the demo: what people answer, and the releases of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from floorprogram.demo import words
from floorprogram.demo.stage import Stage
from shadowing.models import Season
from surveys import answering, releasing, rounds
from surveys.models import Audience, Invitation, Phase, Round
from surveys.questionnaires.builtin import (
    HOSTING,
    PULSE_EXECUTIVES,
    PULSE_FRONT_LINE,
    SILOS,
    VISIT,
    builtin_version,
)

Given = dict[str, object]
STANDING = {PULSE_EXECUTIVES: Audience.EXECUTIVES, PULSE_FRONT_LINE: Audience.FRONT_LINE, SILOS: Audience.EXECUTIVES}
LEAVES_OUT = 10  # one in so many does not answer


def play_surveys(demo: Stage, season: Season) -> None:
    """What a season asks: the pulse before it, hosts and executives after their visits, the silo self-assessment, and,
    once it is over, the pulse again."""
    starts, ends = season.starts_on, season.ends_on
    over = ends < demo.today
    for slug in (PULSE_EXECUTIVES, PULSE_FRONT_LINE):
        play_pulse(demo, season, slug, Phase.BEFORE, starts - timedelta(days=14))
    play_visits(demo, season)
    play(demo, season, SILOS, "", ends - timedelta(days=4) if over else demo.today - timedelta(days=2), silo_answers)
    if over:
        for slug in (PULSE_EXECUTIVES, PULSE_FRONT_LINE):
            play_pulse(demo, season, slug, Phase.AFTER, ends + timedelta(days=2))


def play_visits(demo: Stage, season: Season) -> None:
    """Nine of ten who had a visit answer; a finished season's rounds close, and what may be released is."""
    rounds.open_due_rounds(now=demo.now)
    rounds.invite_visitors()
    for slug, answers in ((HOSTING, hosting_answers), (VISIT, visit_answers)):
        survey_round = Round.objects.get(season=season, version__questionnaire__slug=slug)
        answer(demo, survey_round, answers)
        now = min(at(survey_round.closes_on + timedelta(days=1)), demo.now)
        if now < demo.now:
            rounds.close_round(round_id=survey_round.pk, by=demo.cast.coordinator, now=now)
        releasing.release_rounds(now=now)


def play_pulse(demo: Stage, season: Season, slug: str, phase: Phase, opens: date) -> None:
    """The alignment pulse of one side: executives see it brighter, less so after a season and in a second one."""
    executives = slug == PULSE_EXECUTIVES
    learnt = (season.ends_on >= demo.today) or phase == Phase.AFTER
    play(demo, season, slug, phase, opens, lambda demo, number: pulse_answers(demo, number, executives, learnt))


def play(
    demo: Stage, season: Season, slug: str, phase: str, opens: date, answers: Callable[[Stage, int], Given]
) -> None:
    """One standing round: planned, opened, answered and, ten days later, closed and released, each at its time."""
    by, closes = demo.cast.coordinator, opens + timedelta(days=10)
    plan = rounds.RoundPlan(builtin_version(slug, now=at(opens)), STANDING[slug], opens, closes, phase=phase)
    survey_round = rounds.plan_round(season=season, plan=plan, by=by, now=at(opens - timedelta(days=3)))
    survey_round = rounds.open_round(round_id=survey_round.pk, by=by, now=at(opens))
    answer(demo, survey_round, answers)
    now = min(at(closes + timedelta(days=1)), demo.now)
    if closes < demo.today:
        rounds.close_round(round_id=survey_round.pk, by=by, now=now)
    releasing.release_rounds(now=now)


def plan_next(demo: Stage, season: Season) -> None:
    """The coming season's pulse of the front line, planned and not open."""
    opens = season.starts_on - timedelta(days=14)
    version = builtin_version(PULSE_FRONT_LINE, now=demo.now)
    plan = rounds.RoundPlan(version, Audience.FRONT_LINE, opens, opens + timedelta(days=10), phase=Phase.BEFORE)
    rounds.plan_round(season=season, plan=plan, by=demo.cast.coordinator, now=demo.now - timedelta(days=1))


def answer(demo: Stage, survey_round: Round, answers: Callable[[Stage, int], Given]) -> None:
    """Nine of ten answer. The demo's own people do not, where a round is open: they find it waiting."""
    kept = {demo.cast.sign_ins["host"].pk, demo.cast.sign_ins["executive"].pk}
    kept = kept if survey_round.closes_on >= demo.today else set()
    invited = Invitation.objects.filter(round=survey_round).order_by("user_id").values_list("user_id", flat=True)
    for number, user in enumerate(invited):
        if number % LEAVES_OUT != 6 and user not in kept:
            answering.finish(round_id=survey_round.pk, user_id=user, given=answers(demo, number))


def hosting_answers(demo: Stage, number: int) -> Given:
    """A host after the visit."""
    happy = number % 12 != 5
    given: Given = {
        "worthwhile": int(happy),
        "floor-share": demo.pick.choice([3, 4, 4, 5]) if happy else 2,
        "staged": int(number % 6 == 2),
        "again": int(number % 9 != 4),
    }
    return given | _words("change", words.WORDS_OF_HOSTS, number, every=5)


def visit_answers(demo: Stage, number: int) -> Given:
    """An executive after the visit."""
    given: Given = {
        "worthwhile": int(number % 14 != 9),
        "floor-share": demo.pick.choice([3, 4, 5, 5]),
        "staged": int(number % 8 == 3),
        "new": demo.pick.choice([2, 3, 4, 4, 5]),
        "in-reports": int(number % 4 == 1),
        "removable": demo.pick.choice(["me", "my-area", "elsewhere", "elsewhere", "unclear"]),
        "again": int(number % 11 != 7),
    }
    return given | _words("change", words.WORDS_OF_EXECUTIVES, number, every=5)


def silo_answers(demo: Stage, number: int) -> Given:
    """A leader on how joined up service is."""
    likely = {"routing": "nnysx", "leadership": "ynnsx"}
    answers = {"y": "yes", "n": "no", "s": "not-sure", "x": "no"}
    keys = ("routing", "leadership", "reasons", "real-time", "coordination", "owner")
    return {key: answers[demo.pick.choice(likely.get(key, "yynsn"))] for key in keys}


def pulse_answers(demo: Stage, number: int, executives: bool, learnt: bool) -> Given:
    """``learnt``: after days on the floor executives judge more soberly, and some things have become better."""
    given: Given = {}
    for key, (above, below) in words.PULSE.items():
        mean = (above - (0.5 if learnt else 0)) if executives else (below + (0.3 if learnt else 0))
        given[key] = min(max(round(demo.pick.gauss(mean, 0.8)), 1), 5)
    slow = (words.SLOW_TO_VISITORS if learnt else words.SLOW_TO_EXECUTIVES) if executives else words.SLOW_ON_THE_FLOOR
    given["slows-most"] = slow[number % len(slow)]
    if executives:
        return given | _words("ask-floor", words.QUESTIONS_TO_THE_FLOOR, number, every=4)
    return given | _words("tell-executives", words.WORDS_TO_EXECUTIVES, number, every=4)


def _words(key: str, sentences: list[str], number: int, *, every: int) -> Given:
    return {key: sentences[number % len(sentences)]} if number % every else {}


def at(day: date) -> datetime:
    """Nine in the morning of that day, UTC."""
    return datetime.combine(day, time(9), UTC)
