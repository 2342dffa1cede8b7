"""What waits for an executive, or the assistant who acts for one: an answer, a briefing, today, a take-away, issues."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from floorprogram.home import hands
from floorprogram.home.coordinating import late_words
from floorprogram.home.parts import Entry, Home, Moment, Side, Task, link
from floorprogram.home.queries import by_first_clock, executives_of, with_names
from floorprogram.templatetags.look import day_words
from issues.models import WORKED_ON, Issue
from issues.queries import take_aways_owed
from shadowing.models import LIVE, Answer, SeasonExecutive, SeasonState, Visit, VisitState
from shadowing.visits.notes import may_write

MOST = 50  # visits and issues of one person; nobody has more at a time
BRIEFING = timedelta(days=7)
SOON = timedelta(days=7)


def fill(home: Home, moment: Moment) -> None:
    """Tasks and lists from this person's own seasons, visits and issues. Eight queries."""
    executives = executives_of(moment.user)
    visits, issues = own_visits(moment, executives), own_issues(executives)
    home.tasks += [_days(asked, moment) for asked in asked_seasons(moment, executives)]
    for visit in visits:
        home.tasks += visit_tasks(visit, moment)
    hands.asked(home, moment)
    for issue in issues:
        home.tasks += issue_tasks(issue, moment)
    ahead = [_visit_entry(visit, moment) for visit in visits if visit.date >= moment.today]
    nothing = _("No visit is ahead.")
    home.sides.append(Side(_("Visits ahead"), ahead, len(ahead), link("shadowing:visits"), nothing))
    entries = [_issue_entry(issue, moment) for issue in issues]
    home.main.append(Side(_("Issues you own"), entries, len(entries), link("issues:mine"), _("You own no open issue.")))


def own_visits(moment: Moment, executives: list[int]) -> list[Visit]:
    """Visits that are ahead or today, and held ones that still owe a take-away (``owes``)."""
    mine = Visit.objects.published().filter(executive__in=executives)
    owed = set(take_aways_owed(mine).values_list("pk", flat=True)[:MOST])
    yesterday = moment.today - timedelta(days=1)
    visits = with_names(mine.filter(Q(pk__in=owed) | Q(state__in=LIVE, date__gte=yesterday)), MOST)
    for visit in visits:
        visit.owes = visit.pk in owed  # type: ignore[attr-defined]
    return visits


def own_issues(executives: list[int]) -> list[Issue]:
    """Open issues of this person, or of the executives they act for, the first clock first."""
    return list(by_first_clock(Issue.objects.filter(owner__in=executives).open())[:MOST])


def asked_seasons(moment: Moment, executives: list[int]) -> list[SeasonExecutive]:
    """Seasons that collect days and have none of this person (or their executive) yet."""
    rows = SeasonExecutive.objects.filter(executive__in=executives, answered_at=None, season__ends_on__gte=moment.today)
    collecting = rows.filter(season__state=SeasonState.COLLECTING).select_related("season", "executive__user")
    return list(collecting.order_by("season__starts_on", "pk")[:MOST])


def visit_tasks(visit: Visit, moment: Moment) -> Iterator[Task]:
    """The one thing a visit asks for now, if anything."""
    here = timezone.localdate(moment.now, visit.site.zone)
    if visit.owes and visit.date < here:  # type: ignore[attr-defined]
        yield _take_away(visit, moment, here)
    elif visit.date == here and visit.state in (VisitState.CONFIRMED, VisitState.HELD):
        yield _on_the_floor(visit, moment)
    elif visit.state == VisitState.INVITED and visit.executive_answer == Answer.NONE and visit.date >= here:
        yield _answer(visit, moment)
    elif _to_brief(visit, here):
        yield _briefing(visit, moment)


def _to_brief(visit: Visit, here: date) -> bool:
    ahead = here < visit.date <= here + BRIEFING
    return ahead and visit.state == VisitState.CONFIRMED and visit.executive_briefed_at is None


def _values(visit: Visit, moment: Moment) -> dict[str, str]:
    """What sentences about a visit name; ``whose`` is said where an assistant reads."""
    mine = visit.executive_id == moment.user.pk
    return {
        "day": day_words(visit.date, long=True, this_year=moment.today.year),
        "site": visit.site.name,
        "host": str(visit.host),
        "team": visit.host.team.name,
        "whose": "" if mine else _("For %(name)s: ") % {"name": visit.executive},
    }


