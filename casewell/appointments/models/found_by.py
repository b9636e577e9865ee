"""What bookings and their attendees are found by: the indexes of both."""

from __future__ import annotations

from django.db.models import Index, Q

from casewell.tenancy.indexes import by_time

SELDOM = ("cancelled_at", "archived_at")
BOOKING_INDEXES = [
    Index(fields=["account", "business", "starts_at"], name="bookings_of_business"),
    Index(fields=["account", "practitioner", "starts_at"], name="bookings_of_practitioner"),
    Index(fields=["account", "starts_at", "id"], name="bookings_by_start"),
    Index(fields=["account", "kind", "id"], name="bookings_of_kind"),
    Index(fields=["account", "appointment_type", "id"], name="bookings_of_type"),
    Index(fields=["account", "unavailable_block_type", "id"], name="blocks_of_type"),
    Index(
        fields=["account", "series", "starts_at"],
        name="bookings_of_series",
        condition=Q(series__isnull=False),
    ),
    *by_time("bookings", "created_at", "updated_at", "ends_at", seldom=SELDOM),
]
ATTENDEE_INDEXES = [
    Index(fields=["account", "booking", "id"], name="attendees_of_booking"),
    Index(fields=["account", "patient", "id"], name="attendees_of_patient"),
    Index(fields=["account", "case", "id"], name="attendees_of_case"),
    *by_time("attendees", "created_at", "updated_at", seldom=SELDOM),
]
