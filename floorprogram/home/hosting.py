"""What waits for a host. The host is asked, never told: willing this season, the invitation, does it help."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from floorprogram.home.parts import Entry, Home, Moment, Side, Task, link
from floorprogram.home.queries import with_names
from floorprogram.templatetags.look import day_words
from issues.models import OPEN, Issue, IssueState
from shadowing.models import LIVE, Answer, SeasonHost, SeasonState, Visit, VisitState, Willing

MOST = 50
LATELY = timedelta(days=90)


def fill(home: Home, moment: Moment) -> None:
    """Tasks and lists from what was asked of and promised to this host. Five queries."""
    visits, issues = own_visits(moment), own_issues(moment)
    home.tasks += [_willing(asked, moment) for asked in asked_seasons(moment)]
    for visit in visits:
        home.tasks += visit_tasks(visit, moment)
    home.tasks += [_helps(issue, moment) for issue in issues if issue.state == IssueState.DELIVERED]
    entries = [_promise_entry(issue, moment) for issue in issues]
    nothing = _("Nothing was promised to you yet. An executive takes an issue away at the end of a visit.")
    home.main.append(Side(_("Promised to you"), entries, len(entries), link("issues:promises"), nothing))
    ahead = [_visit_entry(visit, moment) for visit in visits if visit.date >= moment.today]
    home.sides.append(Side(_("Days with a visitor"), ahead, len(ahead), "", _("Nobody comes to visit at the moment.")))


def own_visits(moment: Moment) -> list[Visit]:
    """Visits this host was invited to, from yesterday on (it may still be yesterday elsewhere)."""
    rows = Visit.objects.published().filter(host=moment.user.pk, state__in=LIVE)
    return with_names(rows.filter(date__gte=moment.today - timedelta(days=1)), MOST)


def own_issues(moment: Moment) -> list[Issue]:
    """Issues promised to this host: open ones, and those confirmed lately."""
    lately = Q(state=IssueState.CONFIRMED, confirmed_at__gte=moment.now - LATELY)
    mine = Issue.objects.filter(Q(state__in=OPEN) | lately, promised_to=moment.user.pk)
    return list(mine.select_related("owner__user").order_by("first_due", "number")[:MOST])


def asked_seasons(moment: Moment) -> list[SeasonHost]:
    """Seasons that collect answers and have none of this host yet."""
    rows = SeasonHost.objects.filter(host=moment.user.pk, willing=Willing.NOT_ASKED, season__ends_on__gte=moment.today)
    open_states = (SeasonState.COLLECTING, SeasonState.PLANNED)
    return list(rows.filter(season__state__in=open_states).select_related("season").order_by("season__starts_on", "pk"))


def visit_tasks(visit: Visit, moment: Moment) -> Iterator[Task]:
    """The invitation, or today, or the briefing."""
    here = timezone.localdate(moment.now, visit.site.zone)
    if visit.date == here and visit.state in (VisitState.CONFIRMED, VisitState.HELD):
        yield _today(visit, moment)
    elif visit.state == VisitState.INVITED and visit.host_answer == Answer.NONE and visit.date >= here:
        yield _invited(visit, moment)
    elif visit.state == VisitState.CONFIRMED and visit.host_briefed_at is None and visit.date > here:
        yield _briefing(visit, moment)


def _willing(asked: SeasonHost, moment: Moment) -> Task:
    season = asked.season
    values = {
        "season": season.name,
        "starts": day_words(season.starts_on, this_year=moment.today.year),
        "ends": day_words(season.ends_on, this_year=moment.today.year),
    }
    return Task(
        icon="heart",
        tone="host",
        title=_("Would you have a visitor in %(season)s?") % values,
        detail=_("One day between %(starts)s and %(ends)s. You need no reason for a no, and nobody is told why.")
        % values,
        button=_("Answer"),
        url=link("shadowing:availability"),
        expires=season.starts_on,
        host=True,
    )


def _values(visit: Visit, moment: Moment) -> dict[str, str]:
    return {
        "day": day_words(visit.date, long=True, this_year=moment.today.year),
        "executive": str(visit.executive),
        "level": visit.executive.level or _("An executive"),
    }


def _invited(visit: Visit, moment: Moment) -> Task:
    values = _values(visit, moment)
    return Task(
        icon="mail",
        tone="host",
        title=_("May %(executive)s sit beside you on %(day)s?") % values,
        detail=_("%(level)s. You need no reason for a no, and nobody is told why.") % values,
        button=_("Answer"),
        url=link("shadowing:visit", visit.uuid),
        expires=visit.answer_by or visit.date,
        host=True,
    )


def _briefing(visit: Visit, moment: Moment) -> Task:
    values = _values(visit, moment)
    return Task(
        icon="file-text",
        tone="host",
        title=_("%(executive)s comes on %(day)s") % values,
        detail=_("What the day is and is not, on one page. Nobody comes to catch a mistake."),
        button=_("Read the briefing"),
        url=link("shadowing:visit", visit.uuid),
        expires=visit.date,
        host=True,
    )


def _today(visit: Visit, moment: Moment) -> Task:
    values = _values(visit, moment)
    return Task(
        icon="pencil",
        tone="host",
        title=_("%(executive)s is beside you today") % values,
        detail=_("What gets in the way? Write it down while it happens."),
        button=_("Open the floor page"),
        url=link("shadowing:floor", visit.uuid) or link("shadowing:visit", visit.uuid),
        expires=moment.today,
        host=True,
    )


def _helps(issue: Issue, moment: Moment) -> Task:
    return Task(
        icon="message-square-check",
        tone="host",
        title=_("Does it help on your floor? %(title)s") % {"title": issue.title},
        detail=_("%(owner)s says it is delivered. Only your answer closes it, and both answers are fine.")
        % {"owner": issue.owner},
        button=_("Give your word"),
        url=link("issues:issue", issue.number),
        expires=timezone.localdate(issue.delivered_at) if issue.delivered_at else moment.today,
        host=True,
    )


def _promise_entry(issue: Issue, moment: Moment) -> Entry:
    state = "reopened" if issue.reopened and issue.state == IssueState.IN_PROGRESS else issue.state
    return Entry(
        lead=str(issue.number),
        text=issue.title,
        who=str(issue.owner),
        kind="executive",
        status=("issue", state),
        url=link("issues:issue", issue.number),
    )


def _visit_entry(visit: Visit, moment: Moment) -> Entry:
    return Entry(
        who=str(visit.executive),
        kind="executive",
        text=f"{visit.site}, {day_words(visit.date, this_year=moment.today.year)}",
        status=("visit", visit.state),
        url=link("shadowing:visit", visit.uuid),
    )
