"""A small program: one issue with everybody who has to do with it, and strangers to it."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from issues import actions
from people.models import Role
from tests.factories import (
    NINE,
    ExecutiveFactory,
    HostFactory,
    IssueFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

TODAY = date(2027, 3, 1)  # at the sites of the factories, at NINE
LATER = NINE + timedelta(days=1)


@pytest.fixture
def cast(db):
    """The issue's owner (with assistant and line manager), host, coordinators, and people who have nothing to do with it."""
    site = SiteFactory(name="Leeds")
    assistant, manager = UserFactory(name="Asha Assistant"), UserFactory(name="Helga Strand")
    owner = ExecutiveFactory(user__name="Anneke Vos", assistant=assistant, line_manager=manager)
    host = HostFactory(user__name="Maya Rowntree", team=TeamFactory(site=site, name="Billing Care"))
    visit = VisitFactory(held=True, executive=owner, host=host)
    issue = IssueFactory(origin_visit=visit, title="SIM swap needs three systems")
    people = {
        "owner": owner.user,
        "assistant": assistant,
        "host": host.user,
        "admin": UserFactory(name="Ada Admin", role=Role.ADMIN),
        "coordinator": UserFactory(name="Ingrid Halloran", role=Role.COORDINATOR, sites=[site]),
        "coordinator elsewhere": UserFactory(name="Else Where", role=Role.COORDINATOR, sites=[SiteFactory()]),
        "sponsor": UserFactory(name="Sam Sponsor", role=Role.SPONSOR),
        "line manager": manager,
        "executive who was there": VisitFactory(held=True, host=HostFactory(team=host.team)).executive.user,
        "another executive": ExecutiveFactory().user,
        "another host": HostFactory(team=host.team).user,
    }
    return SimpleNamespace(site=site, visit=visit, issue=issue, people=people, executive=owner, host=host)


@pytest.fixture
def delivered(cast):
    """The same issue, delivered today by its owner."""
    words = {"text": "One screen, no paper, since Monday.", "impact": "Nineteen minutes saved on every swap."}
    cast.issue = actions.deliver(issue=cast.issue, by=cast.people["owner"], now=NINE, **words)
    return cast


def in_state(issue, state):
    """Put an issue into a state with what its constraints ask for, past the actions."""
    changes = {"state": state, "hold_until": None, "delivered_at": None, "delivered_by": None, "confirmed_at": None}
    changes |= {"confirmed_by": None, "merged_into": None}
    if state == "on_hold":
        changes["hold_until"] = TODAY + timedelta(days=30)
    if state in ("delivered", "confirmed"):
        changes |= {"delivered_at": NINE, "delivered_by": issue.owner.user}
    if state == "confirmed":
        changes |= {"confirmed_at": NINE, "confirmed_by": issue.promised_to.user}
    if state == "merged":
        changes["merged_into"] = IssueFactory(origin_visit=issue.origin_visit)
    type(issue).objects.filter(pk=issue.pk).update(**changes)
    issue.refresh_from_db()
    return issue
