"""What the page of one issue needs, read in as few queries as whatever happened allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from issues import clocks, rules, timeline
from issues.asks import Ask, ask
from issues.attachments.rules import can_attach, may_detach
from issues.forms import IssueForm
from issues.hands import hands
from issues.models import Attachment, HoldsCheck, Issue, IssueState, IssueWatch
from issues.models.issues import IssueQuerySet
from issues.readers import may_read_file, reads_inside
from issues.regroup import board_of
from issues.verbs import VERBS, Verb
from people.lookups import HowMany, LookedUp
from people.models import User
from shadowing.models import FloorNote, Visit

VISIT = {"visit_uuid": "uuid", "visit_date": "date"}  # all the page says of it
FOLLOWING = {"watch", "unwatch"}
MENU: dict[str, str | Promise] = {
    "handover": _("Hand over"),
    "ask_counterpart": _("Ask somebody to work on it too"),
    "change": _("Put the details right"),
    "deliver": _("Say it is delivered"),
    "confirm": _("Confirm in the host’s place"),
    "not_yet": _("Say “not yet” in the host’s place"),
    "write": _("Write in the host’s place"),
    "end_counterpart": _("Say who is no longer needed"),
    "snooze": _("Put its reminders off"),
    "check": _("Say whether it still holds"),
    "ask_withdrawal": _("Ask to withdraw it"),
    "transfer": _("Give it a new owner"),
    "hand_back": _("Hand it back to the coordinator"),
    "remind": _("Ask the owner where it stands"),
    "take_back": _("Take the offer back"),
    "leave_counterpart": _("Hand my part back"),
}
BUTTONS = {  # verbs that have a button of their own, by whom it is for
    "owner": {"update", "deliver", "resume", "handover"},
    "host": {"confirm", "not_yet", "write"},
}


def seen(user: User) -> IssueQuerySet:
    """The issues this person may see, each with all its own page names and counts."""
    watches = IssueWatch.objects.filter(issue=OuterRef("pk"))
    notes = FloorNote.objects.visible_to(user).filter(visit=OuterRef("origin_visit"))
    checks = HoldsCheck.objects.filter(issue=OuterRef("pk")).order_by("-confirmed_on", "-days")
    earlier = Exists(Issue.objects.visible_to(user).filter(pk=OuterRef("earlier")))
    found: IssueQuerySet = Issue.objects.visible_to(user).for_page().annotate(
        notes=_count(notes), watchers=HowMany(IssueWatch, "issue"), watched=Exists(watches.filter(user=user.pk)),
        checked_on=Subquery(checks.values("confirmed_on")[:1]), checked_days=Subquery(checks.values("days")[:1]),
        earlier_is_seen=Value(value=True) if user.reads_everything else earlier,
        **{name: LookedUp(Visit, "origin_visit", column) for name, column in VISIT.items()},
    )  # fmt: skip
    return found


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(of_all=Value(1)).values("of_all").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class File:
    """A file as the page lists it."""

    attachment: Attachment
    url: str
    removable: bool


class Page:
    """The page for one reader on one day at the site. ``issue`` comes from ``seen(user)``."""

    def __init__(self, issue: Issue, user: User, today: date) -> None:
        self.issue, self.user, self.today = issue, user, today
        vars(issue)["_watching"] = {user.pk: vars(issue)["watched"]}
        vars(issue)["_checked"] = (vars(issue)["checked_on"], vars(issue)["checked_days"])
        _know_visit(issue)
        self.can = {verb for verb in set(VERBS) - FOLLOWING if rules.can(user, verb, issue, today=today)}
        self.owns = rules.works_on(user, issue)
        self.updates = "update" in self.can and (rules.is_owner_side(user, issue) or not self.owns)
        self.owner_side, self.is_host = rules.is_owner_side(user, issue), rules.is_host(user, issue)
        self.inside = reads_inside(user, issue)
        self.ask: Ask | None = ask(user, issue, self.can)
        attached = list(issue.attachments.select_related("added_by").order_by("-added_at", "pk"))
        self.files = [self._file(one) for one in attached if not one.removed_at and may_read_file(user, issue, one)]
        self.may_attach = can_attach(user, issue)
        events = timeline.events_of(issue)
        self.entries = timeline.timeline(issue, user, today, events, attached)
        self.chain = timeline.chain(issue, today, events)

    def _file(self, attachment: Attachment) -> File:
        url = reverse("issues:file", args=[self.issue.pk, attachment.pk])
        return File(attachment, url, may_detach(self.user, self.issue, attachment))

    @cached_property
    def clocks(self) -> clocks.Clocks:
        return clocks.read(vars(self.issue), self.today)

    @property
    def state(self) -> str:
        """ "Reopened" is an event: shown until it is delivered again."""
        reopened = self.issue.reopened and self.issue.state == IssueState.IN_PROGRESS
        return "reopened" if reopened else self.issue.state

    @property
    def next_update(self) -> date:
        return self.today + timedelta(days=clocks.UPDATE_DAYS)

    @cached_property
    def crosses(self) -> tuple[str, str] | None:
        """The silo it was raised in and the one that owns it, where they differ."""
        raised = self.issue.raised_in.business_unit if self.issue.raised_in else None
        owning = self.issue.owning_unit
        return (raised.name, owning.name) if raised and owning and raised.pk != owning.pk else None

    @property
    def regroup(self) -> str:
        """The regroup it came from, for who may see it."""
        return board_of(self.issue, self.user)

    @property
    def hands(self) -> Any:
        return hands(self.issue)

    @property
    def follow(self) -> str:
        """The verb that starts or ends following it; hosts are told anyway. Whoever sees the page may."""
        if not self.user.identities - {"host"}:
            return ""
        return "unwatch" if vars(self.issue)["watched"] else "watch"

    @cached_property
    def menu(self) -> list[tuple[str, str | Promise]]:
        """(address, words) behind the three dots: what is not on the page as a button of its own."""
        own = BUTTONS["owner"] if self.owner_side else {"update", "remind"} if self.updates else {"remind"}
        host = BUTTONS["host"] if self.is_host else set()
        asked = {self.ask.verb, self.ask.other} if self.ask else set()
        rest = [verb for name, verb in VERBS.items() if name in self.can - own - host - asked]
        return [_entry(verb, self.issue) for verb in rest]

    def shown(self, chosen: str, *, everything: bool) -> dict[str, Any]:
        """The entries of the chosen pill, twenty of them unless all are asked for."""
        chosen = chosen if chosen in timeline.GROUPS else ""
        wanted = [entry for entry in self.entries if chosen in ("", entry.group)]
        limit = timeline.MOST if everything else timeline.SHORT
        return {
            "entries": wanted[:limit],
            "entry_count": len(self.entries),
            "groups": [(group, _of(self.entries, group)) for group in timeline.GROUPS],
            "chosen": chosen,
            "earlier": max(len(wanted) - limit, 0),
        }


def _know_visit(issue: Issue) -> None:
    """Give the issue its visit with what was looked up of it; a ninth table would double the planning of the query."""
    if issue.origin_visit_id:
        values = (issue.origin_visit_id, *(vars(issue)[name] for name in VISIT))
        issue.origin_visit = Visit.from_db(DEFAULT_DB_ALIAS, ("id", *VISIT.values()), values)


def instead(user: User, issue: Issue, today: date) -> list[tuple[str, str | Promise]]:
    """(address, words) of what this person can do as the issue is now."""
    can = [verb for name, verb in VERBS.items() if name not in FOLLOWING and rules.can(user, name, issue, today=today)]
    return [_entry(verb, issue) for verb in can]


def _entry(verb: Verb, issue: Issue) -> tuple[str, str | Promise]:
    """A verb's address and what it is called in a menu."""
    return reverse(f"issues:{verb.name}", args=[issue.pk]), MENU.get(verb.name) or verb.words(issue)["button"]


def missed(form: IssueForm, issue: Issue, user: User, today: date) -> list[timeline.Entry]:
    """What happened to the issue since the page was made from which a form was sent; it can be sent again then."""
    if not form.is_bound:
        return []
    return timeline.between(issue, form.renew(issue.version), user, today)


def _of(entries: Iterable[timeline.Entry], group: str) -> int:
    return sum(entry.group == group for entry in entries)
