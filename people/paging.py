"""Pages of long lists, without counting what nobody counts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

PER_PAGE = 50
COUNTED = 10_000


class CappedPaginator(Paginator):
    """Stops counting after COUNTED rows; pages show "10,000+" from there. ``as_many``: rows of the same number, and quicker
    to count."""

    as_many: QuerySet[Any] | None = None

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list if self.as_many is None else self.as_many
        return len(rows) if isinstance(rows, list) else int(rows.order_by()[: COUNTED + 1].count())

    def page(self, number: int | str) -> Page[Any]:
        """That page. Asks for a whole one: from a smaller limit the database would guess that many rows match."""
        number = self.validate_number(number)
        if self.count > COUNTED:
            return super().page(number)
        start = (number - 1) * self.per_page
        return Page(self.object_list[start : start + self.per_page], number, self)


def page_of(rows: QuerySet[Any] | list[Any], number: str | None, *, as_many: QuerySet[Any] | None = None) -> Page[Any]:
    """The page of that number, or the nearest there is. ``as_many``: rows of the same number, where quicker to count."""
    paginator = CappedPaginator(rows, PER_PAGE)
    paginator.as_many = as_many
    return paginator.get_page(number)
