"""Why a file of unavailable days is refused as a whole."""

from __future__ import annotations

from people.errors import Refused


class NotACalendar(Refused):
    """The file holds no calendar that can be read."""


class FileTooBig(Refused):
    """The file is larger than any calendar or list of days has reason to be."""


class NotAListOfDays(Refused):
    """The file is not a list of ``person,date`` lines."""
