"""The survey that waits for the person's own answer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from floorprogram.home.parts import Moment, Task, link
from surveys.models import Invitation, RoundState


def survey_tasks(moment: Moment) -> list[Task]:
    """Unused invitations of open rounds. Says nothing about answers, given or not. One query."""
    mine = Invitation.objects.filter(
        user=moment.user, used=False, round__state=RoundState.OPEN, due_from__lte=moment.today
    )
    return [
        Task(
            icon="message-square",
            tone="host",
            title=_("Was hosting worthwhile?"),
            detail=_("Three minutes. Nobody can see that it was you."),
            button=_("Answer the survey"),
            url=link("surveys:answer_own", invitation.round_id),
            expires=invitation.round.closes_on,
            host=True,
        )
        for invitation in mine.select_related("round").order_by("round__closes_on", "pk")
    ]
