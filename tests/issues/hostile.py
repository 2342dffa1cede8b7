"""Small files of every kind, honest and hostile, made on the spot."""

import io
import struct
import zipfile
import zlib

OFFICE_TYPES = '<?xml version="1.0"?><Types><Default Extension="xml" ContentType="application/xml"/>{}</Types>'
MACROS = '<Override PartName="/x" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=2, height=2, extra=b""):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 3 * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg(width=2, height=2, comment=b"made by a test"):
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    parts = [(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), (0xFE, comment), (0xC0, frame)]
    segments = b"".join(b"\xff" + bytes([mark]) + struct.pack(">H", len(data) + 2) + data for mark, data in parts)
    return b"\xff\xd8" + segments + b"\xff\xda\x00\x02\x00\xff\xd9"


def gif(width=2, height=2):
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x00\x00\x00" + b"\x2c\x00\x00" + b"\x3b"


def webp(width=2, height=2):
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4)
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_lossless(width=2, height=2):
    body = b"WEBPVP8L" + struct.pack("<I", 9) + b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(5)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_lossy(width=2, height=2):
    body = b"WEBPVP8 " + struct.pack("<I", 10) + b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(inside=b""):
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog" + inside + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


def office(main="word/document.xml", types="", **parts):
    return archive({"[Content_Types].xml": OFFICE_TYPES.format(types), "_rels/.rels": "<x/>", main: "<x/>"} | parts)


def docx(**parts):
    return office("word/document.xml", **parts)


def xlsx(**parts):
    return office("xl/workbook.xml", **parts)


def pptx(**parts):
    return office("ppt/presentation.xml", **parts)


def bomb():
    """300 MB of nothing in 300 kB."""
    return docx(**{"word/media/a.xml": bytes(100 * 1024**2), "word/media/b.xml": bytes(200 * 1024**2)})


def many_parts():
    return docx(**{f"word/{number}.xml": "" for number in range(6000)})


def lying_count():
    """An archive whose end says that it has 65,535 parts in a list of 4 GB."""
    data = bytearray(docx())
    place = data.rfind(b"PK\x05\x06")
    data[place + 8 : place + 16] = b"\xff" * 8
    return bytes(data)


def lying_types():
    """Types that say they are small and unpack to 64 MB."""
    data = bytearray(archive({"[Content_Types].xml": bytes(64 * 1024**2), "_rels/.rels": "", "word/document.xml": ""}))
    place = data.find(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 1000)
    return bytes(data)


def encrypted():
    data = bytearray(docx())
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.find(mark)
        data[place + flags] |= 1
    return bytes(data)


