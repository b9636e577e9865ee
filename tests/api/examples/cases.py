"""Patient cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from casewell.patients.models import PatientAttachment
from tests.api.examples.example import Body, Example

if TYPE_CHECKING:
    from tests.world import Practice


def case(practice: Practice) -> int:
    """A case of which all is known, with a visit in it."""
    made = practice.case(
        issue_date=date(2026, 1, 5),
        expiry_date=date(2027, 1, 5),
        max_sessions=10,
        max_invoiceable_amount=Decimal("850.50"),
        contact=practice.doctor(),
        referral=True,
        referral_type="dva",
        notes="Slowly",
    )
    practice.attend(made)
    return int(made.pk)


def case_body(practice: Practice) -> Body:
    file = PatientAttachment.objects.create(
        account=practice.account, patient=practice.ada, filename="letter.pdf", size=1
    )
    return {
        "name": "Right knee",
        "patient_id": str(practice.ada.pk),
        "contact_id": practice.doctor().pk,
        "issue_date": "2026-01-05",
        "expiry_date": "2027-01-05",
        "referral": True,
        "referral_type": "medicare",
        "max_sessions": 5,
        "max_invoiceable_amount": "400.00",
        "include_cancelled_attendees": True,
        "include_dna_attendees": True,
        "notes": "Gently",
        "closed": False,
        "attendee_ids": [str(practice.attend().pk)],
        "patient_attachment_ids": [str(file.pk)],
    }


def case_change(practice: Practice) -> Body:
    return case_body(practice) | {"attendee_ids": [], "closed": True, "max_sessions": 4}


EXAMPLES = {
    "patient_cases": Example(
        case, case_body, case_change, unanswered=frozenset({"patient_attachment_ids"})
    ),
}
