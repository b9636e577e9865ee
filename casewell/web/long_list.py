"""Long lists as pages: asked for by the address, paged by ids, with columns kept by browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.shortcuts import redirect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse, QueryDict

    from casewell.web.day_filter import DayFilter
    from casewell.web.requests import PracticeRequest

ROWS, MANY_ROWS = 100, 500  # of a page; the latter to print
MOST = 10_000  # rows that are counted and can be paged through
KEPT_FOR = 365 * 24 * 3600


def asked_of(request: PracticeRequest, form: DayFilter, *further: str) -> QueryDict:
    """What the address says of the filter and of the `further` names, without what is open."""
    query = form.query
    for name in further:
        if request.GET.get(name):
            query[name] = request.GET[name]
    return query


def address_of(request: PracticeRequest, asked: QueryDict) -> str:
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def page_of_ids(request: PracticeRequest, found: Any, count: int) -> Page[Any]:
    """The ids of one page of the rows, `count` of which are known."""
    size = MANY_ROWS if request.GET.get("rows") == str(MANY_ROWS) else ROWS
    pages = Paginator(found.values_list("pk", flat=True), size)
    pages.count = min(count, MOST)  # known already: no second count
    page = pages.get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return page


def of_the_list(page: Page[Any], count: int) -> dict[str, Any]:
    """What the pages of all these lists are told: whether there are more than can be paged."""
    longer = count > ROWS and page.paginator.per_page == ROWS
    return {
        "too_many": count > MOST,
        "most": f"{MOST:,}",
        "page_obj": page,
        "many_rows": MANY_ROWS if longer else 0,
    }


def with_columns_kept(
    request: PracticeRequest, asked: QueryDict, cookie: str, chosen: Iterable[Any]
) -> HttpResponse:
    """Keep the chosen columns in this browser; the address goes on without them."""
    response = redirect(address_of(request, asked))
    response.set_cookie(
        cookie,
        ".".join(column.key for column in chosen),
        max_age=KEPT_FOR,
        path=f"/{request.account.slug}/",
        httponly=True,
        samesite="Lax",
    )
    return response
