"""An address as a QR code: inline SVG, drawn by class, without a style of its own."""

from __future__ import annotations

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of free space around it, as readers ask for


def qr(address: str, label: str) -> SafeString:
    """``label`` says what it leads to. Scannable from a wall: medium error correction, dark on light in every theme."""
    rows = segno.make(address, error="m", micro=False).matrix
    side = len(rows) + 2 * QUIET
    drawn = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<path class="qr-ground" d="M0 0h{}v{}H0z"/><path class="qr-code" d="{}"/></svg>',
        side, side, label, side, side, drawn,
    )  # fmt: skip
