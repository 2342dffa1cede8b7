"""Take-aways and what became of them: issues in every state, played through their actions."""

from __future__ import annotations

from datetime import datetime, timedelta

from floorprogram.demo import words
from floorprogram.demo.stage import Stage
from issues import actions
from issues.clocks import site_day
from issues.models import Category, Issue
from people.keys import fold
from shadowing.models import Season, Visit, VisitState

# what becomes of the issues of a season, in turn; "owed" and "waived" have none
ENDINGS = [
    "overdue", "delivered", "waits", "updated", "confirmed", "delivered", "not_yet", "confirmed", "owed", "hold", "updated",
    "withdrawn", "confirmed", "blocked", "waived", "merged", "confirmed", "updated",
]  # fmt: skip


def play_issues(demo: Stage, season: Season) -> None:
    """One issue for nearly every held visit of the season; those of the demo's executive and host come first."""
    held = list(Visit.objects.filter(season=season, state=VisitState.HELD).order_by("date", "pk"))
    host, executive = demo.cast.sign_ins["host"].pk, demo.cast.executives[0].pk
    held.sort(key=lambda visit: (visit.executive_id != executive, visit.host_id != host))
    for number, visit in enumerate(held):
        ending = ENDINGS[number % len(ENDINGS)]
        if ending == "waived":
            later = min(evening(visit) + timedelta(days=9), demo.now)
            reason = "The floor was evacuated at eleven."
            actions.waive_take_away(visit=visit, reason=reason, by=demo.cast.coordinator, now=later)
        elif ending != "owed":
            tell(demo, take(demo, visit, number), ending)


def evening(visit: Visit) -> datetime:
    """When a visit ends: sixteen o'clock at the site."""
    return datetime(visit.date.year, visit.date.month, visit.date.day, 16, tzinfo=visit.site.zone)


def take(demo: Stage, visit: Visit, number: int) -> Issue:
    title, obstacle, promise, category = words.ISSUES[number % len(words.ISSUES)]
    title = title if number < len(words.ISSUES) else f"{title}, in {visit.host.team.name}"
    return actions.take_away(
        visit=visit,
        title=title,
        obstacle=obstacle,
        promise=promise,
        category=Category.objects.filter(name_key=fold(category)).first(),
        target_date=visit.date + timedelta(days=(40, 70, 90, 120)[number % 4]),
        by=visit.executive.user,
        now=min(evening(visit), demo.now),
    )


class Story:
    """What one issue went through, at moments that lie ``days`` after it was taken away, never in the future."""

    def __init__(self, demo: Stage, issue: Issue) -> None:
        self.demo, self.issue = demo, issue
        self.owner, self.host = issue.owner.user, issue.promised_to.user

    def at(self, days: int) -> datetime:
        return min(self.issue.taken_away_at + timedelta(days=days), self.demo.now - timedelta(minutes=30))

    def update(self, days: int, *, blocked: bool = False) -> None:
        text = "Waits for the supplier's answer." if blocked else words.UPDATES[self.issue.number % len(words.UPDATES)]
        actions.post_update(issue=self.issue, text=text, blocked=blocked, by=self.owner, now=self.at(days))

    def deliver(self, days: int) -> None:
        actions.deliver(
            issue=self.issue,
            text="It works as promised in all three centers.",
            impact="Two to four minutes less on every such call.",
            by=self.owner,
            now=self.at(days),
        )

    def confirm(self, days: int) -> None:
        actions.confirm(issue=self.issue, by=self.host, now=self.at(days))

    def not_yet(self, days: int) -> None:
        actions.not_yet(issue=self.issue, words="Only the day shift has it so far.", by=self.host, now=self.at(days))

    def hold(self, days: int) -> None:
        until = site_day(self.issue.site, self.demo.now) + timedelta(days=45)
        reason = "The release train stops until the new year."
        lately = self.demo.now - timedelta(days=20)  # nobody holds an issue for longer than some months ahead
        actions.hold(issue=self.issue, until=until, reason=reason, by=self.owner, now=max(self.at(days), lately))

    def withdraw(self, days: int) -> None:
        reason = "The product is no longer sold."
        actions.withdraw(issue=self.issue, reason=reason, by=self.demo.cast.coordinator, now=self.at(days))

    def merge(self, days: int) -> None:
        into = Issue.objects.filter(season=self.issue.season_id, state="in_progress").order_by("pk").first()
        if into:
            actions.merge(issue=self.issue, into=into, by=self.demo.cast.coordinator, now=self.at(days))


def tell(demo: Stage, issue: Issue, ending: str) -> None:
    """Play one ending."""
    story = Story(demo, issue)
    if ending == "waits":
        return
    story.update(9, blocked=ending == "blocked")
    if ending in ("confirmed", "delivered", "not_yet"):
        story.deliver(30)
    if ending == "confirmed":
        story.confirm(33)
    elif ending in ("not_yet", "hold", "withdraw", "withdrawn", "merged"):
        verb = {"withdrawn": "withdraw", "merged": "merge"}.get(ending, ending)
        getattr(story, verb)(35)
    elif ending == "updated":
        demo_days = (demo.now - issue.taken_away_at).days
        story.update(max(demo_days - 5, 10))
