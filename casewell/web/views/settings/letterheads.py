"""The head of a business's papers: its logo and what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from casewell.audit.letterhead_form import LetterheadForm
from casewell.letters.saying import head_of
from casewell.web.letter_look import height_of_logo, logo_at
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from casewell.web.requests import PracticeRequest

# What was drawn by us, and is the same until another takes its place at another address.
SHOWN_ONLY_HERE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600",
    "X-Content-Type-Options": "nosniff",
}


def letterhead(request: PracticeRequest, pk: int) -> HttpResponse:
    """The form, and beside it the head as it is printed."""
    rows = request.account.businesses.all()
    held = rows.select_for_update(no_key=True) if request.method == "POST" else rows
    business = get_object_or_404(held, pk=pk)
    form = LetterheadForm(request.POST or None, request.FILES or None, instance=business)
    if form.is_valid():
        form.save(by=request.actor)
        messages.success(request, f"The letterhead of {business} is saved.")
        return redirect("settings-letterhead", request.account.slug, pk)
    # as it is kept, whatever was typed
    kept = request.account.businesses.get(pk=pk) if form.is_bound else business
    context = {
        "form": form,
        "business": kept,
        "head": head_of(kept),
        "logo": logo_at(kept),
        "logo_height": height_of_logo(kept),
    }
    status = 422 if form.is_bound else 200
    return page_of_settings(
        request, "settings/letterhead.html", "settings-businesses", context, status
    )


def logo(request: PracticeRequest, pk: int) -> HttpResponse:
    """The picture itself; each has an address of its own by its `?v=`."""
    one = get_object_or_404(request.account.business_logos, business_id=pk)
    return HttpResponse(bytes(one.content), one.media_type, headers=SHOWN_ONLY_HERE)
