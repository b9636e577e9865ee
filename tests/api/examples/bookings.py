"""Bookings of each kind, and the patients in them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from casewell.appointments.models import AppointmentType, Booking, UnavailableBlockType
from casewell.invoices.models import BillableItem
from tests.api.examples.example import Body, Example
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice

CANCEL = {"cancellation_reason": 30, "cancellation_note": "Flu", "apply_to_repeats": False}


def appointment(practice: Practice) -> int:
    """An appointment in a case."""
    one = practice.booking(NOON, notes="Bring the letter")
    one.book(practice.ada, practice.case(), by=practice.by)
    return int(one.pk)


def appointment_body(practice: Practice) -> Body:
    return {
        "starts_at": "2026-03-04T01:00:00Z",
        "ends_at": "2026-03-04T01:20:00Z",
        "appointment_type_id": str(practice.standard.pk),
        "business_id": practice.business.pk,
        "patient_id": str(practice.ada.pk),
        "practitioner_id": str(practice.amy.pk),
        "patient_case_id": str(practice.case("Right knee").pk),
        "notes": "Parks at the back",
        "repeat_rule": None,
    }


def older_body(practice: Practice) -> Body:
    """Both names of each time; the newer one holds."""
    times = {"appointment_start": "2026-03-04T01:00:00Z", "appointment_end": "2026-03-04T01:20:00Z"}
    return times | appointment_body(practice)


def group(practice: Practice) -> Booking:
    """A class for three, which nobody is in."""
    one = practice.booking(NOON, kind=Booking.Kind.GROUP, max_attendees=3, notes="Bring a mat")
    one.save(force_insert=True)
    return one


def attendee(practice: Practice) -> int:
    """One who has cancelled nothing, in a case."""
    return int(practice.attend(practice.case(), patient=practice.ada).pk)


def attendee_body(practice: Practice) -> Body:
    return {
        "booking_id": str(group(practice).pk),
        "patient_id": practice.ada.pk,
        "patient_case_id": str(practice.case("Right knee").pk),
        "arrived": True,
        "notes": "Takes the back row",
    }


def attendee_change(practice: Practice) -> Body:
    sent = attendee_body(practice)
    return {name: sent[name] for name in ("patient_case_id", "arrived", "notes")}


def block(practice: Practice) -> int:
    """Lunch."""
    one = practice.booking(
        NOON,
        appointment_type=None,
        unavailable_block_type=UnavailableBlockType.objects.create(name="Lunch"),
        notes="Back at one",
    )
    one.block(by=practice.by)
    return int(one.pk)


def block_body(practice: Practice) -> Body:
    return {
        "starts_at": "2026-03-04T01:00:00Z",
        "ends_at": "2026-03-04T02:00:00Z",
        "business_id": str(practice.business.pk),
        "practitioner_id": practice.amy.pk,
        "unavailable_block_type_id": str(UnavailableBlockType.objects.create(name="Meeting").pk),
        "notes": "Team",
        "repeat_rule": None,
    }


def block_type(_: Practice) -> int:
    """Lunch, which takes half an hour."""
    lunch = UnavailableBlockType.objects.create(name="Lunch", color="#0a0", duration_in_minutes=30)
    return int(lunch.pk)


def block_type_body(_: Practice) -> Body:
    return {"name": "Team meeting", "color": "#12B886", "duration_in_minutes": 1439}


def appointment_type(practice: Practice) -> int:
    """A type of which all is known."""
    kind = AppointmentType.objects.create(
        name="Hydro",
        category="Pool",
        description="Bring a towel",
        duration_in_minutes=40,
        online_payments_mode=AppointmentType.PaymentMode.DEPOSIT,
        deposit_price=Decimal("12.50"),
        online_bookings_lead_time_hours=24,
    )
    kind.practitioner_links.create(practitioner=practice.amy)
    kind.billable_item_links.create(billable_item=BillableItem.objects.create(name="Pool", price=9))
    return int(kind.pk)


def appointment_type_body(practice: Practice) -> Body:
    return {
        "name": "Pilates",
        "category": "Classes",
        "description": "On the mat",
        "color": "#0a0",
        "duration_in_minutes": 50,
        "max_attendees": 8,
        "telehealth_enabled": True,
        "show_in_online_bookings": True,
        "online_bookings_lead_time_hours": 48,
        "online_payments_mode": "optional",
        "deposit_price": "20.00",
        "add_deposit_to_account_credit": True,
        "practitioner_ids": [str(practice.amy.pk)],
        "business_ids": [practice.business.pk],
        "appointment_confirmation_template_ids": [],
        "appointment_follow_up_template_ids": [],
        "appointment_reminder_template_ids": [],
        "billable_item_id": str(BillableItem.objects.create(name="Class", price=20).pk),
        "product_id": None,
        "treatment_note_template_id": None,
    }


# Links, where they are answered at all.
UNANSWERED = frozenset({"practitioner_ids", "business_ids"})
EXAMPLES = {
    "appointment_types": Example(appointment_type, appointment_type_body, unanswered=UNANSWERED),
    "individual_appointments": Example(appointment, appointment_body, cancel=CANCEL),
    "appointments": Example(appointment, older_body, cancel=CANCEL),
    "bookings": Example(appointment, variant="IndividualAppointment"),
    "unavailable_blocks": Example(block, block_body),
    "unavailable_block_types": Example(block_type, block_type_body),
    "attendees": Example(attendee, attendee_body, attendee_change, cancel=CANCEL),
}
