"""Refusals of plans."""

from people.errors import Conflict


class StillSolving(Conflict):
    """Another solve of the season runs."""


class NoLongerFits(Conflict):
    """The season has changed since the plan was made."""
