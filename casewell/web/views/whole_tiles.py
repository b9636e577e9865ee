"""Classes and unavailable blocks as the calendar's tiles: one for each, whoever is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from casewell.appointments.models import Attendee, Booking, ClassCandidate
from casewell.web.views.calendar_tiles import WHERE, Held, placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.appointments.models import BookingQuerySet
    from casewell.web.views.calendar_choice import Choice

NO_COLOUR = "#868e96"


class Whole(NamedTuple):
    """What a class or a block shows, in the order of WHOLE after the columns of `Held`."""

    kind: str
    places: int
    type_name: str | None
    type_colour: str | None
    telehealth: bool | None
    reason: str | None
    reason_colour: str | None
    taken: int
    waiting: int


WHOLE = (
    "kind",
    "max_attendees",
    "appointment_type__name",
    "appointment_type__color",
    "appointment_type__telehealth_enabled",
    "unavailable_block_type__name",
    "unavailable_block_type__color",
    "taken",
    "waiting",
)


def whole_tiles(held: BookingQuerySet, choice: Choice) -> Iterator[dict[str, Any]]:
    """One tile for each class and each unavailable block."""
    rows = held.exclude(kind=Booking.Kind.INDIVIDUAL).annotate(
        taken=_number_of(Attendee.objects.live()),
        waiting=_number_of(ClassCandidate.objects.filter(left_at=None)),
    )
    found: Any = rows.order_by("starts_at", "id").values_list(*Held._fields, *WHOLE)
    for row in found:
        place, whole = Held(*row[:WHERE]), Whole(*row[WHERE:])
        drawn = _block if whole.kind == Booking.Kind.BLOCK else _class
        yield placed(place, choice) | drawn(place, whole)


def _number_of(rows: Any) -> Coalesce:
    """How many of these a booking has."""
    mine = rows.filter(booking=OuterRef("pk")).order_by().values("booking")
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)


def _block(place: Held, block: Whole) -> dict[str, Any]:
    return {
        "kind": "block",
        "patient": "",
        "title": place.notes or block.reason or "Unavailable",
        "colour": block.reason_colour or NO_COLOUR,
        "case": "",
        "marks": [],
    }


def _class(place: Held, whole: Whole) -> dict[str, Any]:
    """It stands under its type; in the place of a case's position, the places taken."""
    return {
        "kind": "group",
        "patient": whole.type_name or "",
        "title": f"Class, {whole.waiting} waiting" if whole.waiting else "Class",
        "colour": whole.type_colour or "",
        "case": f"{whole.taken}/{whole.places}",
        "marks": [mark for mark, holds in _marks(place, whole).items() if holds],
    }


def _marks(place: Held, whole: Whole) -> dict[str, bool]:
    """The facts of a class that its tile marks."""
    return {
        "class_full": whole.taken >= whole.places,
        "waiting": bool(whole.waiting),
        "telehealth": bool(whole.telehealth),
        "note": bool(place.notes),
    }
