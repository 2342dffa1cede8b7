"""The Celery application, and the one table of what beat starts when."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floorprogram.settings")

app = Celery("floorprogram")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule_filename = "var/celerybeat-schedule"
app.conf.beat_schedule = {
    "sweep reminders": {"task": "notifications.tasks.sweep_reminders", "schedule": 60.0, "options": {"expires": 50}},
    "solve plans": {"task": "shadowing.tasks.solve_plans", "schedule": 3.0, "options": {"expires": 3}},
    "send the outbox": {"task": "notifications.tasks.send_outbox", "schedule": 20.0, "options": {"expires": 15}},
    "tell webhooks": {"task": "notifications.tasks.send_webhooks", "schedule": 20.0, "options": {"expires": 15}},
    "forget old logs": {
        "task": "notifications.tasks.prune_logs",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600},
    },
    "release survey answers": {"task": "surveys.tasks.release_rounds", "schedule": 600.0, "options": {"expires": 500}},
}
