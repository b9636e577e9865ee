"""The practice: its businesses, its practitioners, its members."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from PIL import Image

from casewell.accounts.models import Business, Practitioner, ReferenceNumber, User
from casewell.accounts.roles import Role
from casewell.appointments.models import AppointmentType
from tests.api.examples.example import Body, Example

if TYPE_CHECKING:
    from tests.world import Practice


def picture(kind: str = "PNG") -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (4, 3), "navy").save(file, kind)
    return file.getvalue()


def business(practice: Practice) -> int:
    """A business of which all is known."""
    key: int = Business.objects.create(
        account=practice.account,
        business_name="Harbour Road",
        display_name="Harbour",
        time_zone="Australia/Melbourne",
        city="Melbourne",
        email_reply_to="harbour@example.com",
        website_address="https://example.com",
    ).pk
    return key


def business_body(practice: Practice) -> Body:
    kind = AppointmentType.objects.create(
        account=practice.account, name="Hydrotherapy", duration_in_minutes=60
    )
    return {
        "business_name": "Harbour Road",
        "display_name": "Harbour",
        "address_1": "1 Harbour Road",
        "address_2": "Level 2",
        "city": "Perth",
        "state": "WA",
        "post_code": "6000",
        "country_code": "NZ",
        "time_zone": "Perth",
        "time_zone_identifier": "Australia/Perth",
        "contact_information": "08 9999 0000",
        "additional_information": "Parking at the back",
        "additional_invoice_information": "Pay within 14 days",
        "business_registration_name": "ABN",
        "business_registration_value": "51 824 753 556",
        "email_reply_to": "harbour@example.com",
        "website_address": "https://example.com",
        "appointment_reminders_enabled": False,
        "show_in_online_bookings": False,
        "appointment_type_ids": [str(kind.pk)],
        "logo": base64.b64encode(picture()).decode(),
        "logo_height": 80,
        "remove_logo": False,
    }


def practitioner(practice: Practice) -> int:
    """A practitioner who signs in, works at the business and offers the type."""
    made = Practitioner.objects.create(
        account=practice.account,
        title="Dr",
        first_name="Bo",
        last_name="Lind",
        designation="Physiotherapist",
        description="Knees and hips",
        user=practice.member.user,
    )
    practice.account.practitioner_businesses.create(practitioner=made, business=practice.business)
    practice.account.appointment_type_practitioners.create(
        practitioner=made, appointment_type=practice.standard
    )
    key: int = made.pk
    return key


def number(practice: Practice) -> int:
    key: int = ReferenceNumber.objects.create(
        account=practice.account,
        practitioner=practice.amy,
        business=practice.business,
        name="Medicare",
        reference_number="2426621B",
    ).pk
    return key


def number_body(practice: Practice) -> Body:
    return {
        "name": "WorkCover",
        "reference_number": "W-17",
        "business_id": str(practice.business.pk),
        "practitioner_id": practice.amy.pk,
    }


def user(practice: Practice) -> int:
    made = User.objects.create_user(
        email=f"second@{practice.account.slug}.example", first_name="Sam", last_name="Second"
    )
    practice.account.admit(made, role=Role.SCHEDULER)
    key: int = made.pk
    return key


EXAMPLES = {
    "businesses": Example(
        business,
        business_body,
        unanswered=frozenset({"logo", "logo_height", "remove_logo"}),
    ),
    "practitioners": Example(practitioner),
    "practitioner_reference_numbers": Example(number, number_body),
    "users": Example(user),
}
