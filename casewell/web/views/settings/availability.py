"""Settings: when practitioners are there; each week at each business, and the days that differ.

Whoever arranges the desk's days may change everybody's, a practitioner their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from casewell.accounts.roles import Permission
from casewell.availability.forms import ExceptionForm, WeekForm
from casewell.availability.hours import hours_at, with_hours
from casewell.availability.weeks import set_week
from casewell.web.availability_history import changes_of_practitioner
from casewell.web.history import entries_of
from casewell.web.paging import page_of
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from casewell.accounts.models import Practitioner
    from casewell.availability.hours import Hours
    from casewell.web.requests import PracticeRequest

SECTION, PAGE = "settings-availability", "practitioner-availability"
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """The hours at one business, as its card shows and changes them."""

    hours: Hours
    form: WeekForm
    copied: str = ""  # whose, while they are not saved


def may_change(request: PracticeRequest, one: Practitioner) -> bool:
    """Whether the member may say when that practitioner is there."""
    own = one.user_id is not None and one.user_id == request.user.pk
    return own or request.member.may(Permission.EDIT_AVAILABILITY)


def _held(request: PracticeRequest, pk: int) -> Practitioner:
    one = get_object_or_404(request.account.practitioners, pk=pk)
    if not may_change(request, one):
        raise PermissionDenied(Permission.EDIT_AVAILABILITY.label)
    return one


def everybody(request: PracticeRequest) -> HttpResponse:
    """Whose availability the member may change, and what it is this week."""
    rows = request.account.practitioners.active()
    if not request.member.may(Permission.EDIT_AVAILABILITY):
        rows = rows.filter(user=request.user)
    page = page_of(request, rows.order_by("last_name", "first_name", "id"))
    shown = [one.pk for one in page.object_list]
    known: dict[int, list[Hours]] = {}
    for hours in _all_hours(request, practitioner__in=shown):
        known.setdefault(hours.practitioner.pk, []).append(hours)
    lines = [(one, known.get(one.pk, [])) for one in page.object_list]
    context = {"page_obj": page, "lines": lines}
    return page_of_settings(request, "settings/availability.html", SECTION, context)


def _all_hours(request: PracticeRequest, **which: Any) -> list[Hours]:
    today = request.account.today()
    places = request.account.practitioner_businesses.filter(business__archived_at=None, **which)
    in_order = with_hours(places, today, today).order_by(
        "business_id", "practitioner__last_name", "practitioner__first_name", "id"
    )
    return [hours_at(place) for place in in_order]


def of_practitioner(request: PracticeRequest, pk: int) -> HttpResponse:
    """One practitioner's weeks and exceptions. `copy` shows another's hours, unsaved."""
    return _page(request, _held(request, pk))


def _page(
    request: PracticeRequest,
    one: Practitioner,
    exception: ExceptionForm | None = None,
    refused: tuple[int, WeekForm] | None = None,
) -> HttpResponse:
    everywhere = _all_hours(request, practitioner__active=True)
    own = [hours for hours in everywhere if hours.practitioner == one]
    context = {
        "practitioner": one,
        "weeks": [_week(request, hours, everywhere, refused) for hours in own],
        "others": [hours for hours in everywhere if hours.week is not None],
        "form": exception or ExceptionForm(practitioner=one),
        "days_off": _coming_off(request, one),
        "extra": _coming_extra(request, one),
        "own_only": not request.member.may(Permission.EDIT_AVAILABILITY),
    }
    status = 422 if exception or refused else 200
    return page_of_settings(
        request, "settings/practitioner_availability.html", SECTION, context, status
    )


def _week(
    request: PracticeRequest,
    hours: Hours,
    everywhere: list[Hours],
    refused: tuple[int, WeekForm] | None,
) -> Week:
    prefix = f"at_{hours.business.pk}"
    if refused and refused[0] == hours.business.pk:
        return Week(hours, refused[1])
    if request.GET.get("to") == str(hours.business.pk):
        who, _, where = request.GET.get("copy", "").partition("-")
        for other in everywhere:
            if (str(other.practitioner.pk), str(other.business.pk)) == (who, where):
                form = WeekForm(initial={"hours": _shown(other)}, prefix=prefix)
                return Week(hours, form, f"{other.practitioner} at {other.business}")
    return Week(hours, WeekForm(initial={"hours": _shown(hours)}, prefix=prefix))


def _shown(hours: Hours) -> Any:
    return hours.business.opening_hours if hours.week is None else hours.week


def _coming_off(request: PracticeRequest, one: Practitioner) -> QuerySet[Any]:
    since = request.account.today() - A_WEEK
    rows: Any = request.account.days_off
    found: QuerySet[Any] = rows.live().filter(practitioner=one)
    return (
        found.filter(last_date__gte=since).select_related("business").order_by("first_date", "id")
    )


def _coming_extra(request: PracticeRequest, one: Practitioner) -> list[Any]:
    """Extra hours that are to come, or come again."""
    since = request.account.today() - A_WEEK
    rows: Any = request.account.availability_blocks
    found = (
        rows.live().filter(practitioner=one).select_related("business").order_by("starts_at", "id")
    )
    return [block for block in found if block.lasts_until >= since]


@require_POST
def week(request: PracticeRequest, pk: int, business: int) -> HttpResponse:
    """Give them hours there, or have the opening hours hold again."""
    one = _held(request, pk)
    where = get_object_or_404(request.account.businesses.live(), pk=business)
    form = WeekForm(request.POST, prefix=f"at_{where.pk}")
    if request.POST.get("as") == "open":
        set_week(one, where, None, by=request.actor)
        messages.success(request, f"{one} is at {where} whenever it is open.")
    elif form.is_valid():
        set_week(one, where, form.week(), by=request.actor)
        messages.success(request, f"The hours of {one} at {where} are saved.")
    else:
        return _page(request, one, refused=(where.pk, form))
    return redirect(PAGE, request.account.slug, pk)


@require_POST
def add(request: PracticeRequest, pk: int) -> HttpResponse:
    """Days that differ from the week."""
    one = _held(request, pk)
    form = ExceptionForm(request.POST, practitioner=one)
    if not form.is_valid():
        return _page(request, one, exception=form)
    form.save(by=request.actor)
    messages.success(request, f"The hours of {one} are changed for those days.")
    return redirect(PAGE, request.account.slug, pk)


@require_POST
def remove_day_off(request: PracticeRequest, pk: int) -> HttpResponse:
    return _remove(request, request.account.days_off.live(), pk)


@require_POST
def remove_extra(request: PracticeRequest, pk: int) -> HttpResponse:
    return _remove(request, request.account.availability_blocks.live(), pk)


def _remove(request: PracticeRequest, rows: QuerySet[Any], pk: int) -> HttpResponse:
    record = get_object_or_404(rows.select_related("practitioner"), pk=pk)
    if not may_change(request, record.practitioner):
        raise Http404
    record.remove(by=request.actor)
    messages.success(request, "It is removed, and the usual hours hold.")
    return redirect(PAGE, request.account.slug, record.practitioner_id)


def history(request: PracticeRequest, pk: int) -> HttpResponse:
    """What was changed of a practitioner: details, hours, days that differ."""
    one = _held(request, pk)
    page = page_of(request, changes_of_practitioner(one))
    context = {
        "page_obj": page,
        "entries": entries_of(request.account, page.object_list),
        "section": "settings",
        "today": request.account.today(),
        "of": str(one),
        "back": reverse(PAGE, args=[request.account.slug, pk]),
    }
    return render(request, "history.html", context)
