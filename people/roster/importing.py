"""The dry run and the import: one and the same judgement, the second one also writes it, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.errors import Conflict
from people.models import AuditEvent, Executive, Host, RosterEntry, RosterImport, User
from people.roster.applying import Person
from people.roster.columns import Columns, refuse_unless_complete, refuse_unless_people
from people.roster.judging import Judge, Judgement
from people.roster.reading import Table
from people.roster.verdicts import Report

BATCH = 1000
USER_COLUMNS = (
    "name", "name_key", "email", "email_key", "contact_email", "employee_number", "employee_number_key", "time_zone",
    "languages",
)  # fmt: skip
PROFILE_COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Executive: ("level", "business_unit", "home_site", "assistant", "line_manager"),
    Host: ("team", "function", "hired_on", "nominated", "max_visits"),
}


@dataclass(frozen=True)
class Order:
    """What is to be imported, and how: a table, its columns, who asks, and whether names decide."""

    table: Table
    columns: Columns
    by: User | None = None
    by_name: bool = False
    file_name: str = ""

    @property
    def filters_key(self) -> str:
        """What imports of the same part of a file have in common."""
        return hashlib.sha256(json.dumps(self.columns.filters).encode()).hexdigest()


def dry_run(order: Order, *, today: date) -> Report:
    """What importing would do on this day. Writes nothing. Raises RosterRefused when the file is refused as a whole."""
    return _judge(order, today=today).report


def import_roster(order: Order, *, now: datetime) -> tuple[Report, RosterImport]:
    """Add and change people as the file says, leaving out rejected lines, in one transaction.

    Writes the import with everybody it named and one audit event. Raises RosterRefused when the file is refused
    as a whole, Conflict when somebody else changed the same people meanwhile; nothing is changed then.
    """
    try:
        with transaction.atomic():
            judgement = _judge(order, today=timezone.localdate(now), lock=True)
            _write(judgement)
            done = _record(order, judgement, now)
    except IntegrityError as error:
        raise Conflict(_("Somebody else changed the same people just now. Nothing was changed; try again.")) from error
    return judgement.report, done


def _judge(order: Order, *, today: date, lock: bool = False) -> Judgement:
    refuse_unless_people(order.table, order.columns)
    refuse_unless_complete(order.columns)
    judge = Judge(order.table, order.columns, by=order.by, by_name=order.by_name)
    return judge.judge(filters_key=order.filters_key, today=today, lock=lock)


def _write(judgement: Judgement) -> None:
    """New places, then people, then their profiles: each in batches, whatever their number."""
    judgement.places.save()
    people = judgement.people
    new = [person.user for person in people if person.is_new]
    for user in new:
        user.password = UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20)  # ten times faster than make_password(None)
    User.objects.bulk_create(new, batch_size=BATCH)
    _write_users([person for person in people if not person.is_new and person.user_changes])
    for person in people:
        person.profile.user = person.user
    for model, columns in PROFILE_COLUMNS.items():
        mine = [person for person in people if isinstance(person.profile, model)]
        new_profiles = [person.profile for person in mine if not person.has_profile]
        model._default_manager.bulk_create(new_profiles, batch_size=BATCH)
        _upsert(model, [p.profile for p in mine if p.has_profile and p.profile_changes], columns)


def _write_users(people: list[Person]) -> None:
    """Changed people. Keys are let go of first, so that two who swap numbers or addresses do not meet half-way."""
    ids = [person.user.pk for person in people if {"name", "email", "employee_number"} & person.user_changes.keys()]
    for start in range(0, len(ids), BATCH):
        User.objects.filter(pk__in=ids[start : start + BATCH]).update(email_key=None, employee_number_key=None)
    _upsert(User, [person.user for person in people], USER_COLUMNS)


def _upsert(model: type[models.Model], rows: Iterable[Any], columns: Iterable[str]) -> None:
    """Update known rows in few statements: an insert that turns into an update, much faster than bulk_update."""
    key = model._meta.pk.name
    model._default_manager.bulk_create(
        list(rows), update_conflicts=True, unique_fields=[key], update_fields=list(columns), batch_size=BATCH
    )


def _record(order: Order, judgement: Judgement, now: datetime) -> RosterImport:
    counts = judgement.report.counts()
    left = [pk for pk, _name, _key in judgement.report.leavers]
    done = RosterImport.objects.create(
        kind=order.columns.kind, filters=order.columns.filters, filters_key=order.filters_key,
        file_name=order.file_name[:200], imported_at=now, imported_by=order.by, counts={**counts, "left": left},
    )  # fmt: skip
    entries = [RosterEntry(roster=done, user_id=person.user.pk) for person in judgement.people]
    RosterEntry.objects.bulk_create(entries, batch_size=5 * BATCH)
    AuditEvent.objects.create(at=now, by=order.by, verb="roster imported", subject=f"roster:{done.pk}", changes=counts)
    return done
