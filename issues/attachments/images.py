"""Images, read only as far as their size and their end: nothing is ever unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from issues.attachments.errors import Unfit

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 20_000
MOST_CHUNKS = 50_000
PNG = b"\x89PNG\r\n\x1a\n"
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # JPEG segments that start with the image's size
BARE = {0x01, *range(0xD0, 0xD9)}  # JPEG markers without a length

Size = tuple[int, int]


def check(kind: str, data: bytes) -> None:
    """Raises Unfit unless the image is whole, ends where its file ends, and is no larger than people can look at."""
    size = READERS[kind](data)
    if size is None or not all(size):
        raise Unfit(_("This image is broken: a program that shows it would fail."))
    width, height = size
    if max(size) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise Unfit(_("This image is %(width)d × %(height)d pixels large. Make it smaller first.") % dict(
            zip(("width", "height"), size, strict=True)))  # fmt: skip


def _number(data: bytes, start: int, length: int, order: str = "big") -> int:
    return int.from_bytes(data[start : start + length], "little" if order == "little" else "big")


def _png(data: bytes) -> Size | None:
    """Its size, when its chunks end with the file."""
    chunks = list(islice(_png_chunks(data), MOST_CHUNKS))
    if not chunks or chunks[0] != (b"IHDR", 8, 13) or chunks[-1] != (b"IEND", len(data) - 12, 0):
        return None
    return _number(data, 16, 4), _number(data, 20, 4)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(name, where it starts, how long it says it is)."""
    place = len(PNG)
    while place + 12 <= len(data):
        length, name = _number(data, place, 4), data[place + 4 : place + 8]
        yield name, place, length
        place += 12 + length
        if name == b"IEND":
            return


def _jpeg(data: bytes) -> Size | None:
    """Its size from the first frame; a camera's extras may follow the end of the image."""
    place = 2
    for _step in range(MOST_CHUNKS):
        if place + 9 > len(data) or data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker in FRAMES:
            return (_number(data, place + 7, 2), _number(data, place + 5, 2)) if b"\xff\xd9" in data[place:] else None
        if marker in (0xD9, 0xDA):
            return None
        place += 1 if marker == 0xFF else 2 if marker in BARE else 2 + max(_number(data, place + 2, 2), 2)
    return None


def _gif(data: bytes) -> Size | None:
    if len(data) < 14 or data[-1] != 0x3B:
        return None
    return _number(data, 6, 2, "little"), _number(data, 8, 2, "little")


def _webp(data: bytes) -> Size | None:
    """Its size from the first of the three kinds of chunk it can begin with."""
    if len(data) < 30 or _number(data, 4, 4, "little") + 8 != len(data):
        return None
    if data[12:16] == b"VP8X":
        return _number(data, 24, 3, "little") + 1, _number(data, 27, 3, "little") + 1
    if data[12:16] == b"VP8L":
        bits = _number(data, 21, 4, "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if data[12:16] == b"VP8 ":
        return _number(data, 26, 2, "little") & 0x3FFF, _number(data, 28, 2, "little") & 0x3FFF
    return None


READERS = {"png": _png, "jpeg": _jpeg, "gif": _gif, "webp": _webp}
