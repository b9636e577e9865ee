"""Moving a booking in the calendar: by drag, by keys, picked up and put down, and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casewell.appointments.clock_times import DoubledTime
from casewell.appointments.forms import TimeForm
from casewell.appointments.models import Booking, reach
from casewell.appointments.place_forms import PlaceForm
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.web.meanwhile import told
from casewell.web.requests import key_in
from casewell.web.series import MOST_TOLD, clashes_in, reach_in
from casewell.web.views.calendar_tiles import place_of
from casewell.web.views.fits import words_of_fits

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.models import Attendee
    from casewell.web.requests import PracticeRequest

CONFLICT, REFUSED = 409, 422


@require_http_methods(["GET", "POST"])
def place(request: PracticeRequest, pk: int) -> HttpResponse:
    """Where a booking is, as data; POST moves it, and says how it can be undone.

    With `reach`, others of its series go along; with `former_start` and the like, which say where
    it was before, they follow it to where it is. 409 where it is not as the sender has `seen` it,
    422 where it may not go there: `refusal` says why, `choices` which of two doubled times there
    are.
    """
    rows = request.account.bookings.select_related("account", "business", "practitioner")
    if request.method == "GET":
        return JsonResponse({"booking": place_of(get_object_or_404(rows, pk=pk))})
    one = get_object_or_404(rows.select_for_update(of=("self",), no_key=True), pk=pk)
    stale = _stale(request, one)
    if stale:
        return _refused(one, stale, CONFLICT)
    form, former = PlaceForm(request.POST, booking=one), one.elsewhere()
    if not form.is_valid():
        return _refused(one, "Somebody who works here, at one of the businesses.", REFUSED)
    try:
        if "former_start" in request.POST:
            former = one.elsewhere(**_former_place(request, one))
            moved = reach.follow(one, former, reach_in(request), by=request.actor)
        else:
            moved = reach.move(one, reach_in(request), by=request.actor, **form.places())
    except DoubledTime as doubled:
        return _refused(former, str(doubled), REFUSED, choices=doubled.choices)
    except RuleViolation as refusal:
        return _refused(former, str(refusal), REFUSED)
    return JsonResponse(_moved(request, one, former, moved))


def _former_place(request: PracticeRequest, one: Booking) -> dict[str, Any]:
    """Where the sender says that the booking was before. Raises RuleViolation."""
    names = ("business", "practitioner", "start", "end")
    form = PlaceForm({n: request.POST.get(f"former_{n}", "") for n in names}, booking=one)
    if not form.is_valid():
        raise RuleViolation("Nobody knows where it was before.")
    return form.places()


def _stale(request: PracticeRequest, one: Booking) -> str:
    """Who changed the booking since it was seen; empty where nobody did."""
    if request.POST.get("seen", one.version) == one.version:
        return "It is in the calendar no more." if one.cancelled_at or one.archived_at else ""
    latest = request.account.changes.of(one).select_related("user").first()
    return f"Somebody was faster: {told(latest, one)}." if latest else "Somebody was faster."


def _refused(one: Booking, why: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"refusal": why, "booking": place_of(one)} | more, status=status)


def _moved(
    request: PracticeRequest, one: Booking, former: Booking, moved: list[Booking]
) -> dict[str, Any]:
    """What became of it and, unless this took a move back, the form that takes it back.

    `too` is the form by which those of its series that follow are moved as well.
    """
    back = request.POST.get("undo") == "yes"
    where = {
        "business": former.business_id,
        "practitioner": former.practitioner_id,
        "start": former.starts_at.isoformat(),
        "end": former.ends_at.isoformat(),
    }
    others = [each for each in moved if each.pk != one.pk]
    undo = where | {"seen": one.version}
    if others:
        undo["reach"] = reach_in(request).value
    said = _sentence(one, former, back=back)
    if others:
        said += f", and {len(others)} more of the series"
    return {
        "said": said,
        "clashes": [*map(str, one.clashing()), *clashes_in(others)[:MOST_TOLD]],
        "booking": place_of(one),
        "undo": None if back else undo,
        "fits": None if back else words_of_fits(request, one),
        "too": None if back or others else _too(one, former, where),
    }


def _too(one: Booking, former: Booking, where: dict[str, Any]) -> dict[str, Any] | None:
    """The form that has those follow that come after it in its series; None where none do."""
    following = reach.following(one, former.starts_at)
    if not following:
        return None
    form = {f"former_{name}": value for name, value in where.items()}
    words = "The one that follows too" if following == 1 else f"The {following} that follow too"
    return {
        "label": words,
        "form": form | {"reach": reach.Reach.FOLLOWING.value, "seen": one.version},
    }


def _sentence(one: Booking, former: Booking, *, back: bool) -> str:
    words, start, end = formats(), one.local_start, one.local_end
    when = f"{words.weekday(start)}, {words.clock(start)}"
    place = f"{when} with {one.practitioner}"
    if one.business_id != former.business_id:
        place += f" at {one.business}"
    same = ("business_id", "practitioner_id", "starts_at")
    if back:
        return f"{_who(one)} is back: {place}"
    if all(getattr(one, name) == getattr(former, name) for name in same):
        span = f"{words.clock(start, short=True)} – {words.clock(end)}"
        return f"{_who(one)} now takes {one.minutes} min, {span}"
    return f"{_who(one)} moved to {place}"


def _who(one: Booking) -> str:
    if one.is_block:
        return one.notes[:60] or str(one.unavailable_block_type or "Unavailable time")
    if one.kind == Booking.Kind.GROUP:
        return f"The class “{one.appointment_type}”"
    visit = one.attendees.live().select_related("patient").order_by("id").first()
    return str(visit.patient) if visit else "The appointment"


def carried(one: Booking, visit: Attendee | None) -> dict[str, Any]:
    """What the calendar needs to know of a booking that is picked up."""
    kind = one.appointment_type or one.unavailable_block_type
    block = one.notes[:60] or str(kind or "Unavailable time")
    who = str(visit.patient) if visit else "" if one.is_block else str(kind)
    return place_of(one) | {
        "who": who or block,
        "kind": one.kind,
        "patient": who,
        "title": block if one.is_block else str(kind) if visit else "Class",
        "colour": kind.color if kind else "",
        "case": "",
        "marks": [],
        "url": reverse("booking", args=[one.account.slug, one.pk]),
    }


def clashes(request: PracticeRequest) -> HttpResponse:
    """What speaks against a time that is being chosen for a booking, or for a block."""
    form = TimeForm(request.GET)
    known = request.account.bookings.select_related("business", "practitioner")
    one = known.filter(pk=key_in(request.GET.get("booking"))).first()
    in_class = "class" in request.GET
    context: dict[str, Any] = {"form": form, "booking": one, "block": one is None}
    context["in_class"] = in_class
    if form.is_valid():
        kind = Booking.Kind.GROUP if in_class else Booking.Kind.BLOCK
        blank = Booking(account=request.account, kind=kind)
        context["clashes"] = (one or blank).elsewhere(**form.span()).clashing()
    elif "date" in form.data:
        context["skipped"] = form.errors.get("time", [])
    return render(request, "bookings/clashes.html", context)
