"""The composition root: settings, addresses, policy, the home page and the reports. Imported by no app."""

from floorprogram.celery import app as celery_app

__all__ = ["celery_app"]
