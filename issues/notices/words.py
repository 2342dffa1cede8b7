"""How each notice reads: who waits and how long, the promise, what can be done at once, three facts, why it came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues.clocks import site_day
from issues.markdown import plain
from issues.models import EventKind, Issue, IssueUpdate
from issues.notices import why
from issues.notices.holds import issues_of, key, visits_of
from issues.notices.promised import caption, caption_to_host, day_words, for_owner
from notifications.kinds import Button, Section
from notifications.models import Notice
from shadowing.models import Visit

UPDATE, CONFIRM, READ = "issues.update", "issues.confirm", "issues.read"  # purposes of links
LINK_DAYS = 14
Write = Callable[[Issue, Notice, date], Section]


class Said(NamedTuple):
    """Somebody's words, and whose they are: of whom it was written for."""

    text: str = ""
    writer: str = ""


NOTHING = Said()


def days_words(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def over_words(day: date, today: date) -> str:
    """ "4 November, 6 days over", "4 November, today" or just the date."""
    words, late = day_words(day, today), (today - day).days
    if late < 0:
        return words
    over = ngettext("%(days)d day over", "%(days)d days over", late) % {"days": late} if late else _("today")
    return f"{words}, {over}"


def four_buttons(issue: Issue) -> list[Button]:
    """Each opens the short form with the answer filled in; nothing is sent before Post."""
    host = {"host": issue.promised_to.user.first_name}
    labels = {
        "moved": _("It moved. Say what happened"),
        "delivered": _("It is delivered. Ask %(host)s whether it helps") % host,
        "stuck": _("It is stuck. Name what would help"),
        "date": _("It needs another date. Give it and why"),
    }
    return [Button(label, UPDATE, data=data, primary=data == "moved", days=LINK_DAYS) for data, label in labels.items()]


def open_button(issue: Issue, *, primary: bool = False) -> Button:
    return Button(_("Open issue %(number)s") % {"number": issue.pk}, path=issue.get_absolute_url(), primary=primary)


def reading_button(issue: Issue, notice: Notice) -> Button:
    """For those above: the page, or for a line manager, who is no part of the issue, a link to read it by."""
    button = open_button(issue, primary=True)
    above = (notice.on_behalf_of_id or notice.recipient_id) == issue.owner.line_manager_id
    return replace(button, purpose=READ, days=LINK_DAYS) if above else button


def owner_facts(issue: Issue, today: date) -> list[tuple[str, str] | tuple[str, str, bool]]:
    last = day_words(issue.last_update_on, today) if issue.last_update_on else _("none yet")
    return [
        (_("Target date"), over_words(issue.target_date, today), issue.target_date < today),
        (_("Last update"), last),
        (_("Site"), issue.site.name),
    ]


def names(issue: Issue) -> dict[str, object]:
    host, owner = issue.promised_to.user, issue.owner.user
    return {"number": issue.pk, "host": host.name, "first": host.first_name, "owner": owner.name, "title": issue.title}


def snooze_link(issue: Issue) -> list[Button]:
    """Once per target date the owner may put the reminders off."""
    if issue.snoozed_target == issue.target_date:
        return []
    path = reverse("issues:snooze", args=[issue.pk])
    return [Button(_("Not a good week? Put this issue off once, up to 14 days"), path=path)]


def about(
    issue: Issue, notice: Notice, today: date, *, subject_line: str, lead: str, line: str, because: str
) -> Section:
    """A section to the owner's side or to those above, with the promise."""
    mine = for_owner(issue, notice)
    hint = _("Each button opens a short form with the answer filled in. Nothing is sent until you press Post there.")
    return Section(
        subject_line=subject_line, lead=lead, line=line, quote_caption=caption(issue, notice, today), quote=issue.promise,
        question=_("Where does it stand? 20 seconds.") if mine else "", hint=hint if mine else "",
        buttons=four_buttons(issue) if mine else [reading_button(issue, notice)],
        links=[*snooze_link(issue), open_button(issue)] if mine else [],
        facts=owner_facts(issue, today),
        why=because if mine else " ".join(filter(None, [because, why.put_off(issue, today)])),
    )  # fmt: skip


def update_due(issue: Issue, notice: Notice, today: date) -> Section:
    waited = days_words(max((today - notice.anchor).days, 1))
    told = names(issue) | {"days": waited}
    if for_owner(issue, notice):
        lead = _("%(host)s has waited %(days)s for the next update on issue %(number)s, “%(title)s”.") % told
    else:
        lead = _("%(owner)s owes %(host)s an update on issue %(number)s, “%(title)s”, for %(days)s now.") % told
    subject = _("Issue %(number)s: %(first)s waits for an update, %(days)s") % told
    line, because = _("The next update is %(days)s late.") % told, why.update_due(issue, notice)
    return about(issue, notice, today, subject_line=subject, lead=lead, line=line, because=because)


def word_due(issue: Issue, notice: Notice, today: date) -> Section:
    silent = days_words((today - issue.last_word_on).days)
    told = names(issue) | {"days": silent}
    lead = _("%(host)s has read nothing about issue %(number)s, “%(title)s”, for %(days)s.") % told
    subject = _("Issue %(number)s: %(first)s has heard nothing for %(days)s") % told
    line, because = _("%(host)s has read nothing about it for %(days)s.") % told, why.word_due(issue, notice)
    return about(issue, notice, today, subject_line=subject, lead=lead, line=line, because=because)


def target(issue: Issue, notice: Notice, today: date) -> Section:
    late = (today - notice.anchor).days
    told = names(issue) | {"days": days_words(abs(late)), "day": day_words(notice.anchor, today)}
    if late < 0:
        lead = _("Issue %(number)s, “%(title)s”, is promised to %(host)s for %(day)s, in %(days)s.") % told
        subject = _("Issue %(number)s: promised to %(first)s in %(days)s") % told
        line = _("It is promised for %(day)s, in %(days)s.") % told
    elif late == 0:
        lead = _("Issue %(number)s, “%(title)s”, is promised to %(host)s for today.") % told
        subject = _("Issue %(number)s: promised to %(first)s for today") % told
        line = _("It is promised for today.")
    else:
        lead = _("Issue %(number)s, “%(title)s”, was promised to %(host)s for %(day)s: %(days)s over.") % told
        subject = _("Issue %(number)s: the target date passed, %(days)s over") % told
        line = _("It was promised for %(day)s: %(days)s over.") % told
    because = why.target(issue, notice, mine=for_owner(issue, notice))
    return about(issue, notice, today, subject_line=subject, lead=lead, line=line, because=because)


def to_host(
    issue: Issue, notice: Notice, today: date, *, subject_line: str, lead: str, said: str, buttons: list[Button],
    because: str,
) -> Section:  # fmt: skip
    """A section to the host: the promise in the words of who gave it, what is said now, what can be answered."""
    return Section(
        subject_line=subject_line, lead=lead, quote_caption=caption_to_host(issue, notice, today), quote=issue.promise,
        paragraphs=[said] if said else [], buttons=buttons, why=because,
    )  # fmt: skip


def confirm_asked(issue: Issue, notice: Notice, today: date, said: Said = NOTHING) -> Section:
    told = names(issue) | {"days": days_words(max((today - notice.anchor).days, 1))}
    told["writer"] = said.writer or issue.owner.user.name
    lead = _("%(writer)s says that issue %(number)s, “%(title)s”, is done. Does it help on your floor?") % told
    subject = _("Issue %(number)s is delivered: does it help?") % told
    if notice.step:
        subject = _("Issue %(number)s: your word has been missing for %(days)s") % told
    page = issue.get_absolute_url()  # after a sign-in, where the address is not the host's alone
    buttons = [
        Button(_("Yes, it helps"), CONFIRM, page, data="yes", primary=True, days=LINK_DAYS),
        Button(_("Not yet"), CONFIRM, page, data="not_yet", days=LINK_DAYS),
    ]
    because = why.confirm_asked(issue, notice)
    return _with_words(issue, notice, today, subject, lead, said, buttons, because)


def moved(issue: Issue, notice: Notice, today: date, said: Said = NOTHING) -> Section:
    told = names(issue) | {"writer": said.writer or issue.owner.user.name}
    lead = _("%(writer)s wrote about issue %(number)s, “%(title)s”.") % told
    subject = _("Issue %(number)s moved: %(title)s") % names(issue)
    button = Button(_("Read it, or write back"), path=issue.get_absolute_url(), primary=True)
    return _with_words(issue, notice, today, subject, lead, said, [button], why.moved(issue))


def _with_words(
    issue: Issue, notice: Notice, today: date, subject: str, lead: str, said: Said, buttons: list[Button], because: str
) -> Section:
    return to_host(
        issue, notice, today, subject_line=subject, lead=lead, said=said.text, buttons=buttons, because=because
    )  # fmt: skip


def not_yet(issue: Issue, notice: Notice, today: date, said: Said = NOTHING) -> Section:
    lead = _("%(host)s says: not yet. Issue %(number)s, “%(title)s”, is in progress again.") % names(issue)
    return _answer(issue, notice, today, lead, _("Issue %(number)s: %(first)s says not yet") % names(issue), said)


def host_wrote(issue: Issue, notice: Notice, today: date, said: Said = NOTHING) -> Section:
    lead = _("%(host)s wrote to you about issue %(number)s, “%(title)s”.") % names(issue)
    return _answer(issue, notice, today, lead, _("Issue %(number)s: %(first)s wrote to you") % names(issue), said)


def _answer(issue: Issue, notice: Notice, today: date, lead: str, subject: str, said: Said) -> Section:
    return Section(
        subject_line=subject, lead=lead, quote_caption=_("What %(first)s wrote") % names(issue), quote=said.text,
        buttons=[*four_buttons(issue), open_button(issue)], facts=owner_facts(issue, today), why=why.answered(issue),
    )  # fmt: skip


def render_issues(write: Write, notices: Sequence[Notice]) -> dict[int, Section]:
    """A section per notice. "Today" is the site's day on which the notice was found owed."""
    issues = issues_of(notices)
    found = ((notice, issues[key(notice)]) for notice in notices if key(notice) in issues)
    return {notice.pk: write(issue, notice, site_day(issue.site, notice.created_at)) for notice, issue in found}


def render_with_words(write: Callable[..., Section], kind: EventKind, notices: Sequence[Notice]) -> dict[int, Section]:
    """The same for notices that quote the latest words of a kind: two queries for all."""
    numbers = {int(key(notice)) for notice in notices}
    rows = IssueUpdate.objects.filter(issue__in=numbers, event__kind=kind, host_reads=True).order_by("at", "pk")
    columns = rows.values_list("issue_id", "text", "by__name", "on_behalf_of__name")
    said = {number: Said(plain(text), behalf or by) for number, text, by, behalf in columns.iterator()}

    def with_words(issue: Issue, notice: Notice, today: date) -> Section:
        return write(issue, notice, today, said.get(issue.pk, NOTHING))

    return render_issues(with_words, notices)


def take_away_owed(notices: Sequence[Notice]) -> dict[int, Section]:
    """To the executive and the assistant, from the second on to the coordinators too."""
    visits = visits_of(notices)
    return {notice.pk: _owed(visits[key(notice)], notice) for notice in notices if key(notice) in visits}


def _owed(visit: Visit, notice: Notice) -> Section:
    today = site_day(visit.site, notice.created_at)
    told = {
        "executive": visit.executive.user.name, "host": visit.host.user.name, "first": visit.host.user.first_name,
        "day": day_words(visit.date, today), "site": visit.site.name,
    }  # fmt: skip
    lead = _("You were with %(host)s in %(site)s on %(day)s. Which obstacle do you take away?") % told
    subject = _("Your visit with %(first)s: which issue do you take away?")
    if visit.executive_id not in (notice.recipient_id, notice.on_behalf_of_id):
        lead = _("%(executive)s was with %(host)s in %(site)s on %(day)s and has not taken an issue away yet.") % told
        subject = _("Take-away owed: %(executive)s")
    path = reverse("issues:take_away", args=[visit.uuid])
    because = why.take_away_owed(notice, visit.site, visit.season.policy("take_away_owed"))
    return Section(
        subject_line=subject % told, lead=lead, buttons=[Button(_("Take an issue away"), path=path, primary=True)],
        facts=[(_("Visit"), told["day"]), (_("Team"), visit.host.team.name)], why=because,
    )  # fmt: skip


RENDER = {
    "update_due": partial(render_issues, update_due),
    "word_due": partial(render_issues, word_due),
    "target": partial(render_issues, target),
    "confirm_asked": partial(render_with_words, confirm_asked, EventKind.DELIVERED),
    "moved": partial(render_with_words, moved, EventKind.UPDATED),
    "not_yet": partial(render_with_words, not_yet, EventKind.NOT_YET),
    "host_wrote": partial(render_with_words, host_wrote, EventKind.HOST_WROTE),
    "take_away_owed": take_away_owed,
}
