"""Pages of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

PAGE_SIZE = 50


def page_of(
    request: HttpRequest, rows: QuerySet[Any], size: int = PAGE_SIZE, *, count: int | None = None
) -> Page[Any]:
    """The page that `?page=` asks for; the nearest one there is. `count` where it is known."""
    pages = Paginator(rows, size)
    if count is not None:
        pages.count = count  # a cached property, which then asks nothing
    return pages.get_page(request.GET.get("page"))
