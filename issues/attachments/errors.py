"""What a file is refused with."""

from __future__ import annotations

from issues.errors import Refused


class Unfit(Refused):
    """This file is not kept; the words say why and what would be."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")
