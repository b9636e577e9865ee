"""Help: the guides, and whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse

from casewell.web.guides import GUIDES, drawn

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from casewell.web.guides import Guide
    from casewell.web.requests import PracticeRequest


def home(request: PracticeRequest) -> HttpResponse:
    return _page(request, "help/help.html", None)


def page_of_guide(guide: Guide) -> Callable[..., HttpResponse]:
    """The view of one guide."""

    def shown(request: PracticeRequest) -> HttpResponse:
        return _page(request, "help/guide.html", guide)

    return shown


def _page(request: PracticeRequest, template: str, guide: Guide | None) -> HttpResponse:
    slug = request.account.slug
    text, headings = drawn(guide, slug) if guide else ("", [])
    context = {
        "guides": [(one, reverse(f"help-{one.name}", args=[slug])) for one in GUIDES],
        "guide": guide,
        "text": text,
        "headings": headings,
        "contact": settings.HELP_CONTACT,
        "contact_link": contact_link(settings.HELP_CONTACT),
    }
    return render(request, template, context)


def contact_link(contact: str) -> str:
    """How to reach the contact by a click: a web page, e-mail or phone; empty for other words.

    >>> contact_link("help@clinic.example"), contact_link("03 9000 0000"), contact_link("Ask Jo")
    ('mailto:help@clinic.example', 'tel:0390000000', '')
    """
    if contact.startswith(("https://", "http://")):
        return contact
    if " " not in contact and contact.count("@") == 1:
        return f"mailto:{contact}"
    digits = contact.replace(" ", "")
    return f"tel:{digits}" if digits.lstrip("+").isdecimal() else ""
