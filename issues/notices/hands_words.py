"""How notices about who carries an issue read, and those that ask whether it still holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from issues.clocks import site_day
from issues.models import Counterpart, CounterpartState, EventKind, Handover, HandoverState, Issue, IssueEvent
from issues.notices import why
from issues.notices.hands import offers_of, requests_of
from issues.notices.holds import issues_of, key
from issues.notices.promised import caption, caption_to_host, day_words
from issues.notices.words import (
    LINK_DAYS,
    NOTHING,
    Said,
    four_buttons,
    names,
    open_button,
    over_words,
    owner_facts,
    render_issues,
    render_with_words,
    to_host,
)
from issues.telling import PLACES
from notifications.kinds import Button, Section
from notifications.models import Notice

HANDOVER, COUNTERPART, CHECK = "issues.handover", "issues.counterpart", "issues.check"  # purposes of links
Rows = Callable[[Sequence[Notice]], dict[int, Handover]] | Callable[[Sequence[Notice]], dict[int, Counterpart]]


def page(name: str, issue: Issue) -> str:
    """The address of a verb's page."""
    return reverse(f"issues:{name}", args=[issue.pk])


def section(issue: Issue, notice: Notice, today: date, *, subject_line: str, lead: str, said: str = "", buttons: list[Button],
            because: str) -> Section:  # fmt: skip
    """A section with the promise, somebody's words below it, and the usual three facts."""
    return Section(
        subject_line=subject_line, lead=lead, quote_caption=caption(issue, notice, today), quote=issue.promise,
        paragraphs=[f"“{said}”"] if said else [], buttons=buttons, facts=owner_facts(issue, today), why=because,
    )  # fmt: skip


def handover_asked(issue: Issue, notice: Notice, today: date, offer: Handover) -> Section:
    told = names(issue) | {"asker": offer.from_owner.user.name}
    lead = _("%(asker)s asks you to own issue %(number)s, “%(title)s”, from now on.") % told
    subject = _("Issue %(number)s: %(asker)s asks you to own it") % told
    if notice.step % PLACES:
        subject = _("Issue %(number)s: %(asker)s waits for your answer") % told
    buttons = [
        Button(_("Accept: it is mine"), HANDOVER, page("accept_handover", issue), data="yes", primary=True, days=LINK_DAYS),
        Button(_("Decline"), HANDOVER, page("decline_handover", issue), data="no", days=LINK_DAYS),
        open_button(issue),
    ]  # fmt: skip
    because = _("You get this because you were asked. Until you accept, %(owner)s stays the owner.") % told
    because = f"{because} {why.asked(issue, notice)}"
    return section(
        issue, notice, today, subject_line=subject, lead=lead, said=offer.reason, buttons=buttons, because=because
    )  # fmt: skip


def handover_answered(issue: Issue, notice: Notice, today: date, offer: Handover) -> Section:
    told = names(issue) | {"other": offer.to_owner.user.name}
    lead = _("%(other)s owns issue %(number)s, “%(title)s”, from now on.") % told
    subject = _("Issue %(number)s: %(other)s accepted") % told
    if offer.state != HandoverState.ACCEPTED:
        lead = _("%(other)s declines to own issue %(number)s, “%(title)s”. It stays with %(owner)s.") % told
        subject = _("Issue %(number)s: %(other)s declined") % told
    because = _("You get this once, because it was yours to hand over.")
    buttons = [open_button(issue, primary=True)]
    return section(
        issue, notice, today, subject_line=subject, lead=lead, said=offer.answer, buttons=buttons, because=because
    )


def counterpart_asked(issue: Issue, notice: Notice, today: date, asked: Counterpart) -> Section:
    told = names(issue)
    lead = _("%(owner)s asks you to work on issue %(number)s, “%(title)s”, too.") % told
    subject = _("Issue %(number)s: %(owner)s asks for your help") % told
    if notice.step % PLACES:
        subject = _("Issue %(number)s: %(owner)s waits for your answer") % told
    buttons = [
        Button(_("Accept"), COUNTERPART, page("accept_counterpart", issue), data="yes", primary=True, days=LINK_DAYS),
        Button(_("Decline"), COUNTERPART, page("decline_counterpart", issue), data="no", days=LINK_DAYS),
        open_button(issue),
    ]
    because = (
        _("You get this because you were asked. %(owner)s stays the owner, and you can hand it back later.") % told
    )
    because = f"{because} {why.asked(issue, notice)}"
    return section(
        issue, notice, today, subject_line=subject, lead=lead, said=asked.request, buttons=buttons, because=because
    )  # fmt: skip


