"""Vic, a veteran in a DVA cycle, and Ada with a care plan: whom tests of claims are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casewell.cases.models import PatientCase, Programme
from casewell.claims.models import Claim
from tests.invoices.till import Till
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee
    from casewell.contacts.models import Contact
    from casewell.invoices.models import Invoice
    from casewell.patients.models import Patient
    from tests.world import Practice

CARD = "2123456701"


@dataclass
class Veteran:
    """Patient, referrer and case, all that a claim from DVA needs; his visits are in the past."""

    till: Till
    patient: Patient
    doctor: Contact
    case: PatientCase

    @property
    def practice(self) -> Practice:
        return self.till.practice

    @classmethod
    def at(cls, practice: Practice) -> Veteran:
        """With prices: a visit is charged as PH30 at 80.50."""
        till = Till.of(practice)
        till.consultation.item_code, till.consultation.price = "PH30", Decimal("80.50")
        till.consultation.save()
        return cls.of(till)

    @classmethod
    def of(cls, till: Till) -> Veteran:
        practice = till.practice
        practice.amy.designation = "Physiotherapy"
        practice.amy.save()
        number(practice, "Medicare provider number", "2429591L")
        patient = practice.patient(
            "Vic", "Tran", date_of_birth=date(1950, 4, 25), dva_card_number="NX123456"
        )
        doctor = practice.doctor(provider_number="2409661B")
        case = referred(practice, patient, doctor, "au-dva-cycle", name="DVA cycle")
        return cls(till, patient, doctor, case)

    def visit(self, days: int = 0) -> Attendee:
        """Another one of the cycle, so many days before 3 March 2026."""
        return self.practice.attend(self.case, NOON - timedelta(days=days), arrived=True)

    def invoice(self, visit: Attendee) -> Invoice:
        return self.till.invoice(visit=visit)

    def claim(self, days: int = 0) -> Claim:
        """The draft of a visit that is invoiced."""
        visit = self.visit(days)
        self.invoice(visit)
        return Claim.of_visit(visit, by=self.practice.by)


def referred(
    practice: Practice, patient: Patient, doctor: Contact, programme: str, **fields: Any
) -> PatientCase:
    """A case with a referral of 1 February 2026 under a programme."""
    adopted = Programme.adopt(practice.account, programme, by=practice.by)
    return practice.case(
        patient=patient,
        referral=True,
        referral_type=adopted.referral_type,
        contact=doctor,
        programme=adopted,
        issue_date=date(2026, 2, 1),
        referral_period=PatientCase.ReferralPeriod.STANDARD,
        **fields,
    )


def care_plan(practice: Practice) -> PatientCase:
    """Ada's, from Medicare."""
    ada = practice.ada
    ada.medicare, ada.medicare_reference_number = CARD, "2"
    ada.date_of_birth = date(1961, 3, 12)
    ada.save()
    doctor = practice.doctor(provider_number="2409661B")
    return referred(practice, ada, doctor, "au-medicare-gpccmp", name="Care plan")


def number(practice: Practice, name: str, written: str) -> None:
    """A reference number of Amy's at her business."""
    practice.account.reference_numbers.create(
        practitioner=practice.amy,
        business=practice.business,
        name=name,
        reference_number=written,
    )
