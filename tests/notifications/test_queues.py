"""Sending has a queue of its own, and every queue has a worker in both ways of running."""

from __future__ import annotations

import re

import pytest
import yaml

from floorprogram.celery import app
from notifications import tasks
from shadowing.tasks import solve_plans
from tests.environment import ROOT


@pytest.fixture(autouse=True)
def every_task():
    app.loader.import_default_modules()


def queue_of(task):
    return app.amqp.router.route({}, task.name)["queue"].name


def queues_worked_on(words):
    return {name for names in re.findall(r"--queues (\S+)", words) for name in names.split(",")}


def test_neither_a_sweep_nor_a_plan_stands_before_a_mail():
    queues = {task: queue_of(task) for task in (tasks.send_outbox, tasks.sweep_reminders, solve_plans)}

    assert len(set(queues.values())) == 3


def test_every_queue_has_a_worker():
    queues = {queue_of(task) for name, task in app.tasks.items() if not name.startswith("celery.")}
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"].values()
    composed = " ".join(" ".join(service["command"]) for service in services if "command" in service)

    assert queues_worked_on((ROOT / "Procfile").read_text()) == queues
    assert queues_worked_on(composed) == queues


def test_a_worker_that_names_no_queue_works_on_all():
    queues = {queue_of(task) for name, task in app.tasks.items() if not name.startswith("celery.")}

    assert set(app.amqp.queues.consume_from) == queues
    assert {queue.exchange.name for queue in app.amqp.queues.values()} == queues  # no task reaches two of them


def test_everything_beat_starts_is_a_task():
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


@pytest.mark.parametrize(("sent", "woken"), [(tasks.MOST_AT_ONCE, 1), (tasks.MOST_AT_ONCE - 1, 0)])
def test_a_full_run_wakes_the_next(monkeypatch, sent, woken):
    """Given as many messages as a run takes, the next begins without beat."""
    calls = []
    monkeypatch.setattr(tasks, "send_due", lambda **_when: {"sent": sent, "held": 0})
    monkeypatch.setattr(tasks.send_outbox, "apply_async", lambda **options: calls.append(options))

    tasks.send_outbox()

    assert calls == [{"expires": tasks.WOKEN}] * woken
