"""The two commands and the two tasks: thin ways into the sweep and the sender."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from floorprogram.celery import app
from notifications import tasks
from notifications.kinds import Due
from notifications.models import Message, MessageState
from tests.factories import UserFactory
from tests.notifications.stubs import Stub, kind

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)


@pytest.fixture
def asked():
    """The moments at which the kind was asked what is due."""
    moments, people = [], UserFactory.create_batch(2)

    def due(now):
        moments.append(now)
        return [Due(each.pk, "issue:1", DAY) for each in people]

    kind(stub=Stub(due))
    return moments


def run(capsys, *words):
    call_command(*words)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-02T12:00:00Z", datetime(2027, 3, 2, 12, tzinfo=UTC)),
        ("2027-03-02T12:00:00+02:00", datetime(2027, 3, 2, 10, tzinfo=UTC)),
        ("2027-03-02T12:00", datetime(2027, 3, 2, 12, tzinfo=UTC)),
        ("2027-03-02", datetime(2027, 3, 2, tzinfo=UTC)),
    ],
)
def test_a_sweep_as_if_it_were_that_moment(asked, capsys, text, expected):
    out = run(capsys, "sweep_reminders", "--at", text, "--json")

    assert asked == [expected]
    assert json.loads(out) == {"test.reminder": 2 if expected.hour else 0}


def test_what_a_sweep_of_a_coming_day_found_can_be_sent_now(asked, capsys):
    run(capsys, "sweep_reminders", "--at", "2099-03-03T12:00:00Z")

    assert json.loads(run(capsys, "send_outbox", "--json"))["sent"] == 2
    assert len(mail.outbox) == 2


def test_plain_sentences(asked, capsys):
    assert run(capsys, "sweep_reminders", "--at", "2027-03-02T12:00:00Z") == "test.reminder: 2\n"
    assert run(capsys, "sweep_reminders", "--at", "2027-03-02T12:00:00Z").startswith("Nothing new is owed")
    assert run(capsys, "send_outbox", "--limit", "1").startswith("1 sent, 0 to be tried again")


@pytest.mark.parametrize(
    "words",
    [("sweep_reminders", "--at", "soon"), ("sweep_reminders", "--at", "2027-02-30"), ("send_outbox", "--limit", "0")],
)
def test_wrong_usage_is_told_apart(asked, words):
    with pytest.raises(CommandError) as refusal:
        call_command(*words)

    assert refusal.value.returncode == 2
    assert not Message.objects.exists()


def test_the_tasks_beat_starts_are_these(asked):
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert {tasks.sweep_reminders.name, tasks.send_outbox.name} <= scheduled


def test_the_tasks_do_the_same(asked, monkeypatch):
    noon = datetime(2027, 3, 2, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)

    tasks.sweep_reminders()
    tasks.send_outbox()

    assert asked == [noon]
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}
