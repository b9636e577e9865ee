"""Settings: their first page, the practice's defaults, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from casewell.accounts.models import Account, LimitAction
from casewell.accounts.roles import PERMISSIONS, Permission, Role
from casewell.appointments.setting_up import first_step
from casewell.audit.practice_forms import PracticeForm
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.models import BookingQuerySet
    from casewell.web.requests import PracticeRequest

STEPS = [
    ("business", "Add a business", "The place where patients are seen", "settings-business-new"),
    ("practitioner", "Add a practitioner", "They get a column there", "settings-practitioner-new"),
    ("type", "Add an appointment type", "What can be booked, and how long", "settings-type-new"),
]
LISTED = 20


def home(request: PracticeRequest) -> HttpResponse:
    """All sections and, until somebody can book, the steps that are left."""
    lacking = first_step(request.account)
    names = [name for name, *_ in STEPS]
    done = names.index(lacking) if lacking else len(STEPS)
    steps = [
        {"title": title, "why": why, "route": route, "done": n < done, "next": n == done}
        for n, (_, title, why, route) in enumerate(STEPS)
    ]
    context = {"steps": steps if lacking else []}
    return page_of_settings(request, "settings/settings.html", "", context)


def practice(request: PracticeRequest) -> HttpResponse:
    """The defaults; where bookings are kept apart, those that clash all the same."""
    held = Account.objects.select_for_update(no_key=True) if request.POST else Account.objects
    form = PracticeForm(request.POST or None, instance=held.get(pk=request.account.pk))
    if form.is_valid():
        form.save(by=request.actor)
        messages.success(request, "The practice's settings are saved.")
        if form.begins_to_block and (clashes := _clashes(request).count()):
            messages.warning(request, f"{clashes} bookings to come clash already: see below.")
        return redirect("settings-practice", request.account.slug)
    blocks = request.account.booking_conflict_action == LimitAction.BLOCK
    context = {"form": form, "clashes": list(_clashes(request)[:LISTED]) if blocks else []}
    status = 422 if form.is_bound else 200
    template = "settings/practice.html"
    return page_of_settings(request, template, "settings-practice", context, status)


def _clashes(request: PracticeRequest) -> BookingQuerySet:
    today = request.account.bookings.live().filter(ends_at__gt=timezone.now())
    related = today.clashing().select_related("practitioner", "business", "appointment_type")
    return related.order_by("practitioner__last_name", "practitioner_id", "starts_at", "id")


def roles(request: PracticeRequest) -> HttpResponse:
    """The table of permissions, from the code itself."""
    rows = [(p.label, [p in PERMISSIONS[role] for role in Role]) for p in Permission]
    context = {"roles": [role.label for role in Role], "rows": rows}
    return page_of_settings(request, "settings/roles.html", "settings-roles", context)
