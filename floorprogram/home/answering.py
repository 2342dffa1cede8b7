"""The survey that waits for the person's own answer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from floorprogram.home.parts import Moment, Task, link
from surveys.models import Audience, Invitation, Round, RoundState
from surveys.questionnaires.builtin import HOSTING


def survey_tasks(moment: Moment) -> list[Task]:
    """Unused invitations of open rounds that still stand. Says nothing about answers, given or not. One query."""
    mine = Invitation.objects.standing().filter(
        user=moment.user, used=False, round__state=RoundState.OPEN, due_from__lte=moment.today
    )
    related = ("round__version__questionnaire",)
    rows = mine.select_related(*related).order_by("round__closes_on", "pk")
    return [_task(invitation.round) for invitation in rows]


def _task(survey_round: Round) -> Task:
    title, hosting = survey_round.version.questionnaire.name, survey_round.version.questionnaire.slug == HOSTING
    unseen = _("A few minutes. Nobody can see that it was you.")
    return Task(
        icon="message-square",
        tone="host",
        title=_("Was hosting worthwhile?") if hosting else _(title),
        detail=unseen if survey_round.anonymous else _("A few minutes. Your name stands with your answers."),
        button=_("Answer the survey"),
        url=link("surveys:answer_own", survey_round.pk),
        expires=survey_round.closes_on,
        host=survey_round.audience in (Audience.VISIT_HOSTS, Audience.FRONT_LINE),
    )
