"""The refusal of a whole file."""

from people.errors import Refused


class RosterRefused(Refused):
    """The file, or what was asked of it, is refused as a whole: nothing of it goes in."""
