"""Addresses of the search over the whole practice."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import search

SEARCH = [
    page("search", search.search, may=May.SEE_PATIENTS, name="search"),
    page("search/found", search.found, may=May.SEE_PATIENTS, name="search-found"),
]