def counterpart_answered(issue: Issue, notice: Notice, today: date, asked: Counterpart) -> Section:
    told = names(issue) | {"other": asked.person.name}
    lead = _("%(other)s works on issue %(number)s, “%(title)s”, too.") % told
    subject = _("Issue %(number)s: %(other)s accepted") % told
    if asked.state == CounterpartState.DECLINED:
        lead = _("%(other)s declines to work on issue %(number)s, “%(title)s”.") % told
        subject = _("Issue %(number)s: %(other)s declined") % told
    elif asked.state != CounterpartState.ACCEPTED:
        lead = _("%(other)s no longer works on issue %(number)s, “%(title)s”.") % told
        subject = _("Issue %(number)s: %(other)s hands it back") % told
    because = _("You get this once, because they were asked to help %(owner)s.") % told
    buttons = [open_button(issue, primary=True)]
    return section(
        issue, notice, today, subject_line=subject, lead=lead, said=asked.answer, buttons=buttons, because=because
    )


def transferred(issue: Issue, notice: Notice, today: date, moved: Handover) -> Section:
    told = names(issue) | {"coordinator": moved.offered_by.name, "from": moved.from_owner.user.name}
    lead = _("%(coordinator)s moved issue %(number)s, “%(title)s”, from %(from)s to you.") % told
    subject = _("Issue %(number)s is yours now: %(title)s") % told
    because = _("You get this once, because you own the issue now.")
    if moved.back_by:
        day = day_words(moved.back_by, today)
        because = because + " " + _("Until %(day)s you can hand it back to the coordinator.") % {"day": day}
    buttons = [open_button(issue, primary=True)]
    return section(
        issue, notice, today, subject_line=subject, lead=lead, said=moved.reason, buttons=buttons, because=because
    )


def new_owner(issue: Issue, notice: Notice, today: date, moved: Handover) -> Section:
    told = names(issue) | {"from": moved.from_owner.user.name}
    lead = _("%(owner)s owns issue %(number)s, “%(title)s”, from now on, in place of %(from)s.") % told
    return Section(
        subject_line=_("Issue %(number)s: %(owner)s keeps the promise now") % told, lead=lead,
        line=_("%(owner)s owns it from now on, in place of %(from)s.") % told,
        quote_caption=caption_to_host(issue, notice, today), quote=issue.promise, paragraphs=[_("The promise stays.")],
        buttons=[Button(_("Read it, or write to %(owner)s") % told, path=issue.get_absolute_url(), primary=True)],
        facts=[(_("Target date"), over_words(issue.target_date, today), issue.target_date < today)],
        why=why.moved(issue),
    )  # fmt: skip


def handed_back(issue: Issue, notice: Notice, today: date, moved: Handover) -> Section:
    lead = _("%(owner)s hands issue %(number)s, “%(title)s”, back to you.") % names(issue)
    subject = _("Issue %(number)s needs another owner") % names(issue)
    buttons = [Button(_("Find another owner"), path=page("transfer", issue), primary=True), open_button(issue)]
    because = _("You get this once, because you coordinate the site. Until you find somebody it stays with %(owner)s.")
    because = because % names(issue)
    return section(
        issue, notice, today, subject_line=subject, lead=lead, said=moved.answer, buttons=buttons, because=because
    )  # fmt: skip


def holds_check(issue: Issue, notice: Notice, today: date) -> Section:
    days = notice.step // PLACES
    told = names(issue) | {"days": days, "day": day_words(notice.anchor, today)}
    lead = _("Issue %(number)s, “%(title)s”, was confirmed on %(day)s. Does it still help on your floor?") % told
    subject = _("Issue %(number)s: does it still hold, after %(days)s days?") % told
    check = page("check", issue)
    buttons = [
        Button(_("Yes, it still holds"), CHECK, check, data="yes", primary=True, days=LINK_DAYS),
        Button(_("No, not any more"), CHECK, check, data="no", days=LINK_DAYS),
    ]
    because = _("You get this because it was promised to you. Both answers are fine, and no manager is told.")
    if notice.recipient_id != issue.promised_to_id:
        because = _("You get this because %(host)s has left, and your team would know. Both answers are fine.") % told
    because = f"{because} {why.holds_check(issue, notice)}"
    return to_host(issue, notice, today, subject_line=subject, lead=lead, said="", buttons=buttons, because=because)


