"""Patients, contacts, and what belongs to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from casewell.patients.models import ConcessionType
from tests.api.examples.example import Body, Example

if TYPE_CHECKING:
    from tests.world import Practice

PHONES = [{"number": "02 9999 0000", "phone_type": "Home"}]


def patient(practice: Practice) -> int:
    """A patient of whom all is known."""
    made: int = practice.patient(
        "Grace",
        "Hopper",
        title="Dr",
        email="grace@example.com",
        date_of_birth=date(1976, 12, 9),
        phone_numbers=PHONES,
        pronouns={"nominative": "she", "accusative": "her"},
        concession_type=ConcessionType.objects.create(account=practice.account, name="Pension"),
        referring_doctor=practice.doctor(),
    ).pk
    return made


def patient_body(practice: Practice) -> Body:
    concession = ConcessionType.objects.create(account=practice.account, name="Student")
    return {
        "title": "Dr",
        "first_name": "Grace",
        "last_name": "Hopper",
        "preferred_first_name": "Gracie",
        "date_of_birth": "1976-12-09",
        "sex": "Female",
        "gender_identity": "Woman",
        "pronouns": {
            "nominative": "she",
            "accusative": "her",
            "pronominal_possessive": "her",
            "predicative_possessive": "hers",
            "reflexive": "herself",
        },
        "email": "grace@example.com",
        "patient_phone_numbers": PHONES,
        "address_1": "1 Navy Road",
        "address_2": "Unit 2",
        "address_3": "Rear",
        "city": "Sydney",
        "state": "NSW",
        "post_code": "2000",
        "country": "Australia",
        "country_code": "AU",
        "time_zone": "Australia/Perth",
        "occupation": "Admiral",
        "emergency_contact": "Vincent, 0400 000 001",
        "medicare": "2950 12345 1",
        "medicare_reference_number": "2",
        "dva_card_number": "NX123456",
        "concession_type_id": str(concession.pk),
        "referring_doctor_id": practice.doctor().pk,
        "referral_source": "A friend",
        "old_reference_id": "A-17",
        "appointment_notes": "Parks at the back",
        "notes": "Likes brevity",
        "reminder_type": "SMS & Email",
        "invoice_default_to": "Navy",
        "invoice_email": "accounts@example.com",
        "invoice_extra_information": "PO 7",
        "receives_confirmation_emails": False,
        "receives_cancellation_emails": False,
        "accepted_privacy_policy": True,
        "accepted_email_marketing": False,
        "unsubscribe_sms_marketing": True,
        "custom_fields": {"sections": []},
    }


EXAMPLES = {
    "patients": Example(patient, patient_body, unanswered=frozenset({"unsubscribe_sms_marketing"})),
}
