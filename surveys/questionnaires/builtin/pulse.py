"""The alignment pulse: the same matters put to executives and to the front line, before and after a season.

Each row is one matter, worded for each side. Agreeing is always the better answer, so that a gap reads one way."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_noop

from surveys.models import QuestionType
from surveys.questionnaires.builtin.words import LANGUAGES, agree, both, question, section


class Pair(NamedTuple):
    """``key`` is the alignment key of both questions."""

    key: str
    section: str
    executives: tuple[str, str]
    front_line: tuple[str, str]


SECTIONS = [
    section("calls", "What customers call about", "Warum Kunden anrufen"),
    section("obstacles", "What slows agents down", "Was die Arbeit aufhält"),
    section("tools", "Tools", "Werkzeuge"),
    section("routing", "Routing", "Wer welchen Anruf bekommt"),
    section("authority", "Authority to solve", "Was selbst entschieden werden darf"),
    section("decisions", "How decisions reach the floor", "Wie Entscheidungen ankommen"),
]

PAIRS = [
    Pair(
        "call-reasons",
        "calls",
        (
            "I can name the five most frequent reasons why customers call.",
            "Ich kann die fünf häufigsten Gründe nennen, aus denen Kunden anrufen.",
        ),
        (
            "Our executives know the five most frequent reasons why customers call.",
            "Unsere Führung kennt die fünf häufigsten Gründe, aus denen Kunden anrufen.",
        ),
    ),
    Pair(
        "call-causes",
        "calls",
        (
            "We remove what makes customers call a second time.",
            "Wir beseitigen, was Kunden ein zweites Mal anrufen lässt.",
        ),
        (
            "What makes my customers call a second time gets removed.",
            "Was meine Kunden ein zweites Mal anrufen lässt, wird beseitigt.",
        ),
    ),
    Pair(
        "obstacles-known",
        "obstacles",
        (
            "I know what costs agents most time while a customer waits.",
            "Ich weiß, was in Gesprächen am meisten Zeit kostet, während der Kunde wartet.",
        ),
        (
            "Our executives know what costs me most time while a customer waits.",
            "Unsere Führung weiß, was mich in Gesprächen am meisten Zeit kostet.",
        ),
    ),
    Pair(
        "obstacles-removed",
        "obstacles",
        (
            "An obstacle that agents report is gone within weeks.",
            "Ein Hindernis, das aus den Teams gemeldet wird, ist in wenigen Wochen beseitigt.",
        ),
        (
            "An obstacle that I report is gone within weeks.",
            "Ein Hindernis, das ich melde, ist in wenigen Wochen beseitigt.",
        ),
    ),
    Pair(
        "obstacles-rules",
        "obstacles",
        (
            "Our rules and targets help agents to help customers.",
            "Unsere Regeln und Ziele helfen den Teams, Kunden zu helfen.",
        ),
        (
            "The rules and targets I work under help me to help customers.",
            "Die Regeln und Ziele, nach denen ich arbeite, helfen mir, Kunden zu helfen.",
        ),
    ),
    Pair(
        "tools-complete",
        "tools",
        (
            "Agents see all they need for a case without hunting through systems.",
            "Die Teams sehen alles, was sie für einen Fall brauchen, ohne in Systemen zu suchen.",
        ),
        (
            "I see all I need for a case without hunting through systems.",
            "Ich sehe alles, was ich für einen Fall brauche, ohne in Systemen zu suchen.",
        ),
    ),
    Pair(
        "tools-tried",
        "tools",
        (
            "Agents try a new tool before it is rolled out to everybody.",
            "Ein neues Werkzeug wird in den Teams ausprobiert, bevor alle es bekommen.",
        ),
        (
            "People who do my work try a new tool before I have to use it.",
            "Wer meine Arbeit macht, probiert ein neues Werkzeug aus, bevor ich es nutzen muss.",
        ),
    ),
    Pair(
        "routing-first",
        "routing",
        (
            "Customers reach somebody who can help at the first attempt.",
            "Kunden erreichen beim ersten Versuch jemanden, der helfen kann.",
        ),
        (
            "The customers who reach me are customers I can help.",
            "Die Kunden, die bei mir ankommen, sind Kunden, denen ich helfen kann.",
        ),
    ),
    Pair(
        "routing-context",
        "routing",
        (
            "When a customer is passed on, the story so far goes along.",
            "Wenn ein Kunde weitergeleitet wird, geht mit, was bisher gesagt wurde.",
        ),
        (
            "When a customer is passed on to me, I know the story so far.",
            "Wenn ein Kunde zu mir weitergeleitet wird, weiß ich, was bisher gesagt wurde.",
        ),
    ),
    Pair(
        "authority-enough",
        "authority",
        (
            "Agents may decide enough to solve most cases themselves.",
            "Die Teams dürfen genug entscheiden, um die meisten Fälle selbst zu lösen.",
        ),
        (
            "I may decide enough to solve most cases myself.",
            "Ich darf genug entscheiden, um die meisten Fälle selbst zu lösen.",
        ),
    ),
    Pair(
        "authority-backed",
        "authority",
        (
            "An agent who decides in a customer's favor for a good reason is backed.",
            "Wer aus gutem Grund zugunsten eines Kunden entscheidet, bekommt Rückhalt.",
        ),
        (
            "When I decide in a customer's favor for a good reason, I am backed.",
            "Wenn ich aus gutem Grund zugunsten eines Kunden entscheide, bekomme ich Rückhalt.",
        ),
    ),
    Pair(
        "decisions-in-time",
        "decisions",
        (
            "Agents hear of a change in their work before it takes effect.",
            "Die Teams erfahren von einer Änderung ihrer Arbeit, bevor sie gilt.",
        ),
        (
            "I hear of a change in my work before it takes effect.",
            "Ich erfahre von einer Änderung meiner Arbeit, bevor sie gilt.",
        ),
    ),
    Pair(
        "decisions-reasons",
        "decisions",
        (
            "Agents are told why something changes, not only that it does.",
            "Den Teams wird gesagt, warum sich etwas ändert, nicht nur dass.",
        ),
        (
            "I am told why something changes, not only that it does.",
            "Mir wird gesagt, warum sich etwas ändert, nicht nur dass.",
        ),
    ),
    Pair(
        "decisions-heard",
        "decisions",
        (
            "What agents say changes what we decide.",
            "Was die Teams sagen, verändert, was wir entscheiden.",
        ),
        (
            "What I say changes what is decided.",
            "Was ich sage, verändert, was entschieden wird.",
        ),
    ),
]


SLOWEST = Pair(
    "slows-most",
    "obstacles",
    ("What costs agents most time?", "Was kostet die Teams am meisten Zeit?"),
    ("What costs you most time?", "Was kostet dich am meisten Zeit?"),
)
SLOW = [
    {"key": "systems", "texts": both("Too many systems, or slow ones", "Zu viele oder zu langsame Systeme")},
    {"key": "knowledge", "texts": both("Finding the right information", "Die richtige Auskunft zu finden")},
    {"key": "rules", "texts": both("Rules and approvals", "Regeln und Freigaben")},
    {"key": "other-teams", "texts": both("Waiting for other teams", "Auf andere Teams zu warten")},
    {"key": "repeats", "texts": both("Cases that come back", "Fälle, die wiederkommen")},
]


def _slowest(side: str) -> dict[str, Any]:
    """The one list of the pulse: what each side would put first."""
    key, (en, de) = SLOWEST.key, getattr(SLOWEST, side)
    more = {"section": SLOWEST.section, "options": SLOW, "alignment_key": key}
    return question(key, QuestionType.ONE_OF, en, de) | more


def _pulse(side: str, last: dict[str, Any]) -> list[dict[str, Any]]:
    """In the order of the sections."""
    asked = [agree(pair.key, pair.section, *getattr(pair, side)) for pair in PAIRS] + [_slowest(side), last]
    order = [each["key"] for each in SECTIONS]
    return sorted(asked, key=lambda each: order.index(each["section"]))


PULSE_FOR_EXECUTIVES: dict[str, Any] = {
    "name": gettext_noop("Alignment pulse, executives"),
    "description": gettext_noop("Asks all executives what they believe about the floor, before and after a season."),
    "languages": LANGUAGES,
    "sections": SECTIONS,
    "questions": _pulse(
        "executives",
        question(
            "ask-floor",
            QuestionType.TEXT,
            "What would you like to ask the floor?",
            "Was möchtest du die Teams fragen?",
            section="decisions",
        ),
    ),
}

PULSE_FOR_FRONT_LINE: dict[str, Any] = {
    "name": gettext_noop("Alignment pulse, front line"),
    "description": gettext_noop("Asks the whole front line how the same things are on the floor, without names."),
    "languages": LANGUAGES,
    "sections": SECTIONS,
    "questions": _pulse(
        "front_line",
        question(
            "tell-executives",
            QuestionType.TEXT,
            "What should executives know that no report shows?",
            "Was sollte die Führung wissen, das kein Bericht zeigt?",
            section="decisions",
            hint=(
                "Leave out names, so that nobody can be guessed.",
                "Lass Namen weg, damit niemand erraten werden kann.",
            ),
        ),
    ),
}