def holds_no_more(issue: Issue, notice: Notice, today: date, said: Said = NOTHING) -> Section:
    lead = _("What issue %(number)s, “%(title)s”, solved does not hold any more. It is in progress again.") % names(
        issue
    )
    return Section(
        subject_line=_("Issue %(number)s does not hold any more") % names(issue), lead=lead,
        quote_caption=_("What the floor says"), quote=said.text, buttons=[*four_buttons(issue), open_button(issue)],
        facts=owner_facts(issue, today), why=why.answered(issue),
    )  # fmt: skip


def withdrawal_asked(issue: Issue, notice: Notice, today: date) -> Section:
    lead = _("%(owner)s asks you to withdraw issue %(number)s, “%(title)s”, promised to %(host)s.") % names(issue)
    subject = _("Issue %(number)s: %(owner)s asks to withdraw it") % names(issue)
    buttons = [
        Button(_("Agree and withdraw it"), path=page("withdraw", issue), primary=True),
        Button(_("Let it go on"), path=page("refuse_withdrawal", issue)),
        open_button(issue),
    ]
    because, said = _("You get this once, because you coordinate the site."), issue.withdrawal_reason
    return section(issue, notice, today, subject_line=subject, lead=lead, said=said, buttons=buttons, because=because)


def reminded(notices: Sequence[Notice]) -> dict[int, Section]:
    """To the owner: a coordinator asks where it stands, in words of their own if they have any. Two queries for all."""
    rows = IssueEvent.objects.filter(kind=EventKind.REMINDED, issue__in={int(key(one)) for one in notices})
    columns = rows.order_by("at", "pk").values_list("issue_id", "by__name", "words")
    asked = {number: (name, words) for number, name, words in columns}

    def write(issue: Issue, notice: Notice, today: date) -> Section:
        coordinator, said = asked.get(issue.pk, (_("A coordinator"), ""))
        told = names(issue) | {"coordinator": coordinator}
        lead = _("%(coordinator)s asks where issue %(number)s, “%(title)s”, stands.") % told
        subject = _("Issue %(number)s: %(coordinator)s asks where it stands") % told
        because = _(
            "You get this because %(coordinator)s, who coordinates the site, asked. By hand once a day at most."
        )
        buttons = [*four_buttons(issue), open_button(issue)]
        return section(
            issue, notice, today, subject_line=subject, lead=lead, said=said, buttons=buttons, because=because % told
        )  # fmt: skip

    return render_issues(write, notices)


def withdrawal_refused(notices: Sequence[Notice]) -> dict[int, Section]:
    """To the owner: it goes on, and why. Two queries for all."""
    rows = IssueEvent.objects.filter(kind=EventKind.WITHDRAWAL_REFUSED, issue__in={int(key(one)) for one in notices})
    said = dict(rows.order_by("at", "pk").values_list("issue_id", "words"))

    def write(issue: Issue, notice: Notice, today: date) -> Section:
        lead = _("Issue %(number)s, “%(title)s”, is not withdrawn: it goes on.") % names(issue)
        subject = _("Issue %(number)s goes on") % names(issue)
        buttons, words = [open_button(issue, primary=True)], said.get(issue.pk, "")
        return section(
            issue, notice, today, subject_line=subject, lead=lead, said=words, buttons=buttons, because=why.answered(issue)
        )  # fmt: skip

    return render_issues(write, notices)


def render_rows(write: Callable[..., Section], rows_of: Rows, notices: Sequence[Notice]) -> dict[int, Section]:
    """A section per notice that names a handover or a request: two queries for all."""
    issues, rows = issues_of(notices), rows_of(notices)
    known = [notice for notice in notices if notice.pk in rows and key(notice) in issues]
    found = ((notice, issues[key(notice)]) for notice in known)
    return {one.pk: write(issue, one, site_day(issue.site, one.created_at), rows[one.pk]) for one, issue in found}


_by_id = partial(offers_of, places=1)
RENDER = {
    "handover_asked": partial(render_rows, handover_asked, offers_of),
    "handover_answered": partial(render_rows, handover_answered, _by_id),
    "counterpart_asked": partial(render_rows, counterpart_asked, requests_of),
    "counterpart_answered": partial(render_rows, counterpart_answered, requests_of),
    "transferred": partial(render_rows, transferred, _by_id),
    "new_owner": partial(render_rows, new_owner, _by_id),
    "handed_back": partial(render_rows, handed_back, _by_id),
    "holds_check": partial(render_issues, holds_check),
    "holds_no_more": partial(render_with_words, holds_no_more, EventKind.HOLDS_NO_MORE),
    "withdrawal_asked": partial(render_issues, withdrawal_asked),
    "withdrawal_refused": withdrawal_refused,
    "reminded": reminded,
}
