"""What happened to an issue, as its page shows it: the chain of five steps, and everything in one list, newest first."""

from issues.timeline.chain import chain
from issues.timeline.entries import GROUPS, MOST, SHORT, Entry, between, events_of, timeline
from issues.timeline.words import short_day

__all__ = ["GROUPS", "MOST", "SHORT", "Entry", "between", "chain", "events_of", "short_day", "timeline"]
