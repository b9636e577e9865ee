"""The search over the whole practice: as one types, and the page with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from casewell.web.found import search as search_all

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

AS_ONE_TYPES, ON_THE_PAGE = 5, 50  # hits of each kind


def found(request: PracticeRequest) -> HttpResponse:
    """The options of the search box."""
    query = request.GET.get("q", "")
    groups = search_all(request.member, query, AS_ONE_TYPES)
    more = any(group.more for group in groups)
    return render(request, "search/found.html", {"groups": groups, "more": more, "q": query})


def search(request: PracticeRequest) -> HttpResponse:
    """All that is found, up to what one can look through."""
    query = request.GET.get("q", "").strip()
    groups = search_all(request.member, query, ON_THE_PAGE)
    context = {"groups": groups, "q": query, "most": ON_THE_PAGE}
    return render(request, "search/search.html", context)
