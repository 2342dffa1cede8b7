"""The one way in: bytes, a path or an open file become a Table, or are refused with the reason."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from people.roster.errors import RosterRefused
from people.roster.reading import delimited, kinds, workbook
from people.roster.reading.table import MAX_BYTES, Table


def read_table(source: bytes | Path | BinaryIO, *, header: bool = True) -> Table:
    """The table in ``source``; ``header`` False: its first line is already data.

    Size, kind and a workbook's unpacked size are checked before anything is parsed. Raises RosterRefused.
    """
    raw = _bytes(source)
    kinds.refuse_foreign(raw)
    if kinds.is_zip(raw):
        kinds.refuse_unless_workbook(raw)
        table = workbook.read(raw, header=header)
    else:
        table = delimited.read(raw, header=header)
    if next(table.rows(), None) is None:
        raise RosterRefused(_("The file has no rows below its header."))
    return table


def _bytes(source: bytes | Path | BinaryIO) -> bytes:
    if isinstance(source, bytes):
        size = len(source)
    elif isinstance(source, Path):
        size = _size_of(source)
    else:
        size = source.seek(0, os.SEEK_END)
        source.seek(0)
    if size > MAX_BYTES:
        megabytes = MAX_BYTES // 1024**2
        raise RosterRefused(_("The file is larger than %(megabytes)d MB.") % {"megabytes": megabytes})
    return source if isinstance(source, bytes) else _read(source)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error


def _read(source: Path | BinaryIO) -> bytes:
    if not isinstance(source, Path):
        return source.read()
    try:
        return source.read_bytes()
    except OSError as error:
        raise _unreadable(source, error) from error


def _unreadable(path: Path, error: OSError) -> RosterRefused:
    return RosterRefused(_("%(file)s cannot be read: %(reason)s.") % {"file": path.name, "reason": error.strerror})
