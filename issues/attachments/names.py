"""File names as they are kept and sent back: nothing in them that leads elsewhere, hides, or runs."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120  # characters
HIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb<>:"|?*%;\\/]')
PROGRAMS = (
    "exe com bat cmd scr pif js jse vbs vbe wsf hta lnk msi jar ps1 sh php html? xhtml svgz? xml aspx? docm xlsm pptm dll reg "
    "url iso zip rar 7z"
)
RUNS = re.compile(rf"\.({'|'.join(PROGRAMS.split())})(?=\.)", re.IGNORECASE)
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """The last part of a path, without characters that mislead; "file" when nothing is left. The ending stays."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    last = RUNS.sub(r"_\1", HIDDEN.sub("", last))
    last = " ".join(last.split()).strip(". ")
    stem, dot, ending = last.rpartition(".")
    if not dot:
        stem, ending = last, ""
    stem = stem.strip(". ")[: LONGEST - len(ending[:10]) - 1] or "file"
    whole = f"{stem}.{ending[:10]}" if ending else stem
    return f"_{whole}" if RESERVED.match(whole) else whole