def _days(asked: SeasonExecutive, moment: Moment) -> Task:
    mine = asked.executive_id == moment.user.pk
    values = {
        "season": asked.season.name,
        "starts": day_words(asked.season.starts_on, this_year=moment.today.year),
        "ends": day_words(asked.season.ends_on, this_year=moment.today.year),
        "whose": "" if mine else _("For %(name)s: ") % {"name": asked.executive},
    }
    return Task(
        icon="calendar",
        tone="wait",
        title=_("%(whose)sWhich days cannot be in %(season)s?") % values,
        detail=_("%(starts)s to %(ends)s. Click the days, or give a calendar file.") % values,
        button=_("Name the days"),
        url=link("shadowing:person_availability", asked.executive_id),
        expires=asked.season.starts_on,
    )


def _answer(visit: Visit, moment: Moment) -> Task:
    values = _values(visit, moment)
    by = day_words(visit.answer_by, this_year=moment.today.year) if visit.answer_by else values["day"]
    return Task(
        icon="mail",
        tone="wait",
        title=_("%(whose)s%(day)s in %(site)s, beside %(host)s?") % values,
        detail=_("%(team)s. Answer by %(by)s; other days can be named.") % {**values, "by": by},
        button=_("Answer the invitation"),
        url=link("shadowing:visit", visit.uuid),
        expires=visit.answer_by or visit.date,
    )


def _briefing(visit: Visit, moment: Moment) -> Task:
    values = _values(visit, moment)
    return Task(
        icon="file-text",
        tone="brand",
        title=_("%(whose)s%(day)s in %(site)s: the briefing is unread") % values,
        detail=_("One page: why, who %(host)s is, and what was promised there before.") % values,
        button=_("Read the briefing"),
        url=link("shadowing:visit", visit.uuid),
        expires=visit.date,
    )


def _on_the_floor(visit: Visit, moment: Moment) -> Task:
    """The floor page is for who is there; who acts for the executive has the visit's page."""
    values, there = _values(visit, moment), may_write(moment.user, visit)
    notes = _("%(team)s. Write down what you see and hear, a line at a time.")
    return Task(
        icon="pencil" if there else "calendar",
        tone="brand",
        title=_("%(whose)sToday in %(site)s, beside %(host)s") % values,
        detail=(notes if there else _("%(team)s. Time, place and agenda are on the visit's page.")) % values,
        button=_("Open the floor page") if there else _("See the visit"),
        url=link("shadowing:floor" if there else "shadowing:visit", visit.uuid),
        expires=moment.today,
    )


def _take_away(visit: Visit, moment: Moment, here: date) -> Task:
    values = _values(visit, moment)
    days = (here - visit.date).days
    late = ngettext("Owed for %(days)d day.", "Owed for %(days)d days.", days) % {"days": days}
    return Task(
        icon="flag",
        tone="stop" if days > 2 else "warn",
        title=_("%(whose)sWhat do you take away from %(host)s's day?") % values,
        detail=_("%(day)s in %(site)s.") % values + " " + late,
        button=_("Take an issue away"),
        url=link("issues:take_away", visit.uuid) or link("shadowing:visit", visit.uuid),
        expires=visit.date,
    )


def issue_tasks(issue: Issue, moment: Moment) -> Iterator[Task]:
    """An issue whose update, word or target is due within the day, or over."""
    word, tone = late_words(issue, moment)
    first = issue.first_due
    if first > moment.today:
        return
    waits = _("%(host)s waits for an update on issue %(number)d")
    values = {"host": issue.promised_to, "number": issue.number, "title": issue.title, "late": word}
    today = _("due today") if first == moment.today else word
    if issue.owner_id != moment.user.pk:
        waits = _("For %(owner)s: %(host)s waits for an update on issue %(number)d")
        values["owner"] = issue.owner
    yield Task(
        icon="clock",
        tone=tone if tone == "stop" else "warn",
        title=waits % values,
        detail=_("%(title)s. %(late)s.") % {**values, "late": today},
        button=_("Say what has moved") if issue.state in WORKED_ON else _("Look at it"),
        url=link("issues:issue", issue.number),
        expires=first,
    )


def _visit_entry(visit: Visit, moment: Moment) -> Entry:
    return Entry(
        who=str(visit.host),
        kind="host",
        text=f"{visit.site}, {day_words(visit.date, this_year=moment.today.year)}",
        status=("visit", visit.state),
        url=link("shadowing:visit", visit.uuid),
    )


def _issue_entry(issue: Issue, moment: Moment) -> Entry:
    word, tone = late_words(issue, moment)
    url = link("issues:issue", issue.number)
    return Entry(
        lead=str(issue.number), text=issue.title, who=str(issue.promised_to), kind="host", tail=word, tone=tone, url=url
    )
