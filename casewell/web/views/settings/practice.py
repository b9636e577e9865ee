"""Settings: their first page, the practice's defaults, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from casewell.accounts.models import Account, LimitAction
from casewell.accounts.roles import PERMISSIONS, Permission, Role
from casewell.appointments.setting_up import BEFORE_A_BOOKING, steps_done
from casewell.audit.case_policy_form import CasePolicyForm
from casewell.audit.practice_forms import PracticeForm
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.models import BookingQuerySet
    from casewell.web.requests import PracticeRequest

LISTED = 20


@dataclass(frozen=True)
class Step:
    """A step towards the first booking: where it is taken, and which ones it needs before it."""

    name: str
    title: str
    why: str
    route: str
    after: tuple[str, ...] = ()
    may: Permission = Permission.EDIT_SETTINGS


STEPS = [
    Step(
        "business",
        "Add a business",
        "The place where patients are seen, with its hours",
        "settings-business-new",
    ),
    Step(
        "practitioner",
        "Add a practitioner",
        "They get a column in the calendar",
        "settings-practitioner-new",
        after=("business",),
    ),
    Step("type", "Add an appointment type", "What is booked, and how long", "settings-type-new"),
    Step(
        "people",
        "Invite who works with you",
        "Each with a sign-in and a role of their own",
        "settings-users",
        may=Permission.EDIT_USERS,
    ),
    Step(
        "booking",
        "Book the first appointment",
        "In the calendar, with a new patient",
        "calendar",
        after=BEFORE_A_BOOKING,
    ),
]


def home(request: PracticeRequest) -> HttpResponse:
    """All sections and, until the first booking, the steps that are left."""
    done = steps_done(request.account)
    steps = [] if done["booking"] and done["business"] else _steps(request, done)
    return page_of_settings(request, "settings/settings.html", "", {"steps": steps})


def _steps(request: PracticeRequest, done: dict[str, bool]) -> list[dict[str, Any]]:
    invited = request.account.invitations.pending().exists()
    done["people"] = invited or request.account.memberships.count() > 1
    mine = [step for step in STEPS if request.member.may(step.may)]
    following = next((step for step in mine if not done[step.name]), None)
    return [
        {
            "step": step,
            "done": done[step.name],
            "next": step == following,
            "open": not done[step.name] and all(done[name] for name in step.after),
        }
        for step in mine
    ]


def practice(request: PracticeRequest) -> HttpResponse:
    """The defaults; where bookings are kept apart, those that clash all the same."""
    held = Account.objects.select_for_update(no_key=True) if request.POST else Account.objects
    form = PracticeForm(request.POST or None, instance=held.get(pk=request.account.pk))
    if form.is_valid():
        form.save(by=request.actor)
        clashes = _clashes(request).count() if form.begins_to_block else 0
        told = f" {clashes} bookings to come clash already: see the list." if clashes else ""
        messages.success(request, f"The practice's settings are saved.{told}")
        return redirect("settings-practice", request.account.slug)
    blocks = request.account.booking_conflict_action == LimitAction.BLOCK
    found = list(_clashes(request)[: LISTED + 1]) if blocks else []
    context = {"form": form, "clashes": found[:LISTED], "more": len(found) > LISTED}
    status = 422 if form.is_bound else 200
    template = "settings/practice.html"
    return page_of_settings(request, template, "settings-practice", context, status)


def _clashes(request: PracticeRequest) -> BookingQuerySet:
    today = request.account.bookings.live().filter(ends_at__gt=timezone.now())
    related = today.clashing().select_related("practitioner", "business", "appointment_type")
    return related.order_by("practitioner__last_name", "practitioner_id", "starts_at", "id")


def cases(request: PracticeRequest) -> HttpResponse:
    """What the practice decides about its patient cases."""
    held = Account.objects.select_for_update(no_key=True) if request.POST else Account.objects
    form = CasePolicyForm(request.POST or None, instance=held.get(pk=request.account.pk))
    if form.is_valid():
        form.save(by=request.actor)
        messages.success(request, "The settings of cases are saved.")
        return redirect("settings-cases", request.account.slug)
    status = 422 if form.is_bound else 200
    return page_of_settings(
        request, "settings/cases.html", "settings-cases", {"form": form}, status
    )


def roles(request: PracticeRequest) -> HttpResponse:
    """The table of permissions, from the code itself."""
    rows = [(p.label, [p in PERMISSIONS[role] for role in Role]) for p in Permission]
    context = {"roles": [role.label for role in Role], "rows": rows}
    return page_of_settings(request, "settings/roles.html", "settings-roles", context)
