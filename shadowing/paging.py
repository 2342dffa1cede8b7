"""Pages of long lists, without counting what nobody counts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

PER_PAGE = 50
MOST_COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts up to ``MOST_COUNTED`` and one more, which pages show as "10,000+"; a million rows are never counted."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: MOST_COUNTED + 1].count())


def page_of(rows: QuerySet[Any], number: str | None) -> Page[Any]:
    """The page of that number, the nearest one for numbers that do not exist."""
    return CappedPaginator(rows, PER_PAGE).get_page(number)
