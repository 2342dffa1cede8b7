"""What the board's address asks for: the day, sites, units, marks, an opened cell, a chosen visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

MARKS = ("warns", "blocks", "locked", "unanswered")
NAMES = ("day", "site", "unit", "only", "all", "visit")


@dataclass(frozen=True)
class Filters:
    """Empty means: not asked for. ``site`` is a short name, ``unit`` a business unit's id, ``only`` one of MARKS, ``all``
    the cell shown in full, ``visit`` the uuid whose panel is open."""

    day: str = ""
    site: str = ""
    unit: str = ""
    only: str = ""
    all: str = ""
    visit: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Filters:
        """From an address; what makes no sense counts as not asked for."""
        asked = {name: str(data.get(name) or "") for name in NAMES}
        asked["only"] = asked["only"] if asked["only"] in MARKS else ""
        asked["unit"] = asked["unit"] if asked["unit"].isdecimal() else ""
        return cls(**asked)

    def day_or(self, today: date) -> date:
        """The day in the address, else today."""
        try:
            return date.fromisoformat(self.day)
        except ValueError:
            return today

    @property
    def narrows(self) -> bool:
        """Whether some visits of the week are left out."""
        return bool(self.site or self.unit or self.only)

    def url(self, **changes: object) -> str:
        """The address with these changes; without a path, so that it works on the board's own."""
        asked = {name: getattr(self, name) for name in NAMES} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})
