"""A file on its way in, on screen: kept privately, its columns chosen, dry-run, imported or dropped.

Lock order: the upload first, then what the import locks.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, NotAllowed
from people.keys import fold
from people.models import ColumnMapping, RosterImport, RosterUpload, User
from people.roster.columns import choose, guess
from people.roster.errors import RosterRefused
from people.roster.importing import Order, dry_run, import_roster
from people.roster.reading import Table, read_table
from people.roster.verdicts import Report

KEPT = timedelta(days=7)
MOST_ROWS = 20_000  # as many as one request can judge; the command takes MAX_ROWS


@transaction.atomic
def take_upload(*, file: File[Any], kind: str, header: bool, by: User, now: datetime) -> RosterUpload:
    """Keep a file for its columns to be chosen, in private storage under a name of its own.

    Raises RosterRefused when it cannot be read, or holds more rows than a page can judge.
    """
    _refuse_strangers(by)
    table = read_table(file.file, header=header)  # type: ignore[arg-type]
    if next(itertools.islice(table.rows(), MOST_ROWS, None), None):
        words = _("The file has more than %(rows)d rows. Import it with the command import_roster.")
        raise RosterRefused(words % {"rows": MOST_ROWS})
    drop_old(now=now)
    upload = RosterUpload(
        kind=kind, name=(file.name or "")[-200:], uploaded_at=now, uploaded_by=by, options={"header": header}
    )
    upload.file.save(str(upload.pk), file, save=False)
    upload.save()
    return upload


def table_of(upload: RosterUpload) -> Table:
    """The upload's table. Raises Conflict when its file was dropped meanwhile."""
    try:
        with upload.file.open("rb") as file:
            return read_table(file.read(), header=upload.options["header"])
    except FileNotFoundError as error:
        raise Conflict(_("This file was dropped meanwhile. Upload it again.")) from error


def header_hash(table: Table) -> str:
    """What files with the same header have in common; without a header, those with as many columns."""
    words = [fold(name) or "" for name in table.header] or [f"{table.width} columns"]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def remembered(upload: RosterUpload, table: Table) -> dict[str, Any]:
    """The options to begin with: the upload's own, else those of the last file with this header, else the guess."""
    if "columns" in upload.options:
        return dict(upload.options)
    kept = ColumnMapping.objects.filter(kind=upload.kind, header_hash=header_hash(table)).first()
    if kept:
        return dict(kept.mapping)
    return {"columns": {name: source.label for name, source in guess(table, upload.kind).items()}}


@transaction.atomic
def choose_columns(*, upload_id: UUID, options: Mapping[str, Any], by: User, today: date) -> Report:
    """Keep the columns, conditions and defaults chosen, for this file and the next with its header, and dry-run it.

    ``options``: columns (field → COLUMN), where (list), defaults (field → value), by_name. Raises RosterRefused.
    """
    upload = _lock(upload_id, by)
    table = table_of(upload)
    upload.options = {"header": upload.options["header"], **options}
    report = dry_run(_order(upload, table, by), today=today)
    upload.verdict = report.as_table()
    upload.save(update_fields=["options", "verdict"])
    ColumnMapping.objects.update_or_create(
        kind=upload.kind, header_hash=header_hash(table), defaults={"mapping": dict(options)}
    )
    return report


@transaction.atomic
def finish_upload(*, upload_id: UUID, by: User, now: datetime) -> RosterImport:
    """Import the upload as it was dry-run, then drop the file. Raises RosterRefused or Conflict; nothing is changed then."""
    upload = _lock(upload_id, by)
    if upload.verdict is None:
        raise Conflict(_("Look at the dry run first."))
    _report, done = import_roster(_order(upload, table_of(upload), by), now=now)
    _delete(upload)
    return done


@transaction.atomic
def drop_upload(*, upload_id: UUID, by: User) -> None:
    """Forget an upload and its file."""
    _delete(_lock(upload_id, by))


def drop_old(*, now: datetime) -> None:
    """Forget uploads nobody finished within KEPT."""
    for upload in RosterUpload.objects.filter(uploaded_at__lt=now - KEPT):
        _delete(upload)


def _order(upload: RosterUpload, table: Table, by: User) -> Order:
    options = upload.options
    columns = choose(
        table,
        upload.kind,
        chosen=options.get("columns", {}),
        where=options.get("where", ()),
        defaults=options.get("defaults", {}),
    )
    return Order(table, columns, by=by, by_name=options.get("by_name", False), file_name=upload.name)


def _refuse_strangers(by: User) -> None:
    if not (by.is_admin or "coordinator" in by.grants):
        raise NotAllowed(_("Only coordinators import rosters."))


def _lock(upload_id: UUID, by: User) -> RosterUpload:
    _refuse_strangers(by)
    return RosterUpload.objects.visible_to(by).select_for_update().get(pk=upload_id)


def _delete(upload: RosterUpload) -> None:
    storage, name = upload.file.storage, upload.file.name
    upload.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
