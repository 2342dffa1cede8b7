"""What a file is, told by its bytes and never by its name; the name must say the same."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.attachments import images
from issues.attachments.errors import Unfit
from issues.attachments.office import COMMENT, END, END_LENGTH, office_kind

LARGEST = 10 * 1024**2  # bytes
HEAD = 1024
MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php)", re.IGNORECASE)
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
PROGRAMS = re.compile(r"\s*(#!|%!PS|\{\\rtf|@echo|<[a-z!?/])", re.IGNORECASE)
ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia|XFA)\b")
HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    """``endings``: how a name of this kind ends; the first is given to a name without one."""

    name: str
    label: str | Promise
    content_type: str
    endings: tuple[str, ...]


_ALL = [
    Kind("pdf", "PDF", "application/pdf", (".pdf",)),
    Kind("png", gettext_lazy("PNG image"), "image/png", (".png",)),
    Kind("jpeg", gettext_lazy("JPEG image"), "image/jpeg", (".jpg", ".jpeg")),
    Kind("gif", gettext_lazy("GIF image"), "image/gif", (".gif",)),
    Kind("webp", gettext_lazy("WebP image"), "image/webp", (".webp",)),
    Kind("csv", "CSV", "text/csv", (".csv", ".tsv")),
    Kind("text", gettext_lazy("text"), "text/plain", (".txt", ".text", ".log", ".md")),
    Kind("docx", "Word", f"{OFFICE}wordprocessingml.document", (".docx",)),
    Kind("xlsx", "Excel", f"{OFFICE}spreadsheetml.sheet", (".xlsx",)),
    Kind("pptx", "PowerPoint", f"{OFFICE}presentationml.presentation", (".pptx",)),
]
KINDS = {kind.name: kind for kind in _ALL}
ENDINGS = [ending for kind in _ALL for ending in kind.endings]


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of a file whose cleaned name is ``name``. Raises Unfit for everything that is not on the list, is broken,
    too large, or is two things at once."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Unfit(_("This file is empty."))
    if len(data) > LARGEST:
        raise Unfit(_("This file is larger than 10 MB. Make it smaller, or link to where it lies."))
    kind = _by_content(data, name)
    ending = PurePosixPath(name).suffix.lower()
    if ending and ending not in kind.endings:
        words = _("This is a file of the kind %(kind)s, but its name ends in %(ending)s. Give it its own ending.")
        raise Unfit(words % {"kind": kind.label, "ending": ending})
    return kind


def _by_content(data: bytes, name: str) -> Kind:
    for magic, check in MAGIC:
        if data.startswith(magic):
            return KINDS[check(data)]
    _check_text(data)
    return KINDS["csv" if name.lower().endswith(KINDS["csv"].endings) else "text"]


def _image(kind: str) -> Callable[[bytes], str]:
    def check(data: bytes) -> str:
        if kind == "webp" and data[8:12] != b"WEBP":
            raise _unknown()
        images.check(kind, data)
        if MARKUP.search(data[:HEAD]) or b"%PDF-" in data[:HEAD] or _is_archive(data):
            raise Unfit(_("Something else is hidden in this file. Save it anew and add it then."))
        return kind

    return check


def _is_archive(data: bytes) -> bool:
    """True when the same bytes open as a ZIP: its end is looked for from behind."""
    place = data.rfind(END, max(len(data) - END_LENGTH - COMMENT, 0))
    return place >= 0 and len(data) - place >= END_LENGTH


def _pdf(data: bytes) -> str:
    if b"%%EOF" not in data[-2 * HEAD :] or not re.match(rb"%PDF-[12]\.\d", data):
        raise Unfit(_("This PDF is broken: a program that shows it would fail."))
    if _is_archive(data) or MARKUP.search(data[:HEAD]):
        raise Unfit(_("Something else is hidden in this file. Save it anew and add it then."))
    plain = HEX_NAME.sub(lambda found: bytes([int(found[1], 16)]), data)
    if ACTIVE_PDF.search(plain):
        raise Unfit(_("This PDF can run programs or holds other files. Print it to PDF anew and add that."))
    return "pdf"


MAGIC: tuple[tuple[bytes, Callable[[bytes], str]], ...] = (
    (b"%PDF-", _pdf),
    (images.PNG, _image("png")),
    (b"\xff\xd8\xff", _image("jpeg")),
    (b"GIF87a", _image("gif")),
    (b"GIF89a", _image("gif")),
    (b"RIFF", _image("webp")),
    (b"PK\x03\x04", office_kind),
)


def _check_text(data: bytes) -> None:
    """Raises Unfit unless these bytes are words to read: no binary, no markup, no program."""
    text = _decoded(data)
    if text is None or CONTROLS.search(text) or PROGRAMS.match(text.lstrip("\ufeff")):
        raise _unknown()
    if MARKUP.search(text[: 4 * HEAD].encode()):
        raise _unknown()


def _decoded(data: bytes) -> str | None:
    sixteen = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if sixteen else ["utf-8-sig", "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _unknown() -> Unfit:
    kinds = ", ".join(str(kind.label) for kind in _ALL)
    return Unfit(_("Files of this kind are not kept here. These are: %(kinds)s.") % {"kinds": kinds})
