"""What a file really is, whatever its name says."""

from __future__ import annotations

import io
import zipfile
import zlib

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.roster.errors import RosterRefused
from people.roster.reading import xml

SIGNATURES: tuple[tuple[bytes, str | Promise], ...] = (
    (b"%PDF", gettext_lazy("a PDF")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("an old Excel workbook (.xls) or one with a password")),
    (b"\x1f\x8b", gettext_lazy("a gzip archive")),
    (b"7z\xbc\xaf", gettext_lazy("a 7-Zip archive")),
    (b"Rar!", gettext_lazy("a RAR archive")),
    (b"\x89PNG", gettext_lazy("a picture")),
    (b"\xff\xd8\xff", gettext_lazy("a picture")),
    (b"GIF8", gettext_lazy("a picture")),
    (b"{\\rtf", gettext_lazy("a text document (RTF)")),
    (b"SQLite format 3", gettext_lazy("a database")),
    (b"BEGIN:VCALENDAR", gettext_lazy("a calendar")),
    (b"BEGIN:VCARD", gettext_lazy("an address card")),
    (b"PK\x05\x06", gettext_lazy("an empty ZIP archive")),
    (b"\xff\xfe\x00\x00", gettext_lazy("text in UTF-32")),
    (b"\x00\x00\xfe\xff", gettext_lazy("text in UTF-32")),
)
MARKUP = (b"<!doctype html", b"<html", b"<table", b"<?xml")
OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.spreadsheet": gettext_lazy("an OpenDocument spreadsheet (.ods)"),
    b"application/vnd.oasis.opendocument.text": gettext_lazy("an OpenDocument text"),
}
MAX_MEMBERS = 2_000
MAX_UNPACKED = 100 * 1024**2  # bytes, all sheets together
MAX_PART = 20 * 1024**2  # bytes, any other part that is read whole


def is_zip(raw: bytes) -> bool:
    return raw.startswith(b"PK\x03\x04")


def refuse_foreign(raw: bytes) -> None:
    """Raise RosterRefused, naming what the file is, unless it may be text or a workbook."""
    start = raw[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not raw.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise RosterRefused(_("The file is empty."))
    for signature, what in SIGNATURES:
        if start.startswith(signature) or raw.startswith(signature):
            raise foreign(what)
    if start.lower().startswith(MARKUP):
        raise foreign(_("a web page or XML"))


def foreign(what: object) -> RosterRefused:
    return RosterRefused(_("This is %(what)s. Save it as CSV or XLSX and upload that.") % {"what": what})


def refuse_unless_workbook(raw: bytes) -> None:
    """Look at a ZIP's directory only: raise RosterRefused unless it is an XLSX of bearable size."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise RosterRefused(_("This archive has too many parts to be a workbook."))
            _refuse_unless_xlsx(archive, {member.filename for member in members})
            _refuse_bomb(archive, members)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, zlib.error) as error:
        raise RosterRefused(_("This workbook or archive is damaged and cannot be opened.")) from error


def _refuse_unless_xlsx(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
        raise foreign(OPEN_DOCUMENT.get(archive.read("mimetype").strip(), _("an OpenDocument or e-book file")))
    if "word/document.xml" in names:
        raise foreign(_("a Word document"))
    if "xl/workbook.bin" in names:
        raise foreign(_("a binary Excel workbook (.xlsb)"))
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise foreign(_("a ZIP archive"))


def _refuse_bomb(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """The directory says how large each part unpacks; reading stops there even if it lies. Then what is inside."""
    sheets = [member for member in members if member.filename.startswith("xl/worksheets/")]
    other = [m for m in members if m not in sheets and m.filename.lower().endswith((".xml", ".rels"))]
    large = sum(member.file_size for member in sheets) > MAX_UNPACKED or any(m.file_size > MAX_PART for m in other)
    if large or sum(member.file_size for member in other) > 2 * MAX_PART:
        xml.refuse()
    for member in [*other, *sheets]:
        if member.filename.lower().endswith((".xml", ".rels")):
            xml.refuse_heavy(archive, member)
