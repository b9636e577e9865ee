"""Bookings of all kinds in one list, each with the fields of its kind."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, Q, When

from casewell.accounts.roles import Permission
from casewell.api.filters import Flag, Holds, Kind, Moment, Number
from casewell.api.layouts import ByKind
from casewell.api.resource import Listing, Resource, usual_filters
from casewell.api.resources.booking_rows import (
    NO_NUMBER,
    BlockRow,
    GroupRow,
    IndividualRow,
    changed_since,
    of_visits,
    with_visits,
)
from casewell.api.resources.repeat_rules import REPEATED_FROM
from casewell.appointments.models import Attendee, Booking

if TYPE_CHECKING:
    from casewell.accounts.models import Account
    from casewell.api.prepared import Given
    from casewell.api.rows import Row
    from casewell.appointments.models import BookingQuerySet
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet


def inside() -> AttendeeQuerySet:
    """The attendees of a booking, seen from it; of a group, those that have not cancelled."""
    there = Q(cancelled_at=None) | Q(booking__kind=Booking.Kind.INDIVIDUAL)
    rows: AttendeeQuerySet = Attendee.objects.filter(
        there, booking=OuterRef("pk"), archived_at=None
    )
    return rows


def with_patient(key: Given) -> Any:
    return Exists(inside().filter(patient=key))


def in_case(key: Given) -> Any:
    return Exists(inside().filter(case=key))


FILTERS: dict[str, Kind] = usual_filters(
    starts_at=Moment(),
    ends_at=Moment(),
    cancelled_at=Moment(),
    updated_at=Moment("changed_at", changed_since),
    appointment_type_id=Number(),
    business_id=Number(),
    practitioner_id=Number(),
    patient_ids=Holds(with_patient),
    did_not_arrive=Flag("visit_missed"),
    repeated_from_id=REPEATED_FROM,
    invoice_status=Number("visit_invoice_status"),
    treatment_note_status=Number(NO_NUMBER),
    email_reminder_sent=Flag("visit_emailed"),
    sms_reminder_sent=Flag("visit_texted"),
)


ROWS: dict[Booking.Kind, type[Row]] = {
    Booking.Kind.INDIVIDUAL: IndividualRow,
    Booking.Kind.GROUP: GroupRow,
    Booking.Kind.BLOCK: BlockRow,
}


class Bookings(Resource):
    name = "bookings"
    reads = Permission.SEE_CALENDAR
    hides = ("archived_at", "cancelled_at")
    lists = (Listing(), Listing(within="patient_cases", through=in_case, older=True))
    filters: ClassVar = FILTERS
    sorted_by: ClassVar = {"updated_at": "changed_at"}
    joined: ClassVar = of_visits(FILTERS)

    @cached_property
    def layout(self) -> ByKind:
        return ByKind({kind.value: row for kind, row in ROWS.items()}, "kind", self.name)

    @property
    def row_types(self) -> tuple[type[Row], ...]:
        return tuple(ROWS.values())

    def queryset(self, account: Account) -> BookingQuerySet:
        patients = ArraySubquery(inside().order_by("id").values("patient_id"))
        of_group = Case(When(kind=Booking.Kind.GROUP, then=patients), default=None)
        return with_visits(self.counted(account)).annotate(group_patients=of_group)

    def counted(self, account: Account) -> BookingQuerySet:
        rows: BookingQuerySet = account.bookings.all()
        return rows
