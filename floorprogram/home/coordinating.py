"""What waits for a coordinator: declined days, today's regroups, silence, and the season's next step."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from floorprogram.home import floor, hands, seasons
from floorprogram.home.figures import season_figures
from floorprogram.home.parts import SIDE, Entry, Home, Moment, Side, Task, link
from floorprogram.home.queries import (
    Cut,
    around,
    by_first_clock,
    coordinated,
    counted,
    cut,
    silent,
    unanswered,
    unanswered_side,
    unchecked,
    unreplaced,
)
from floorprogram.home.words import those
from floorprogram.templatetags.look import capped, day_words
from issues.models import WORKED_ON, Issue
from issues.queries import take_aways_owed
from shadowing.models import Visit

WEEK = timedelta(days=7)
SHOWN = ("title", "state", "word_due", "target_date", "next_update_due", "hold_until")  # of an overdue issue


def fill(home: Home, moment: Moment) -> None:
    """Tasks, figures and lists of the sites this person coordinates."""
    running = home.running(moment.today)
    if running:
        home.figures = season_figures(running, moment)
    home.tasks += seasons.tasks(home, moment)
    waits = waiting(moment)
    declined(home, moment, waits["declined"])
    if waits["floor"].keys:
        floor.fill(home, moment)
    unheld(home, moment, waits["unheld"])
    owed(home, moment, waits["owed"])
    hands.settle(home, moment, waits["handed_back"], waits["to_withdraw"])
    overdue(home, moment)
    invitations(home, moment, waits["invited"])
    home.nothing = floor.next_day(home, moment) if not home.tasks else ""


def waiting(moment: Moment) -> dict[str, Cut]:
    """What may wait at the sites of this person, each kind by its first rows."""
    today, user = moment.today, moment.user
    invited = coordinated(unanswered(today), user).for_list().order_by("answer_by", "pk")
    return cut(
        declined=(coordinated(unreplaced(today), user).for_list(), 3),
        unheld=(coordinated(unchecked(today), user).for_list(), 3),
        owed=(coordinated(take_aways_owed(), user).for_list(), SIDE),
        invited=(invited, SIDE),
        handed_back=(by_first_clock(coordinated(Issue.objects.handed_back(), user)), 1),
        to_withdraw=(by_first_clock(coordinated(Issue.objects.withdrawal_asked(), user)), 1),
        floor=(coordinated(around(today), user), 1),
    )


def declined(home: Home, moment: Moment, found: Cut) -> None:
    """Declined visits ahead that nobody has replaced: one task, by the first of them."""
    visits, counts = found.top()
    if not visits:
        return
    first = visits[0]
    values = {"who": first.executive, "host": first.host, "site": first.site, "day": _day(first, moment)}
    values["count"] = counts["total"]
    one = _("%(who)s declined %(day)s in %(site)s") % values
    home.tasks.append(
        Task(
            icon="circle-x",
            tone="stop",
            title=one if counts["total"] == 1 else _("%(count)d declined visits have no replacement") % values,
            detail=_("%(host)s keeps the day free.") % values
            if counts["total"] == 1
            else _("First: %(one)s") % {"one": one},
            button=_("Choose a replacement"),
            url=link("shadowing:replace", first.uuid),
            expires=moment.today,
        )
    )


def unheld(home: Home, moment: Moment, found: Cut) -> None:
    """Confirmed visits of past days: held, or a no-show?"""
    visits, counts = found.top()
    if not visits:
        return
    first = visits[0]
    words = ngettext(
        "%(count)d visit has passed without a check-in",
        "%(count)d visits have passed without a check-in",
        counts["total"],
    )
    home.tasks.append(
        Task(
            icon="user-check",
            tone="warn",
            title=words % {"count": counts["total"]},
            detail=_("%(names)s. Was the visit held?")
            % {"names": those([str(v) for v in _pairs(visits)], counts["total"])},
            button=_("Say what became of them"),
            url=link("shadowing:visit_day", first.site.slug, first.date.isoformat()),
            expires=moment.today,
        )
    )


def owed(home: Home, moment: Moment, found: Cut) -> None:
    """Held visits without a take-away: the list, and a task once one is a week old."""
    week_ago = moment.today - WEEK
    visits, counts = found.top(old=Q(date__lte=week_ago))
    url = link("issues:owed")
    entries = [_owed_entry(visit, moment) for visit in visits]
    home.sides.append(Side(_("Owed take-aways"), entries, counts["total"], url, _("Every held visit has its issue.")))
    if not counts["old"]:
        return
    words = ngettext(
        "%(count)d take-away is owed for a week or longer",
        "%(count)d take-aways are owed for a week or longer",
        counts["old"],
    )
    home.tasks.append(
        Task(
            icon="flag",
            tone="stop",
            title=words % {"count": counts["old"]},
            detail=_("Longest: %(who)s. The program reminds them; from the second time you have it too.")
            % {"who": visits[0].executive},
            button=_("See who"),
            url=url,
            expires=moment.today + timedelta(days=1),
        )
    )


def overdue(home: Home, moment: Moment) -> None:
    """Overdue issues: the list, and a task when hosts are left without a word."""
    mine = coordinated(Issue.objects.all(), moment.user)
    late, quiet = mine.overdue(moment.today), mine.filter(silent(moment.today))
    found = list(late.only(*SHOWN).order_by("first_due", "number")[:SIDE])
    counts = counted(total=late, silent=quiet) if found else {"total": 0, "silent": 0}
    url = link("issues:index", overdue="yes")
    entries = [issue_entry(issue, moment) for issue in found]
    home.sides.append(Side(_("Overdue"), entries, counts["total"], url, _("No issue is overdue.")))
    if not counts["silent"]:
        return
    words = ngettext(
        "%(count)s host has waited too long for a word",
        "%(count)s hosts have waited too long for a word",
        counts["silent"],
    )
    home.tasks.append(
        Task(
            icon="message-square",
            tone="host",
            title=words % {"count": capped(counts["silent"])},
            detail=_("Their owners are reminded; the third time it goes to the line managers too."),
            button=_("See issues"),
            url=link("issues:index", overdue="yes", sort="word"),
            expires=moment.today + timedelta(days=2),
        )
    )


def invitations(home: Home, moment: Moment, found: Cut) -> None:
    """Invitations past their answer-by date."""
    visits, counts = found.top()
    url = link("shadowing:visits", state="invited")
    entries = [_invitation_entry(visit, moment) for visit in visits]
    nothing = _("Everybody answered in time.")
    home.sides.append(Side(_("Unanswered invitations"), entries, counts["total"], url, nothing))
    if not visits:
        return
    words = ngettext(
        "%(count)d invitation is past its answer-by date",
        "%(count)d invitations are past their answer-by date",
        counts["total"],
    )
    home.tasks.append(
        Task(
            icon="mail",
            tone="wait",
            title=words % {"count": counts["total"]},
            detail=_("First: %(who)s for %(day)s.")
            % {"who": unanswered_side(visits[0])[0], "day": _day(visits[0], moment)},
            button=_("Choose a replacement") if counts["total"] == 1 else _("Go through them"),
            url=link("shadowing:replace", visits[0].uuid) if counts["total"] == 1 else url,
            expires=min(visit.date for visit in visits),
        )
    )


def _day(visit: Visit, moment: Moment) -> str:
    return day_words(visit.date, long=True, this_year=moment.today.year)


def _pairs(visits: list[Visit]) -> list[str]:
    return [_("%(executive)s with %(host)s") % {"executive": visit.executive, "host": visit.host} for visit in visits]


def _owed_entry(visit: Visit, moment: Moment) -> Entry:
    days = (moment.today - visit.date).days
    return Entry(
        who=str(visit.executive),
        kind="executive",
        text=f"{visit.site}, {day_words(visit.date, this_year=moment.today.year)}",
        tail=ngettext("%(days)d day", "%(days)d days", days) % {"days": days},
        tone="stop" if days >= WEEK.days else "warn" if days > 2 else "plain",
        url=link("shadowing:visit", visit.uuid),
    )


def _invitation_entry(visit: Visit, moment: Moment) -> Entry:
    who, kind = unanswered_side(visit)
    answer_by = visit.answer_by or visit.date
    return Entry(
        who=who,
        kind=kind,
        text="",
        tail=_("answer by %(day)s") % {"day": day_words(answer_by, this_year=moment.today.year)},
        tone="stop",
        url=link("shadowing:visit", visit.uuid),
    )


def issue_entry(issue: Issue, moment: Moment) -> Entry:
    """An issue with the clock that ran out first, in few words."""
    name, days = late_clock(issue, moment)
    url = link("issues:issue", issue.number)
    tail = _("%(name)s %(days)d d over") % {"name": name, "days": days}
    return Entry(lead=str(issue.number), text=issue.title, tail=tail, tone="stop", url=url)


def late_clock(issue: Issue, moment: Moment) -> tuple[str, int]:
    """The running clock that ends first, and how many days it is over (0 or less: not yet)."""
    clocks = [(issue.word_due, _("Word"))]
    if issue.state in WORKED_ON:
        clocks += [(issue.target_date, _("Target")), (issue.next_update_due, _("Update"))]
    if issue.hold_until:
        clocks += [(issue.hold_until, _("On hold"))]
    due, name = min(clocks)
    return name, (moment.today - due).days


def late_words(issue: Issue, moment: Moment) -> tuple[str, str]:
    """Such as "Target, 6 days over" or the date while there is time, and its colour."""
    name, days = late_clock(issue, moment)
    if days <= 0:
        return day_words(moment.today - timedelta(days=days), this_year=moment.today.year), "plain"
    words = ngettext("%(name)s, %(days)d day over", "%(name)s, %(days)d days over", days)
    return words % {"name": name, "days": days}, "stop"
