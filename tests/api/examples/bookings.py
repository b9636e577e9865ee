"""Bookings of each kind, and the patients in them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from casewell.accounts.practice import WEEKDAYS
from casewell.appointments.models import AppointmentType, Booking, UnavailableBlockType
from casewell.appointments.models.joining import join
from casewell.availability.models import AvailabilityBlock
from casewell.availability.weeks import set_week
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


def class_with_ada(practice: Practice) -> int:
    """A class with one in it."""
    one = group(practice)
    join(one, practice.ada, None, by=practice.by)
    return int(one.pk)


def group_body(practice: Practice) -> Body:
    return {
        "starts_at": "2026-03-04T01:00:00Z",
        "ends_at": "2026-03-04T01:50:00Z",
        "appointment_type_id": str(practice.standard.pk),
        "business_id": practice.business.pk,
        "practitioner_id": str(practice.amy.pk),
        "max_attendees": 8,
        "notes": "Bring a towel",
        "repeat_rule": None,
    }


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


def extra_hours(practice: Practice) -> int:
    """A Saturday morning a month."""
    block = AvailabilityBlock(
        practitioner=practice.amy,
        business=practice.business,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=4),
        repeat_type=AvailabilityBlock.Repeat.MONTHLY,
        repeating_interval=1,
        number_of_repeats=5,
    )
    block.add(by=practice.by)
    return int(block.pk)


def extra_hours_body(practice: Practice) -> Body:
    return {
        "starts_at": "2026-03-07T01:00:00Z",
        "ends_at": "2026-03-07T05:00:00Z",
        "business_id": str(practice.business.pk),
        "practitioner_id": practice.amy.pk,
        "repeat_rule": {"repeat_type": "Weekly", "repeating_interval": 2, "number_of_repeats": 9},
    }


def weekday(practice: Practice) -> int:
    """A Sunday with a lunch break, the last of a week of hours."""
    day = [["08:30", "12:30"], ["13:15", "17:30"]]
    set_week(practice.amy, practice.business, {"sunday": day}, by=practice.by)
    return int(practice.account.daily_availabilities.get(day_of_week=0).pk)


def bookable_online(practice: Practice) -> int:
    """A type that programs may book, twice a day."""
    week = {day: [["09:00", "10:30"]] for day in WEEKDAYS}
    set_week(practice.amy, practice.business, week, by=practice.by)
    online = AppointmentType.objects.create(
        name="Online", duration_in_minutes=45, show_in_online_bookings=True
    )
    online.practitioner_links.create(practitioner=practice.amy)
    return int(online.pk)


def times_of_a_day(practice: Practice) -> str:
    """The address of the times of a day next week."""
    online = practice.account.appointment_types.get(name="Online")
    keys = (practice.business.pk, practice.amy.pk, online.pk)
    path = "/businesses/{}/practitioners/{}/appointment_types/{}/available_times".format(*keys)
    day = practice.account.today() + timedelta(days=7)
    return f"{path}?from={day}&to={day}"


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
    "group_appointments": Example(class_with_ada, group_body),
    "unavailable_blocks": Example(block, block_body),
    "availability_blocks": Example(extra_hours, extra_hours_body),
    "daily_availabilities": Example(weekday),
    "available_times": Example(bookable_online, shown=times_of_a_day),
    "unavailable_block_types": Example(block_type, block_type_body),
    "attendees": Example(attendee, attendee_body, attendee_change, cancel=CANCEL),
}
