"""Asking for answers: only those who have not answered, and listed nowhere (the kind is anonymous)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.kinds import Button, Due, Kind, Section, register
from notifications.links import Purpose, register_purpose
from notifications.models import Link, Notice
from people.models import Site
from shadowing.models import Season
from shadowing.seasons.foreseeing import Coming, Foresight, sent_on
from surveys.models import Invitation, RoundState
from surveys.rounds import invite_visitors, open_due_rounds

OPEN = "surveys.open"
ANSWER = "surveys.answer"


def due(now: datetime) -> Iterable[Due]:
    """Unused invitations of open rounds: when the visit is held and 2 and 5 days later, the latest step only.

    Opens rounds and invites the hosts of newly held visits first, so that nothing waits for an event that was missed."""
    open_due_rounds(now=now)
    invite_visitors()
    waiting = Invitation.objects.filter(used=False, round__state=RoundState.OPEN, due_from__lte=now.date())
    rows = waiting.values_list("user_id", "round_id", "due_from", "cell__site_id", "round__season__reminders")
    for user, survey_round, day, site, policy in rows.iterator():
        step = latest(policy.get("survey_open", [0, 2, 5]), day, now.date())
        if step is not None:
            yield Due(user, f"round:{survey_round}", day, step, site_id=site)


def latest(days: Sequence[int], held: date, today: date) -> int | None:
    """The newest of ``days`` after the visit that is reached; None before the first."""
    return max((step for step in days if held + timedelta(days=step) <= today), default=None)


def holds(notices: Sequence[Notice]) -> set[int]:
    """Notices whose person has not answered an open round."""
    rounds = {int(notice.subject.partition(":")[2]) for notice in notices}
    waiting = set(
        Invitation.objects.filter(round__in=rounds, used=False, round__state=RoundState.OPEN)
        .filter(user__in={notice.recipient_id for notice in notices})
        .values_list("round_id", "user_id")
    )
    return {notice.pk for notice in notices if (int(notice.subject.partition(":")[2]), notice.recipient_id) in waiting}


def render(notices: Sequence[Notice]) -> dict[int, Section]:
    """The same words for everybody, whatever the visit."""
    return {notice.pk: _section(notice.step) for notice in notices}


def _section(step: int) -> Section:
    return Section(
        subject_line=_("Was hosting worthwhile? Three minutes, and nobody sees that it was you"),
        lead=_("You had somebody beside you on the floor. How was it?"),
        paragraphs=[
            _("Your name is not kept with your answers. Results appear only for several people together."),
        ],
        buttons=[Button(label=_("Answer the survey"), purpose=ANSWER, primary=True, days=30)],
        why=_("You get this because you hosted a visit.")
        + " "
        + (_("It is the last time we ask.") if step >= 5 else _("We ask again only if no answer has come.")),
    )


def _answer_page(request: HttpRequest, link: Link) -> HttpResponse:
    from surveys.views.answer import answer_link

    return answer_link(request, link)


def foretell(season: Season, site: Site, today: date) -> Iterator[Coming]:
    """A visit is held today, and its host does not answer."""
    days = season.policy("survey_open") if season.questionnaires else []
    last = today + timedelta(days=max(days, default=0) + 14)
    for day, _step in sent_on(site, today, last, lambda day: latest(days, today, day)):
        yield Coming(day, _("Survey open"), _("Host, until answered"))


FORESIGHT = Foresight(gettext_lazy("A host was visited"), foretell)


def register_all() -> None:
    """Called once when the app is ready."""
    register.add(
        Kind(
            name=OPEN,
            label=gettext_lazy("survey open"),  # type: ignore[arg-type]
            render=render,
            holds=holds,
            due=due,
            alone=True,
            anonymous=True,
        )
    )
    register_purpose(Purpose(name=ANSWER, view=_answer_page, route="surveys:answer"))
