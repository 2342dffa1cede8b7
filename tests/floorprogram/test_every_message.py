"""Whatever kind a message is of: it says what it is about and how old that is, offers one thing to do first (or says that
nothing is asked), and says why it came and when the next would come. Both the first of its kind and a later one."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from issues import actions
from issues.models import Issue
from issues.telling import PLACES
from notifications.kinds import register
from notifications.models import Message, Notice
from people.models import Absence
from shadowing.models import VisitDay
from shadowing.notices import asking, standby
from tests.factories import (
    NINE,
    ExecutiveFactory,
    HostFactory,
    HostingRoundFactory,
    IssueFactory,
    SeasonFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = NINE + 2 * DAY
TODAY = NOW.date()
WHY = re.compile(
    r"You g[eo]t this|Every visit that was held|Hosts hear something|This is the \w+ reminder|You answered"
)
NEXT = re.compile(r"\bnext\b|\blast (one|time|reminder)\b|\bonce\b|\bask again\b|\bagain only\b")
OLD = re.compile(r"\d+\W(days?\b|[A-Z][a-z]+)|[Tt]oday|\bis (near|being prepared)\b|\bday\b")
SOON = "answer_by host_asked days_asked visit_coming"  # steps of these count down to their date


@pytest.fixture
def world():
    """Somebody of each sort, and one of each thing a notice can be about."""
    site = SiteFactory(name="Leeds")
    manager, assistant = UserFactory(name="Helga Strand"), UserFactory(name="Pim de Wit")
    owner = ExecutiveFactory(user__name="Anneke Vos", assistant=assistant, line_manager=manager)
    host = HostFactory(user__name="Maya Rowntree", team=TeamFactory(site=site))
    season = SeasonFactory(name="Spring", sites=[site], state="published", starts_on=date(2027, 2, 22))
    visit = VisitFactory(held=True, executive=owner, host=host, season=season)
    other = VisitFactory(
        invited=True, host=host, season=season, date=date(2027, 3, 11), answer_by=date(2027, 3, 9),
        executive=ExecutiveFactory(user__name="Ravi Menon", assistant=assistant),
    )  # fmt: skip
    return {
        "coordinator": UserFactory(role="coordinator", sites=[site]), "owner": owner, "host": host, "visit": visit,
        "other": other, "season": season, "site": site, "issue": IssueFactory(origin_visit=visit),
    }  # fmt: skip


@pytest.fixture
def numbers(world):
    """Ids of the offer, the transfer, the request, the visit day, the absence and the round that notices name."""
    issue, owner, other = world["issue"], world["owner"], world["other"].executive
    by = {"by": owner.user, "now": NINE}
    actions.ask_counterpart(issue=issue, person=other.user, request="Open the interface.", **by)
    actions.offer_handover(issue=issue, to=other, reason="It is her system.", **by)
    offer = issue.handovers.get()
    actions.transfer_leavers_issues(
        leaver=owner, to=ExecutiveFactory(), reason="She leaves.", by=world["coordinator"], now=NINE
    )
    Issue.objects.update(owner=owner, withdrawal_reason="It ends.")
    IssueFactory(origin_visit=world["visit"], next_update_due=TODAY - DAY)  # for the digest
    Notice.objects.all().delete()  # what the actions told
    day = VisitDay.objects.create(site=world["site"], date=date(2027, 3, 11), standby=world["host"])
    away = Absence.objects.create(
        user=owner.user, first_day=TODAY, last_day=TODAY + 3 * DAY, substitute=other.user, created_by=owner.user,
        created_at=NINE,
    )  # fmt: skip
    return {
        "offer": offer.pk, "transfer": issue.handovers.get(transfer=True).pk, "request": issue.counterparts.get().pk,
        "day": standby.subject_of(day), "absence": f"absence:{away.pk}",
    }  # fmt: skip


def cases(world, numbers):
    """(kind, reader, subject, steps): every registered kind, first and later."""
    owner, host, coordinator = world["owner"].user, world["host"].user, world["coordinator"]
    issue, visit, other = world["issue"].subject, world["visit"].subject, world["other"].subject
    season, executive = asking.subject_of(world["season"].pk), world["other"].executive.user
    offer, request, moved = numbers["offer"], numbers["request"], numbers["transfer"]
    yield from (("issues.update_due", reader, issue, (0, 1, 2, 3)) for reader in (owner, coordinator))
    yield from (("issues.target", reader, issue, (-7, 0, 7)) for reader in (owner, coordinator))
    yield from (("issues.take_away_owed", reader, visit, (0, 1, 2)) for reader in (owner, coordinator))
    yield "issues.word_due", owner, issue, (0, 1)
    yield "issues.confirm_asked", host, issue, (0, 1, 2)
    yield "issues.holds_check", host, issue, (300, 301, 900, 901)
    yield from ((f"issues.{name}", host, issue, (0,)) for name in ("moved",))
    for name in ("not_yet", "host_wrote", "holds_no_more", "withdrawal_refused"):
        yield f"issues.{name}", owner, issue, (1,)
    yield "issues.reminded", owner, issue, (1,)
    yield "issues.withdrawal_asked", coordinator, issue, (1,)
    yield "issues.handover_asked", executive, issue, (offer * PLACES, offer * PLACES + 1)
    yield "issues.handover_answered", owner, issue, (offer,)
    yield "issues.counterpart_asked", executive, issue, (request * PLACES, request * PLACES + 1)
    yield "issues.counterpart_answered", owner, issue, (request * PLACES, request * PLACES + 1)
    yield "issues.transferred", owner, issue, (moved,)
    yield "issues.handed_back", coordinator, issue, (moved,)
    yield "issues.new_owner", host, issue, (moved, offer)
    for name, steps in {
        "invited": (0,),
        "moved": (1,),
        "cancelled": (1,),
        "answer_by": (-1,),
        "visit_coming": (-7, -1),
    }.items():
        yield from ((f"shadowing.{name}", reader, other, steps) for reader in (executive, host))
    yield "shadowing.stood_in", host, other, (1,)
    yield "shadowing.released", host, other, (1,)
    yield from ((f"shadowing.{name}", coordinator, other, (0, 1)) for name in ("place_freed", "unanswered"))
    yield "shadowing.host_asked", host, season, (0, 1)
    yield "shadowing.days_asked", executive, season, (0, 1)
    yield "shadowing.other_days", executive, season, (0,)
    for name, reader in {"standby": host, "standby_off": host, "standby_gone": coordinator}.items():
        yield f"shadowing.{name}", reader, numbers["day"], (0,)
    yield "notifications.stands_in", executive, numbers["absence"], (0,)
    yield "floorprogram.digest", coordinator, "digest", (0,)


def section(kind, reader, subject, step):
    message = Message.objects.create(recipient=reader, created_at=NOW, due_at=NOW)
    anchor = TODAY + 7 * DAY if kind.partition(".")[2] in SOON.split() else TODAY - 2 * DAY
    notice = Notice.objects.create(
        recipient=reader, kind=kind, subject=subject, anchor=anchor, step=step, message=message, created_at=NOW
    )
    return register[kind].render([notice])[notice.pk]


def lacks(said):
    """What a section does not say, in words."""
    body = " ".join([said.subject_line, said.lead, said.quote_caption, *said.paragraphs, *(str(f) for f in said.facts)])
    found = {
        "what it is about": said.subject_line and said.lead and said.lead[-1] in ".?!”",
        "how old": OLD.search(body.replace("\N{NO-BREAK SPACE}", " ")),
        "one button that leads, or that nothing is asked": sum(button.primary for button in said.buttons)
        == (0 if "You need not do anything." in body else 1),
        "why it came": WHY.search(said.why),
        "when the next would come": NEXT.search(said.why),
        "nothing unwritten": "%(" not in body + said.why and "None" not in body + said.why,
    }
    return [name for name, there in found.items() if not there]


def test_every_kind_says_it_all(world, numbers):
    wrong, tried = [], set()
    for kind, reader, subject, steps in cases(world, numbers):
        for step in steps:
            said = section(kind, reader, subject, step)
            tried.add(kind)
            wrong += [(kind, reader.name, step, missing, said.why) for missing in lacks(said)]

    assert not wrong, "\n".join(map(str, wrong))
    assert {kind.name for kind in register if not kind.name.startswith("surveys.")} == tried


def test_surveys_say_it_too(world):
    """What they are about is a round; the words are the same for everybody it asks."""
    survey_round = HostingRoundFactory.create(hosts=1)
    for kind in [kind.name for kind in register if kind.name.startswith("surveys.")]:
        for step in (0, 2, 5):
            said = section(kind, world["host"].user, f"round:{survey_round.pk}", step)
            assert not set(lacks(said)) - {"how old"}, (kind, said)
