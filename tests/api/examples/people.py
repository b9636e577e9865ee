"""Patients, contacts, and what belongs to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from casewell.patients.incoming import Place
from casewell.patients.incoming.folder import take_in
from casewell.patients.models import (
    ConcessionType,
    MedicalAlert,
    PatientAttachment,
    ReferralSource,
    ReferralSourceType,
    Relationship,
)
from casewell.recalls.models import Recall, RecallType
from tests.api.examples.example import Body, Example
from tests.files import keep_file, sent

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


def contact(practice: Practice) -> int:
    """A doctor of whom all is known."""
    key: int = practice.doctor(
        company_name="Hill Street Medical",
        email="jane@example.com",
        occupation="Physician",
        phone_numbers=PHONES,
    ).pk
    return key


def contact_body(_: Practice) -> Body:
    return {
        "type_code": 1,
        "doctor_type": "specialist",
        "title": "Dr",
        "first_name": "Jane",
        "last_name": "Lee",
        "preferred_name": "Janie",
        "company_name": "Hill Street Medical",
        "occupation": "Physician",
        "provider_number": "2426621B",
        "email": "jane@example.com",
        "phone_numbers": PHONES,
        "address_1": "1 Hill Street",
        "address_2": "Level 2",
        "address_3": "Rear",
        "city": "Sydney",
        "state": "NSW",
        "post_code": "2000",
        "country_code": "AU",
        "notes": "Prefers letters",
    }


def alert(practice: Practice) -> int:
    key: int = MedicalAlert.raise_for(practice.ada, "Pacemaker", by=practice.by).pk
    return key


def alert_body(practice: Practice) -> Body:
    return {"name": "Allergic to latex", "patient_id": str(practice.patient().pk)}


def concession_type(practice: Practice) -> int:
    key: int = ConcessionType.objects.create(account=practice.account, name="Pension").pk
    return key


def concession_type_body(_: Practice) -> Body:
    return {"name": "Student"}


def relationship(practice: Practice) -> int:
    key: int = Relationship.objects.create(
        account=practice.account,
        patient=practice.ada,
        related_patient=practice.patient(),
        relation=Relationship.Relation.SPOUSE,
    ).pk
    return key


def relationship_body(practice: Practice) -> Body:
    patient, other = practice.patient().pk, practice.patient().pk
    return {"patient_id": patient, "related_patient_id": str(other), "relation": 30}


def referral_source_type(practice: Practice, **fields: Any) -> int:
    fields = {"name": "Somebody", "referrer_type": "Contact"} | fields
    key: int = ReferralSourceType.objects.create(account=practice.account, **fields).pk
    return key


def referral_source(practice: Practice) -> int:
    """How Ada came."""
    key: int = ReferralSource.objects.create(
        account=practice.account,
        patient=practice.ada,
        referral_source_type_id=referral_source_type(practice),
        referrer_contact=practice.doctor(),
    ).pk
    return key


def attachment(practice: Practice) -> int:
    letter = keep_file(practice)
    PatientAttachment.objects.filter(pk=letter.pk).update(description="Letter of the surgeon")
    key: int = letter.pk
    return key


def attachment_body(practice: Practice) -> Body:
    """A letter of Ada's that was sent already."""
    place = Place.of(practice.ada)
    take_in(place, sent())
    return {
        "patient_id": str(practice.ada.pk),
        "upload_url": f"http://testserver/{place.prefix}letter.pdf",
        "filename": "surgeon.pdf",
        "description": "Letter of the surgeon",
    }


def attachment_change(_: Practice) -> Body:
    return {"description": "Letter of the other surgeon"}


def recall_type(practice: Practice) -> int:
    key: int = RecallType.objects.create(account=practice.account, name="Check-up").pk
    return key


def recall_type_body(_: Practice) -> Body:
    return {"name": "Review"}


def recall(practice: Practice) -> int:
    key: int = Recall.objects.create(
        account=practice.account,
        patient=practice.ada,
        recall_type_id=recall_type(practice),
        recall_date=date(2026, 9, 1),
        note="Prefers the morning",
    ).pk
    return key


def recall_change(practice: Practice) -> Body:
    return {
        "recall_type_id": recall_type(practice),
        "recall_at": "2026-09-08T23:00:00Z",
        "note": "Brings the scans",
    }


def recall_body(practice: Practice) -> Body:
    return {"patient_id": str(practice.ada.pk), **recall_change(practice)}


EXAMPLES = {
    "patients": Example(patient, patient_body, unanswered=frozenset({"unsubscribe_sms_marketing"})),
    "contacts": Example(contact, contact_body),
    "medical_alerts": Example(alert, alert_body),
    "concession_types": Example(concession_type, concession_type_body),
    "relationships": Example(relationship, relationship_body),
    "referral_source_types": Example(referral_source_type),
    "referral_sources": Example(referral_source),
    "recall_types": Example(recall_type, recall_type_body),
    "recalls": Example(recall, recall_body, recall_change, unanswered=frozenset({"recall_at"})),
    "patient_attachments": Example(
        attachment, attachment_body, attachment_change, unanswered=frozenset({"upload_url"})
    ),
}
