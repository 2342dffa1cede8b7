"""What a respondent is told before the first question, made from the settings of the round and nothing else.

Once a round is open these settings cannot be altered (surveys.rounds), so what was read here stays true.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.models import Audience, Round


@dataclass(frozen=True)
class Promise:
    """``head`` in one sentence, ``text`` what it means, ``stored`` line by line. ``icon`` is lucide's name."""

    icon: str
    head: str
    text: str
    stored: list[str]


def promise_of(survey_round: Round, *, hidden: bool = False, texts: bool = True) -> Promise:
    """The promise of a round to the people of one cell. ``hidden``: too few were asked there to show anything;
    ``texts``: the questionnaire asks for words."""
    if not survey_round.anonymous:
        return _named(texts)
    text = _("So few people were asked where you are that their figures are never shown, not even in a total.")
    return Promise(
        icon="eye-off",
        head=_("Nobody can see that this was you."),
        text=text if hidden else _anonymous(survey_round),
        stored=[line for line in _stored(survey_round, hidden=hidden, texts=texts) if line],
    )


def _anonymous(survey_round: Round) -> str:
    group = _("We keep your answers and the group of sites you answer for.")
    audience = Audience(survey_round.audience)
    kept = _("We keep your answers among those of all executives.") if audience == Audience.EXECUTIVES else group
    return f"{kept} {_not_kept()[audience]} {_results(survey_round.k)}"


def _not_kept() -> dict[Audience, str]:
    return {
        Audience.VISIT_HOSTS: _("Not your name, not the day, not whom you hosted."),
        Audience.VISIT_EXECUTIVES: _("Not your name, not the day, not whom you visited."),
        Audience.FRONT_LINE: _("Not your name, not your team, not the day."),
        Audience.EXECUTIVES: _("Not your name, not your unit, not the day."),
    }


def _results(k: int) -> str:
    words = ngettext(
        "Results appear only for %(k)d answer or more.", "Results appear only for %(k)d answers or more.", k
    )
    return words % {"k": k}


def _stored(survey_round: Round, *, hidden: bool, texts: bool) -> list[str]:
    shown = _("Words you write are shown, in mixed order, once %(k)d people have written some.")
    return [
        _("With your answers: the survey and the group of sites. No person, visit, date or time."),
        _("With your invitation: that it was used. Not when, and nothing that leads to the answers."),
        shown % {"k": survey_round.k_text} if texts and not hidden else "",
        _("Nothing unfinished reaches us. Sent answers cannot be changed, nor found again."),
    ]


def _named(texts: bool) -> Promise:
    lines = [
        _("With your answers: the survey, the group of sites and your name. No visit, date or time."),
        _("Coordinators and admins read the results. Sponsors, executives and hosts see none of them."),
        _("Words you write are shown to them as you wrote them.") if texts else "",
        _("Nothing unfinished reaches us. Sent answers cannot be changed."),
    ]
    return Promise(
        icon="eye",
        head=_("This survey is not anonymous: your name stands with your answers."),
        text=_("The program’s coordinators and admins can read who said what. Nobody else sees the results."),
        stored=[line for line in lines if line],
    )
