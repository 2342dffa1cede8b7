"""What a clock shows: the share of time used, a short figure and the words. Pure: days in, words out."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = 80  # per cent of the time used


class Clock(NamedTuple):
    """``left`` is whole days, negative when over; ``used`` per cent of the span; ``hold``: it stands until its date."""

    left: int
    used: int
    hold: bool = False

    @classmethod
    def read(
        cls, *, due: datetime.date | None, today: datetime.date, days: int | None = None,
        started: datetime.date | None = None, hold: bool = False,
    ) -> Clock | None:  # fmt: skip
        """The clock that ends on ``due``, over ``days`` (or since ``started``); None when there is no date."""
        if due is None:
            return None
        return cls.of((due - today).days, days or ((due - started).days if started else None), hold)

    @classmethod
    def of(cls, left: int, span: int | None, hold: bool = False) -> Clock:
        """The clock with ``left`` of ``span`` days to go; without a span it counts as 30."""
        used = 100 - round(100 * left / max(30 if span is None else span, 1))
        return cls(left, max(0, min(used, 100)), hold)

    @property
    def tone(self) -> str:
        """``over``, ``soon`` (from 80 % or on the last day), ``calm``; one on hold is always calm."""
        if self.hold:
            return "calm"
        if self.left < 0:
            return "over"
        return "soon" if self.left <= 1 or self.used >= SOON else "calm"

    def figure(self, date: str) -> str:
        """The short figure beside the ring: "7 d", "today", the date when it stands still."""
        if self.hold:
            return date
        return _("today") if self.left == 0 else _("%(days)d d") % {"days": abs(self.left)}

    def words(self, date: str) -> str:
        """The same as a sentence part, for hidden text and the large clocks."""
        if self.hold:
            return _("on hold until %(date)s") % {"date": date}
        if self.left == 0:
            return _("today")
        if self.left < 0:
            return ngettext("%(days)d day over", "%(days)d days over", -self.left) % {"days": -self.left}
        return ngettext("%(days)d day left", "%(days)d days left", self.left) % {"days": self.left}
