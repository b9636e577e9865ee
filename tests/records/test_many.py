"""Two patients with 500 records each: all of it moves and all of it comes back, counted."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from casewell.appointments.models import Attendee, Booking
from casewell.cases.models import PatientCase
from casewell.invoices.lines import Line
from casewell.invoices.models import Allocation, Invoice, Payment
from casewell.invoices.models.draft import add_lines
from casewell.letters.models import Communication
from casewell.patients.models import MedicalAlert
from casewell.records.models import Merge
from tests.invoices.till import Till
from tests.records.rows import contents_of, owned_by
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.patients.models import Patient
    from tests.soak import Trials
    from tests.world import Practice

EACH = 500
CASES, VISITS, INVOICES, PAYMENTS, ALERTS = 50, 200, 80, 60, 10
ALLOCATIONS, MESSAGES = 60, 40


def fill_up(till: Till, patient: Patient, first_number: int) -> None:
    """500 records of a patient: visits in cases, their invoices, what paid them, and the rest."""
    practice = till.practice
    cases = PatientCase.objects.bulk_create(
        PatientCase(patient=patient, name=f"Case {n}", max_sessions=10) for n in range(CASES)
    )
    bookings = Booking.objects.bulk_create(
        practice.booking(NOON + timedelta(hours=n)) for n in range(VISITS)
    )
    visits = Attendee.objects.bulk_create(
        Attendee(booking=booking, patient=patient, case=cases[n % CASES])
        for n, booking in enumerate(bookings)
    )
    invoices = [issued(till, patient, visits[n], first_number + n) for n in range(INVOICES)]
    Invoice.objects.bulk_create(invoices)
    for invoice in invoices[:2]:
        add_lines(invoice, [Line(name="Consultation", unit_price=Decimal(90))])
    payments = Payment.objects.bulk_create(
        Payment(
            patient=patient,
            business=practice.business,
            payment_type=till.cash,
            amount=Decimal(90),
            paid_on=NOON.date(),
        )
        for _ in range(PAYMENTS)
    )
    Allocation.objects.bulk_create(
        Allocation(patient=patient, invoice=invoice, payment=payment, amount=Decimal(90))
        for invoice, payment in zip(invoices, payments, strict=False)
    )
    MedicalAlert.objects.bulk_create(
        MedicalAlert(patient=patient, name=f"Alert {n}") for n in range(ALERTS)
    )
    Communication.objects.bulk_create(
        Communication(patient=patient, attendee=visits[n]) for n in range(MESSAGES)
    )


def issued(till: Till, patient: Patient, visit: Attendee, number: int) -> Invoice:
    fields: dict[str, Any] = {"net_amount": Decimal(90), "tax_amount": Decimal(0)}
    return Invoice(
        patient=patient,
        attendee=visit,
        practitioner=till.practice.amy,
        business=till.practice.business,
        issue_date=NOON.date(),
        issued_at=NOON,
        number=number,
        total_amount=Decimal(90),
        **fields,
    )


def counted(patient: Patient) -> int:
    return sum(map(len, owned_by(patient).values()))


def test_two_patients_of_500_records_become_one_and_two_again(
    northside: Practice, trials: Trials
) -> None:
    trials(short=1, full=1)
    till, ben = Till.of(northside), northside.patient("Ben", "Rossi")
    fill_up(till, northside.ada, 1000)
    fill_up(till, ben, 2000)
    before = contents_of(northside.ada, ben)
    usage = {case.pk: case.usage for case in PatientCase.objects.with_usage()}
    assert (counted(northside.ada), counted(ben)) == (EACH, EACH)

    began = time.perf_counter()
    with CaptureQueriesContext(connection) as merging:
        merge = Merge.make(northside.ada, ben, by=northside.by)
    merged = time.perf_counter()
    assert (merge.count, counted(northside.ada), counted(ben)) == (EACH, 2 * EACH + 1, 0)
    assert {case.pk: case.usage for case in PatientCase.objects.with_usage()} == usage

    with CaptureQueriesContext(connection) as undoing:
        merge.undo(by=northside.by)
    undone = time.perf_counter()

    trials.note("ms to merge", round(1000 * (merged - began)))
    trials.note("ms to undo", round(1000 * (undone - merged)))
    trials.note("statements", f"{len(merging)} and {len(undoing)}")
    assert (counted(northside.ada), counted(ben)) == (EACH, EACH)
    assert contents_of(northside.ada, ben) == before
