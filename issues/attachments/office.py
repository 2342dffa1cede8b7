"""Word, Excel and PowerPoint files: ZIP archives whose list of contents is read, and of whose parts only two small ones
are unpacked, each to a set length."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _

from issues.attachments.errors import Unfit

END = b"PK\x05\x06"
END_LENGTH = 22
COMMENT = 0xFFFF
MOST_PARTS = 5_000
LARGEST_LIST = 2 * 1024**2  # bytes of the archive's list of contents
LARGEST = 200 * 1024**2  # bytes of all parts, unpacked
TIGHTEST = 200  # times smaller than unpacked
READ = 1024**2  # bytes read of a part at most
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
TYPES, LINKS = "[Content_Types].xml", "word/_rels/settings.xml.rels"
PROGRAMS = (
    "bin exe dll js vbs ps1 hta lnk scr com bat cmd jar msi docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam".split()
)
ACTIVE = re.compile(
    rf"(^|/)(vbaproject|vbadata|activex|macrosheets|dialogsheets)|\.({'|'.join(PROGRAMS)})$", re.IGNORECASE
)
HARMLESS = re.compile(r"^(xl|word|ppt)/printersettings/printersettings\d*\.bin$", re.IGNORECASE)


def office_kind(data: bytes) -> str:
    """ "docx", "xlsx" or "pptx". Raises Unfit for other archives, bombs, macros, and what is hidden before or behind."""
    _check_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_parts(parts, len(data))
            kind = _kind({part.filename for part in parts})
            _check_words(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise Unfit(_("This file is broken: a program that opens it would fail.")) from error
    return kind


def _check_end(data: bytes) -> None:
    """The archive's own end: one disk, a list of contents of sane length, and nothing behind it."""
    place = data.rfind(END, max(len(data) - END_LENGTH - COMMENT, 0))
    end = data[place : place + END_LENGTH]
    if place < 0 or len(end) < END_LENGTH:
        raise Unfit(_("This file is broken: a program that opens it would fail."))
    parts, length, start = (int.from_bytes(end[a:b], "little") for a, b in ((10, 12), (12, 16), (16, 20)))
    comment = int.from_bytes(end[20:22], "little")
    if parts > MOST_PARTS or length > LARGEST_LIST:
        raise _too_large()
    if place + END_LENGTH + comment != len(data) or start + length != place or end[4:8] != bytes(4):
        raise Unfit(_("Something else is hidden in this file. Save it anew and add it then."))


def _check_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST or unpacked > TIGHTEST * max(size, 1024) or len(parts) > MOST_PARTS:
        raise _too_large()
    if len({name.lower() for name in names}) != len(names) or any(_strays(name) for name in names):
        raise Unfit(_("Something else is hidden in this file. Save it anew and add it then."))
    if any(part.flag_bits & 1 for part in parts):
        raise Unfit(_("This file is protected by a password. Save it without one."))
    if any(ACTIVE.search(name) and not HARMLESS.search(name) for name in names):
        raise _macros()


def _strays(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name


def _kind(names: set[str]) -> str:
    found = [kind for kind, main in MAIN.items() if main in names]
    if len(found) != 1 or TYPES not in names or "_rels/.rels" not in names:
        raise Unfit(_("Archives are not kept here. Add the files that are in it one by one."))
    return found[0]


def _check_words(archive: zipfile.ZipFile) -> None:
    """Its types name no macros, and no template is fetched from elsewhere when it is opened."""
    types = _read(archive, TYPES)
    if b"macroenabled" in types or b"vbaproject" in types or b"<!doctype" in types or b"<!entity" in types:
        raise _macros()
    if LINKS in archive.namelist() and b"attachedtemplate" in _read(archive, LINKS):
        raise Unfit(_("This file fetches a template from elsewhere when it is opened. Save it without one."))


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        data = part.read(READ + 1)
    if len(data) > READ:
        raise _too_large()
    return data.replace(b"\x00", b"").lower()  # UTF-16 reads like UTF-8 this way


def _too_large() -> Unfit:
    return Unfit(_("Unpacked this file is larger than 200 MB. Make it smaller first."))


def _macros() -> Unfit:
    return Unfit(_("This file can run programs (macros or embedded objects). Save it without them."))
