"""Bookings of each kind as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.db.models import (
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, NullIf

from casewell.api.filters import Condition
from casewell.api.resources.repeat_rules import RULE, RepeatRule, original, repeats
from casewell.api.rows import Always, At, Id, Link, Moment, Of, Row, SelfLink, To
from casewell.appointments.models import Attendee, Booking, BookingQuerySet
from casewell.invoices.models import Invoice
from casewell.letters.models import Communication
from casewell.reminders.models.reminder import was_sent

if TYPE_CHECKING:
    from casewell.accounts.models import Account
    from casewell.api.filters import Kind
    from casewell.api.prepared import Given

# The contract's words for its codes.
REASONS = {
    10: "Feeling Better",
    20: "Condition Worse",
    30: "Sick",
    31: "COVID-19 related",
    40: "Away",
    50: "Other",
    60: "Work",
}
INDIVIDUAL = Q(kind=Booking.Kind.INDIVIDUAL)
VISITS = ("visit_", "changed_at")
# Columns of what there is no record of yet, which can be filtered by all the same.
NO_NUMBER: Any = Cast(Value(None), IntegerField())


def as_texts(keys: list[int]) -> list[str]:
    return [str(key) for key in keys]


class IndividualRow(Row):
    """An individual appointment; `visit_…` are columns of its one attendee."""

    id: Id
    starts_at: Moment
    ends_at: Moment
    notes: str | None
    patient_name: str | None
    patient_arrived: Annotated[bool, Of("visit_arrived")]
    did_not_arrive: Annotated[bool, Of("visit_missed")]
    has_patient_appointment_notes: Annotated[bool, Of("visit_patient_notes", bool)]
    cancelled_at: Moment | None
    cancellation_reason: Annotated[int | None, Of("visit_reason")]
    cancellation_reason_description: Annotated[str | None, Of("visit_reason", REASONS.get)]
    cancellation_note: Annotated[str | None, Of("visit_reason_note")]
    booking_ip_address: Annotated[str | None, Always()]
    online_booking_policy_accepted: Annotated[bool | None, Always()]
    telehealth_url: Annotated[str | None, Always()]
    email_reminder_sent: Annotated[bool, Of("visit_emailed")]
    sms_reminder_sent: Annotated[bool, Of("visit_texted")]
    invoice_status: Annotated[int | None, Of("visit_invoice_status")]
    treatment_note_status: Annotated[int | None, Always()]
    repeat_rule: Annotated[RepeatRule | None, RULE]
    created_at: Moment
    updated_at: Annotated[Moment, Of("changed_at")]
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    appointment_type: Annotated[Link, To("appointment_types", "appointment_type_id")]
    business: Annotated[Link, To("businesses", "business_id")]
    practitioner: Annotated[Link, To("practitioners", "practitioner_id")]
    patient: Annotated[Link, To("patients", "visit_patient")]
    patient_case: Annotated[Link | None, To("patient_cases", "visit_case")]
    attendees: Annotated[Link, At("/individual_appointments/{id}/attendees")]
    conflicts: Annotated[Link, At("/individual_appointments/{id}/conflicts")]
    repeated_from: Annotated[Link | None, original("individual_appointments")]
    repeats: Annotated[Link | None, repeats("individual_appointments")]
    links: SelfLink


class GroupRow(Row):
    """A group appointment."""

    id: Id
    starts_at: Moment
    ends_at: Moment
    max_attendees: int
    patient_ids: Annotated[list[Id] | None, Of("group_patients", as_texts)]
    notes: str | None
    telehealth_url: Annotated[str | None, Always()]
    repeat_rule: Annotated[RepeatRule | None, RULE]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    appointment_type: Annotated[Link, To("appointment_types", "appointment_type_id")]
    business: Annotated[Link, To("businesses", "business_id")]
    practitioner: Annotated[Link, To("practitioners", "practitioner_id")]
    attendees: Annotated[Link, At("/group_appointments/{id}/attendees")]
    conflicts: Annotated[Link, At("/group_appointments/{id}/conflicts")]
    repeated_from: Annotated[Link | None, original("group_appointments")]
    repeats: Annotated[Link | None, repeats("group_appointments")]
    links: SelfLink


class BlockRow(Row):
    """An unavailable block."""

    id: Id
    starts_at: Moment
    ends_at: Moment
    notes: str | None
    repeat_rule: Annotated[RepeatRule | None, RULE]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    business: Annotated[Link, To("businesses", "business_id")]
    practitioner: Annotated[Link, To("practitioners", "practitioner_id")]
    unavailable_block_type: Annotated[
        Link | None, To("unavailable_block_types", "unavailable_block_type_id")
    ]
    conflicts: Annotated[Link, At("/unavailable_blocks/{id}/conflicts")]
    repeated_from: Annotated[Link | None, original("unavailable_blocks")]
    repeats: Annotated[Link | None, repeats("unavailable_blocks")]
    links: SelfLink


def individual(account: Account) -> BookingQuerySet:
    """The individual appointments of a practice."""
    rows: BookingQuerySet = account.bookings.filter(INDIVIDUAL)
    return rows


def with_visits(bookings: BookingQuerySet) -> BookingQuerySet:
    """With the columns of the one attendee of each that is an individual appointment."""
    one = FilteredRelation("attendees", condition=INDIVIDUAL)
    return bookings.annotate(visit=one).annotate(
        visit_patient=F("visit__patient_id"),
        visit_case=F("visit__case_id"),
        visit_arrived=F("visit__arrived"),
        visit_missed=F("visit__did_not_arrive"),
        visit_reason=F("visit__cancellation_reason"),
        visit_reason_note=F("visit__cancellation_note"),
        visit_patient_notes=F("visit__patient__appointment_notes"),
        patient_name=called("visit__patient__"),
        changed_at=Greatest("updated_at", "visit__updated_at"),
        visit_invoice_status=invoice_status("visit__id"),
        visit_emailed=was_sent(Communication.Way.EMAIL, "visit__id"),
        visit_texted=was_sent(Communication.Way.SMS, "visit__id"),
    )


def invoice_status(visit: str) -> Any:
    """What became of the invoice of a visit, by the path to the visit; no credit counts.

    Of several the newest counts, and one that stands before one that is voided.
    """
    invoices = Invoice.objects.filter(attendee=OuterRef(visit), original=None).with_status()
    newest: Any = invoices.order_by(F("voided_at").desc(nulls_first=True), "-number")
    return Subquery(newest.values("status_code")[:1])


def called(patient: str) -> Any:
    """A patient's name, as `full_name` has it; `patient` is the path to one."""
    first = Coalesce(NullIf(f"{patient}preferred_first_name", Value("")), f"{patient}first_name")
    return Concat(first, Value(" "), f"{patient}last_name")


def of_visits(known: dict[str, Kind]) -> frozenset[str]:
    """The filters that need `with_visits`, and their columns."""
    ours = {n: k.column for n, k in known.items() if str(k.column).startswith(VISITS)}
    return frozenset(ours) | frozenset(map(str, ours.values()))


def changed_since(operator: str, moment: Given) -> Q | None:
    """Bookings that changed, and those whose visit did, each by its index."""
    if operator not in (">=", ">"):
        return None
    since = Q(Condition("updated_at", f" {operator} ", moment))
    bookings = Booking.objects.filter(since).order_by().values("pk")
    visits = Attendee.objects.filter(since).order_by().values("booking_id")
    return Q(pk__in=bookings.union(visits))
