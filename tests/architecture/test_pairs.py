"""Whoever did something is recorded with when: ``…_at`` has its ``…_by``, and the database keeps the two together."""

from django.apps import apps
from django.db import models

from tests.architecture.source import APPS

# Moments nobody is asked about, and why
WITHOUT_BY = {
    "CalendarFeed.created_at": "the feed belongs to one person, who alone can make it",
    "Issue.taken_away_at": "the visit's executive takes it away; visit and owner say who",
    "FloorNote.written_at": "the column is called author",
    "Link.created_at": "made by the program for its bearer",
    "Link.expires_at": "a limit, not a deed",
    "Link.used_at": "the bearer alone can use it",
    "Message.created_at": "made by a sweep",
    "Message.due_at": "a plan, not a deed",
    "Message.sent_at": "the worker sends",
    "Notice.created_at": "made by a sweep",
    "Plan.finished_at": "the solver finishes",
    "User.created_at": "the roster import that made the account is recorded there",
    "Visit.executive_briefed_at": "each ticks his own briefing",
    "Visit.host_briefed_at": "each ticks his own briefing",
    "Visit.invited_at": "publishing the season invites; the season says who",
    "WebhookDelivery.created_at": "made when the event is told",
    "WebhookDelivery.due_at": "a plan, not a deed",
    "WebhookDelivery.sent_at": "the worker sends",
}
# Pairs that may come apart, and why
UNTIED = {
    "Plan.adopted": "a command adopts a plan too, and nobody is signed in there",
    "QuestionnaireVersion.published": "the built-in questionnaires come published",
    "Round.opened": "the calendar opens most rounds",
    "Round.closed": "the calendar closes most rounds",
    "SeasonHost.answered": "a season file may count hosts as willing",
}


def own_models():
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in APPS]


def columns(model, suffix, kind):
    return {field.name.removesuffix(suffix) for field in model._meta.local_fields if _is(field, suffix, kind)}


def _is(field, suffix, kind):
    return field.name.endswith(suffix) and isinstance(field, kind)


def label(model, name):
    return f"{model.__name__}.{name}"


def test_every_deed_names_its_doer():
    alone = {
        label(model, f"{deed}_at")
        for model in own_models()
        for deed in columns(model, "_at", models.DateTimeField) - columns(model, "_by", models.ForeignKey)
    }
    assert alone - set(WITHOUT_BY) == set()


def test_every_doer_has_a_moment():
    alone = [
        label(model, f"{deed}_by")
        for model in own_models()
        for deed in columns(model, "_by", models.ForeignKey) - columns(model, "_at", models.DateTimeField)
    ]
    assert alone == []


def test_the_database_ties_them_together():
    """Given a pair that may be empty, a check constraint mentions both halves."""
    loose = {
        label(model, deed)
        for model in own_models()
        for deed in columns(model, "_at", models.DateTimeField) & columns(model, "_by", models.ForeignKey)
        if model._meta.get_field(f"{deed}_at").null and not _tied(model, f"{deed}_at", f"{deed}_by")
    }
    assert loose - set(UNTIED) == set()


def _tied(model, *names):
    checks = (rule for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint))
    return any(all(name in str(rule.condition) for name in names) for rule in checks)


def test_no_exception_outlives_its_column():
    known = {label(model, field.name) for model in own_models() for field in model._meta.local_fields}
    pairs = {name.removesuffix("_at") for name in known}

    assert set(WITHOUT_BY) - known == set()
    assert set(UNTIED) - pairs == set()
