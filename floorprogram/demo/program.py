"""A believable program: one closed, one running and one coming season, played through the program's own actions.

Every row comes from the action a person would have taken, at the moment they would have taken it, so that the demo can hold
nothing the rules forbid. Messages of the past count as sent; those of today go out when the worker starts.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from floorprogram.demo import words
from floorprogram.demo.hands import pass_on
from floorprogram.demo.issues import play_issues
from floorprogram.demo.people import make_cast
from floorprogram.demo.regroup import hold_regroup
from floorprogram.demo.stage import Stage
from floorprogram.demo.surveys import plan_next, play_surveys
from floorprogram.demo.wall import hang_walls
from notifications.kinds import register
from notifications.models import Message, MessageState, Notice
from people.models import Executive, Host, User
from shadowing.availability.actions import mark_days
from shadowing.availability.workdays import visit_days
from shadowing.models import Season, SeasonExecutive, SeasonHost, SeasonSite, Visit
from shadowing.plans import ask_plan, run_plan
from shadowing.seasons.apply import apply_season
from shadowing.seasons.members import record_willing
from shadowing.seasons.states import close_season, open_collecting
from shadowing.visits import actions, notes, warnings
from shadowing.visits.rules import Side

SEASONS = ("Winter", "Spring", "Summer", "Autumn")


class Demo(Stage):
    """One demo program."""

    @transaction.atomic
    def make(self) -> dict[str, int]:
        """Write everything, or nothing; returns what there is."""
        self.cast = make_cast(self.pick, today=self.today)
        closed = self.season(self.monday - timedelta(weeks=16), 12, per_site=14)
        self.play(closed)
        play_issues(self, closed)
        play_surveys(self, closed)
        close_season(season=closed, by=self.cast.coordinator, now=at(closed.ends_on + timedelta(days=30), 9))
        running = self.season(self.monday - timedelta(weeks=1), 19, per_site=13)
        self.play(running)
        play_issues(self, running)
        hold_regroup(self, running)
        pass_on(self, running)
        hang_walls(self)
        play_surveys(self, running)
        self.coming()
        self.settle_outbox()
        return {"seasons": Season.objects.count(), "visits": Visit.objects.count(), "people": len(self.cast.executives)}

    def season(self, starts: date, days: int, *, per_site: int) -> Season:
        """A collecting season with everybody in it, asked four weeks before it starts, named by its time of year."""
        name = SEASONS[starts.month % 12 // 3]
        data = {
            "program": "Back to the Floor",
            "name": f"{name} {starts.year}",
            "slug": f"{name.lower()}-{starts.year}",
            "starts_on": starts.isoformat(),
            "ends_on": (starts + timedelta(days=days - 1)).isoformat(),
            "sites": [{**site, "visits_a_day": 4, "open_days": self.opened(starts, days)} for site in words.SITES],
            "rules": {"host_min_tenure_months": 6, "other_business_unit": False, "no_repeat_seasons": 2},
            "executives": "all",
            "hosts": "willing",
            "questionnaires": ["hosting", "visit"],
        }
        asked = at(starts - timedelta(weeks=4), 9)
        season = apply_season(data=data, by=self.cast.coordinator, now=asked)
        season = open_collecting(season=season, by=self.cast.coordinator, now=asked)
        self.per_site = per_site
        return season

    def opened(self, starts: date, days: int) -> list[str]:
        """Today and yesterday take visits in the running season, whatever the weekday: there is always a day to look at."""
        near = (self.today - timedelta(days=1), self.today)
        return [day.isoformat() for day in near if starts <= day < starts + timedelta(days=days)]

    def play(self, season: Season) -> None:
        """Propose, publish, answer, and hold what lies in the past."""
        asked = at(season.starts_on - timedelta(weeks=3), 10)
        for entry in SeasonHost.objects.filter(season=season).select_related("host__user").order_by("pk"):
            record_willing(entry=entry, willing="yes", by=entry.host.user, now=asked)
        visits = self.propose(season, asked)
        seen = {warned.key for warned in warnings.of_visits(season, visits, now=asked)}
        actions.publish_season(
            season=season, acknowledged=seen, by=self.cast.coordinator, now=asked + timedelta(hours=1)
        )
        for number, visit in enumerate(Visit.objects.filter(season=season).order_by("date", "pk")):
            self.answer(visit, number, asked + timedelta(days=2))
        for number, visit in enumerate(Visit.objects.filter(season=season, state="confirmed").order_by("date", "pk")):
            own_day = visit.executive == self.cast.executives[0] and visit.date == self.today
            if visit.date <= self.today and at(visit.date, 10) <= self.now and not own_day:
                self.hold(visit, number)

    def propose(self, season: Season, now: datetime) -> list[Visit]:
        """One visit a host, spread over the season's days; the two demo people meet in the first season."""
        queue = [*self.cast.executives[1:], self.cast.executives[0]]
        self.pick.shuffle(queue)
        queue.sort(key=lambda executive: executive == self.cast.executives[0])
        visits = []
        for place in SeasonSite.objects.filter(season=season).select_related("site").order_by("pk"):
            days = visit_days(place, first=season.starts_on, last=season.ends_on)
            hosts = self.cast.hosts[place.site_id][: self.per_site]
            hosts = [*hosts, hosts[0]] if place.site.slug == "leeds" else hosts  # the demo host takes two
            for number, host in enumerate(hosts):
                executive = queue.pop() if number == 0 and host.user == self.cast.sign_ins["host"] else queue.pop(0)
                day = self.day_for(executive, number, hosts, days)
                visits.append(
                    actions.propose_visit(
                        season=season, executive=executive, host=host, date=day, by=self.cast.coordinator, now=now
                    )
                )
        return visits

    def day_for(self, executive: Executive, number: int, hosts: list[Host], days: list[date]) -> date:
        """The season's days in turn. In the running season the demo's executive comes today, and the demo's host had
        somebody else yesterday."""
        if executive == self.cast.executives[0]:
            return self.today if self.today in days else days[0]
        if number == len(hosts) - 1 and hosts[number] == hosts[0] and self.today in days:
            return self.today - timedelta(days=1)
        return days[number % len(days)]

    def answer(self, visit: Visit, number: int, now: datetime) -> None:
        """Most accept; in a running season some have not answered and one executive declined."""
        open_still = visit.date > self.today
        if open_still and number % 7 == 3:
            return
        if open_still and number % 11 == 5:
            words_ = "I am in court that day."
            actions.answer_invitation(
                visit=visit, side=Side.EXECUTIVE, yes=False, by=visit.executive.user, now=now, reason=words_
            )
            return
        for side, person in ((Side.EXECUTIVE, visit.executive.user), (Side.HOST, visit.host.user)):
            actions.answer_invitation(visit=visit, side=side, yes=True, by=person, now=now)
            actions.acknowledge_briefing(visit=visit, side=side, by=person, now=now)

    def hold(self, visit: Visit, number: int) -> None:
        """Checked in at ten, a floor note or two; one in twenty did not come."""
        morning = at(visit.date, 10)
        if number % 20 == 13:
            actions.mark_no_show(visit=visit, by=self.cast.coordinator, now=morning + timedelta(hours=6))
            return
        visit = actions.check_in(visit=visit, by=visit.executive.user, now=morning)
        kind, text, other = words.NOTES[number % len(words.NOTES)]
        notes.write_note(
            visit=visit, note_id=self.uuid(), text=text, kind=kind, other_teams=other, by=visit.executive.user,
            now=morning + timedelta(hours=1),
        )  # fmt: skip

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.pick.getrandbits(128), version=4)

    def coming(self) -> None:
        """A season being collected: two thirds of the hosts have said yes, a few no; two thirds have named their days."""
        season = self.season(self.monday + timedelta(weeks=9), 12, per_site=16)
        entries = SeasonHost.objects.filter(season=season).select_related("host__user").order_by("pk")
        for number, entry in enumerate(entries):
            if number % 3:
                willing = "no" if number % 10 == 1 else "yes"
                record_willing(entry=entry, willing=willing, by=entry.host.user, now=self.now - timedelta(days=2))
        executives = SeasonExecutive.objects.filter(season=season).select_related("executive__user").order_by("pk")
        people = [entry.executive.user for entry in executives] + [entry.host.user for entry in entries]
        for number, person in enumerate(people):
            if number % 3:
                self.name_days(person, season, number % 4)
        self.plan(season)
        plan_next(self, season)

    def plan(self, season: Season) -> None:
        """Two plans of that season, the older one a what-if; neither is in use."""
        asked: dict[str, Any] = {"season": season, "seconds": 10, "seed": 0, "by": self.cast.coordinator}
        for hour, assume in ((2, {"rules": {"host_min_tenure_months": 24, "shared_language": True}}), (1, {})):
            now = self.now - timedelta(hours=hour)
            run_plan(plan_id=ask_plan(**asked, assume=assume, now=now).pk, now=now)

    def name_days(self, person: User, season: Season, count: int) -> None:
        """That many days of the season are impossible."""
        days = self.pick.sample(range((season.ends_on - season.starts_on).days + 1), count)
        away = [season.starts_on + timedelta(days=shift) for shift in days]
        mark_days(person=person, days=away, away=True, by=person, now=self.now - timedelta(days=1))

    def settle_outbox(self) -> None:
        """Messages of earlier days are history: they count as sent when they were made."""
        midnight = datetime.combine(self.today, time(), UTC)
        kinds = dict(Notice.objects.values_list("message_id", "kind"))
        past = list(Message.objects.filter(state=MessageState.QUEUED, created_at__lt=midnight))
        for message in past:
            message.subject_line = str(register[kinds[message.pk]].label).capitalize()
        Message.objects.bulk_update(past, ["subject_line"], batch_size=500)
        Message.objects.filter(pk__in=[message.pk for message in past]).update(
            state=MessageState.SENT, sent_at=F("created_at"), attempts=1
        )


def at(day: date, hour: int) -> datetime:
    """That hour of the day, UTC."""
    return datetime.combine(day, time(hour), UTC)
