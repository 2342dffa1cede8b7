"""Asking for answers: only those who have not answered, as often as the season's policy says, until the round closes.

What concerns an anonymous round is listed nowhere (its kind is anonymous) and goes to nobody but the one who is asked:
no assistant, no substitute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.kinds import Button, Due, Kind, Section, register
from notifications.links import Purpose, register_purpose
from notifications.models import Link, Notice
from people.models import Site
from shadowing.models import Season
from shadowing.seasons.foreseeing import Coming, Foresight, sent_on
from surveys.models import Audience, Invitation, Round, RoundState
from surveys.questionnaires.builtin import HOSTING, VISIT
from surveys.rounds import invite_visitors, open_due_rounds
from surveys.slips import ANSWER

OPEN, OPEN_NAMED = "surveys.open", "surveys.open_named"
STEPS = [0, 2, 5]
LINK_DAYS = 30


def due(now: datetime, *, anonymous: bool = True) -> Iterable[Due]:
    """Unused invitations of open rounds: when the visit is held (else when the round opens) and 2 and 5 days later, the
    latest step only, and not where the visit turned out not to have taken place.

    Opens rounds and invites the people of newly held visits first, so that nothing waits for an event that was missed."""
    if anonymous:
        open_due_rounds(now=now)
        invite_visitors()
    waiting = _waiting(now).filter(round__anonymous=anonymous)
    rows = waiting.values_list("user_id", "round_id", "due_from", "cell__site_id", "round__season__reminders")
    for user, survey_round, day, site, policy in rows.iterator():
        step = latest(policy.get("survey_open", STEPS), day, now.date())
        if step is not None:
            yield Due(user, f"round:{survey_round}", day, step, site_id=site, personal=True)


def _waiting(now: datetime) -> QuerySet[Invitation]:
    """Invitations nobody has used, of rounds whose last day has not passed everywhere on Earth."""
    still = Invitation.objects.standing().filter(used=False, round__state=RoundState.OPEN, user__is_active=True)
    return still.filter(due_from__lte=now.date(), round__closes_on__gte=(now - timedelta(hours=12)).date())


def latest(days: Sequence[int], since: date, today: date) -> int | None:
    """The newest of ``days`` after ``since`` that is reached; None before the first."""
    return max((step for step in days if since + timedelta(days=step) <= today), default=None)


def holds(notices: Sequence[Notice]) -> set[int]:
    """Notices whose person is still asked by an open round and has not answered."""
    rounds = {_round_id(notice) for notice in notices}
    waiting = set(
        Invitation.objects.standing()
        .filter(round__in=rounds, used=False, round__state=RoundState.OPEN)
        .filter(user__in={notice.recipient_id for notice in notices})
        .values_list("round_id", "user_id")
    )
    return {notice.pk for notice in notices if (_round_id(notice), notice.recipient_id) in waiting}


def _round_id(notice: Notice) -> int:
    return int(notice.subject.partition(":")[2])


def render(notices: Sequence[Notice]) -> dict[int, Section]:
    """The same words for everybody a round asks, whatever the visit."""
    related = ("season", "version__questionnaire")
    rounds = Round.objects.select_related(*related).in_bulk({_round_id(notice) for notice in notices})
    return {notice.pk: _section(rounds[_round_id(notice)], notice.step) for notice in notices}


def _section(survey_round: Round, step: int) -> Section:
    last = step >= max(survey_round.season.policy("survey_open"), default=0)
    lead, why = _lead(survey_round)
    return Section(
        subject_line=_subject(survey_round),
        lead=lead,
        paragraphs=[_promise(survey_round)],
        buttons=[Button(label=_("Answer the survey"), purpose=ANSWER, primary=True, days=LINK_DAYS)],
        why=why + " " + (_("It is the last time we ask.") if last else _("We ask again only if no answer has come.")),
    )


def _subject(survey_round: Round) -> str:
    questionnaire = survey_round.version.questionnaire
    if questionnaire.slug == HOSTING and survey_round.anonymous:
        return _("Was hosting worthwhile? Three minutes, and nobody sees that it was you")
    if survey_round.anonymous:
        return _("%(title)s: a few minutes, and nobody sees that it was you") % {"title": _(questionnaire.name)}
    return _("%(title)s: a few minutes, under your name") % {"title": _(questionnaire.name)}


def _lead(survey_round: Round) -> tuple[str, str]:
    """The first sentence, and why this person gets it."""
    return {
        Audience.VISIT_HOSTS: (
            _("You had somebody beside you on the floor. How was it?"),
            _("You get this because you hosted a visit."),
        ),
        Audience.VISIT_EXECUTIVES: (
            _("You spent a day on the floor. What did it show?"),
            _("You get this because you visited the floor."),
        ),
        Audience.FRONT_LINE: (
            _("You hear the customers. What should those who decide know?"),
            _("You get this because the whole front line of your site is asked."),
        ),
        Audience.EXECUTIVES: (
            _("Every executive is asked the same questions. What do you see?"),
            _("You get this because all executives are asked."),
        ),
    }[Audience(survey_round.audience)]


def _promise(survey_round: Round) -> str:
    if survey_round.anonymous:
        return _("Your name is not kept with your answers. Results appear only for several people together.")
    return _("This survey is not anonymous: the program’s coordinators and admins read who said what.")


def _answer_page(request: HttpRequest, link: Link) -> HttpResponse:
    from surveys.views.answer import answer_link

    return answer_link(request, link)


def foretell(season: Season, site: Site, today: date) -> Iterator[Coming]:
    """A visit is held today, and neither its host nor its executive answers."""
    asked = {HOSTING: _("Host, until answered"), VISIT: _("Executive, until answered")}
    days = season.policy("survey_open")
    last = today + timedelta(days=max(days, default=0) + 14)
    for who in [words for slug, words in asked.items() if slug in season.questionnaires]:
        for day, _step in sent_on(site, today, last, lambda day: latest(days, today, day)):
            yield Coming(day, _("Survey open"), who)


FORESIGHT = Foresight(gettext_lazy("A host was visited"), foretell)


def register_all() -> None:
    """Called once when the app is ready."""
    for name, anonymous in ((OPEN, True), (OPEN_NAMED, False)):
        label = gettext_lazy("survey open") if anonymous else gettext_lazy("survey with names open")
        kind = Kind(
            name=name,
            label=label,  # type: ignore[arg-type]
            render=render,
            holds=holds,
            due=partial(due, anonymous=anonymous),
            alone=True,
            anonymous=anonymous,
        )
        register.add(kind)
    register_purpose(Purpose(name=ANSWER, view=_answer_page, route="surveys:answer"))