HONEST = {
    "report.pdf": (pdf(), "application/pdf"),
    "photo.png": (png(), "image/png"),
    "photo.JPG": (jpeg(), "image/jpeg"),
    "phone.jpeg": (jpeg() + b"what a camera adds", "image/jpeg"),
    "moving.gif": (gif(), "image/gif"),
    "small.webp": (webp(), "image/webp"),
    "lossless.webp": (webp_lossless(), "image/webp"),
    "lossy.webp": (webp_lossy(), "image/webp"),
    "notes.txt": ("Ünder 5 minutes < 7".encode(), "text/plain"),
    "old.txt": ("Größe".encode("cp1252"), "text/plain"),
    "wide.txt": ("Größe".encode("utf-16"), "text/plain"),
    "calls.csv": (b"team;minutes\r\nBilling;19\r\n", "text/csv"),
    "letter.docx": (docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "times.xlsx": (
        xlsx(**{"xl/printerSettings/printerSettings1.bin": b"x"}),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "talk.pptx": (pptx(), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
HOSTILE = {
    "empty": ("a.txt", b""),
    "only blanks": ("a.txt", b" \r\n\t" * 100),
    "only zeros": ("a.png", bytes(4096)),
    "too large": ("a.txt", b"a" * (10 * 1024**2 + 1)),
    "program": ("setup.pdf", b"MZ\x90\x00\x03" + bytes(200)),
    "elf": ("a.txt", b"\x7fELF\x02\x01" + bytes(60)),
    "html": ("page.html", b"<!doctype html><script>alert(1)</script>"),
    "html as png": ("photo.png", b"<html><script>alert(1)</script></html>"),
    "html as text": ("a.txt", b"  \n<HTML><body onload=alert(1)>"),
    "html late in a text": ("a.csv", b"a;b\n" * 50 + b"<script>alert(1)</script>"),
    "svg": ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "svg as png": ("drawing.png", b'<?xml version="1.0"?><svg onload="alert(1)"/>'),
    "wide html": ("a.txt", "<html><script>".encode("utf-16")),
    "shell script": ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
    "rtf": ("a.txt", b"{\\rtf1 hello}"),
    "batch": ("a.txt", b"@echo off\r\n"),
    "png named pdf": ("a.pdf", png()),
    "pdf named png": ("a.png", pdf()),
    "text named exe": ("a.exe", b"hello"),
    "double ending": ("report.pdf.exe", pdf()),
    "hidden ending": ("report\u202efdp.exe", pdf()),
    "huge png": ("a.png", png(60_000, 60_000)),
    "long png": ("a.png", png(40_000, 10)),
    "huge gif": ("a.gif", gif(65_535, 65_535)),
    "huge jpeg": ("a.jpg", jpeg(65_000, 65_000)),
    "huge webp": ("a.webp", webp(16_000_000, 16_000_000)),
    "png of no size": ("a.png", png(0, 2)),
    "png cut off": ("a.png", png()[:-6]),
    "png with a long lie": ("a.png", png()[:33] + struct.pack(">I", 2**31 - 1) + b"IDAT"),
    "png and zip": ("a.png", png() + archive({"x": "y"})),
    "png and html": ("a.png", png(extra=chunk(b"tEXt", b"x\x00<script>alert(1)</script>"))),
    "gif and zip": ("a.gif", gif()[:-1] + archive({"x": "y"}) + b"\x3b"),
    "gif and script": ("a.gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//"),
    "jpeg and zip": ("a.jpg", jpeg() + archive({"x": "y"})),
    "jpeg and pdf": ("a.jpg", jpeg(comment=pdf())),
    "jpeg and html": ("a.jpg", jpeg(comment=b"<script>alert(1)</script>")),
    "jpeg without an image": ("a.jpg", b"\xff\xd8\xff\xd9" + bytes(20)),
    "jpeg of marks": ("a.jpg", b"\xff\xd8" + b"\xff" * 100_000),
    "wave as webp": ("a.webp", b"RIFF\x04\x00\x00\x00WAVE" + bytes(40)),
    "webp that lies": ("a.webp", webp() + b"more"),
    "pdf cut off": ("a.pdf", pdf()[:-8]),
    "pdf and zip": ("a.pdf", pdf() + archive({"x": "y"}) + b"%%EOF"),
    "pdf with script": ("a.pdf", pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>")),
    "pdf with a hidden script": ("a.pdf", pdf(b"/OpenAction<</S/J#61vaScript/JS(app.alert(1))>>")),
    "pdf that starts a program": ("a.pdf", pdf(b"/A<</S/Launch/F(cmd.exe)>>")),
    "pdf with files": ("a.pdf", pdf(b"/Names<</EmbeddedFile 1>>")),
    "html before a pdf": ("a.pdf", b"<script>alert(1)</script>" + pdf()),
    "zip": ("a.zip", archive({"a.txt": "x"})),
    "zip as docx": ("a.docx", archive({"a.txt": "x"})),
    "zip bomb": ("a.docx", bomb()),
    "archive of thousands": ("a.docx", many_parts()),
    "archive that lies about its parts": ("a.docx", lying_count()),
    "archive that lies about its types": ("a.docx", lying_types()),
    "archive cut off": ("a.docx", docx()[:-30]),
    "only an archive's beginning": ("a.docx", b"PK\x03\x04" + bytes(100)),
    "something before an archive": ("a.docx", b"PK\x03\x04" + bytes(50) + docx()),
    "something behind an archive": ("a.docx", docx() + b"<script>alert(1)</script>"),
    "macros": ("a.docx", docx(**{"word/vbaProject.bin": b"x"})),
    "macros by type": ("a.docx", docx(types=MACROS)),
    "docm named docx": ("a.docx", office(types=MACROS, **{"word/vbaData.xml": "x"})),
    "excel 4 macros": ("a.xlsx", xlsx(**{"xl/macrosheets/sheet1.xml": "x"})),
    "embedded object": ("a.pptx", pptx(**{"ppt/embeddings/oleObject1.bin": b"x"})),
    "embedded program": ("a.docx", docx(**{"word/embeddings/run.exe": b"MZ"})),
    "remote template": (
        "a.docx",
        docx(**{"word/_rels/settings.xml.rels": '<Relationship Type="x/attachedTemplate" TargetMode="External"/>'}),
    ),
    "entities": ("a.docx", docx(types='<!DOCTYPE x [<!ENTITY a "b">]>')),
    "paths that lead out": ("a.docx", docx(**{"../../etc/passwd": "x"})),
    "two kinds at once": ("a.docx", docx(**{"xl/workbook.xml": "x"})),
    "password": ("a.docx", encrypted()),
    "odt": ("a.docx", archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"})),
    "old word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    "nul bytes": ("a.csv", b"a;b\x00;c"),
    "control characters": ("a.txt", b"a\x1b[31mred"),
}
