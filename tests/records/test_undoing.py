"""A merge undone: what moved comes back as it is now, what was added to it since as well."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.utils import timezone

from casewell.audit.models import Change
from casewell.cases.models import CaseAttachment
from casewell.patients.models import Patient
from casewell.records.models import Merge, MergeMixed, MergeStands
from tests.files import keep_file
from tests.invoices.till import Till
from tests.records.rows import Rows, contents_of, owned_by

if TYPE_CHECKING:
    from tests.world import Practice


def test_all_that_moved_comes_back_and_all_says_what_it_said(
    northside: Practice, ben: Patient
) -> None:
    for patient in (ben, northside.ada):
        Rows(northside, patient).make_all()
    before = owned_by(ben), owned_by(northside.ada), contents_of(ben, northside.ada)

    merge = Merge.make(northside.ada, ben, take=["email"], by=northside.by)
    assert owned_by(ben).keys() <= {"patients.referralsource.patient"}
    merge.undo(by=northside.by)

    assert (owned_by(ben), owned_by(northside.ada), contents_of(ben, northside.ada)) == before
    for one in (ben, northside.ada):
        stored = Patient.objects.get(pk=one.pk)
        assert (stored.archived_at, stored.merged_at, stored.merged_with) == (None, None, None)
    assert Patient.objects.get(pk=northside.ada.pk).email == ""
    assert northside.account.patients.at_id(ben.pk) == ben
    assert [c.verb for c in Change.objects.of(ben)[:2]] == ["unmerged", "merged"]
    assert [c.verb for c in Change.objects.of(northside.ada)[:2]] == ["gave back", "took over"]


def test_undoing_twice_does_it_once(northside: Practice, ben: Patient) -> None:
    merge = Merge.make(northside.ada, ben, by=northside.by)
    merge.undo(by=northside.by)
    merge.undo(by=northside.by)

    assert Change.objects.of(ben).filter(verb="unmerged").count() == 1


def test_it_can_be_merged_again_after_that(northside: Practice, ben: Patient) -> None:
    case = northside.case(patient=ben)
    for _ in range(2):
        merge = Merge.make(northside.ada, ben, by=northside.by)
        merge.undo(by=northside.by)
    case.refresh_from_db()
    assert case.patient == ben


def test_what_changed_since_comes_back_as_it_is_now(northside: Practice, ben: Patient) -> None:
    case = northside.case(patient=ben)
    merge = Merge.make(northside.ada, ben, take=["email"], by=northside.by)
    case.refresh_from_db()
    case.close(by=northside.by)
    Patient.objects.filter(pk=northside.ada.pk).update(email="new@example.com")

    merge.undo(by=northside.by)

    case.refresh_from_db()
    assert (case.patient, case.closed_at is not None) == (ben, True)
    assert Patient.objects.get(pk=northside.ada.pk).email == "new@example.com"


def test_what_the_one_that_stays_got_since_stays(northside: Practice, ben: Patient) -> None:
    merge = Merge.make(northside.ada, ben, by=northside.by)
    visit, case = northside.attend(), northside.case("Shoulder")

    merge.undo(by=northside.by)

    visit.refresh_from_db()
    case.refresh_from_db()
    assert (visit.patient, case.patient) == (northside.ada, northside.ada)


def test_an_invoice_that_came_goes_back_with_what_was_paid_for_it_since(
    northside: Practice, ben: Patient
) -> None:
    till = Till.of(northside)
    bill = till.invoice_of("90", patient=ben)
    merge = Merge.make(northside.ada, ben, by=northside.by)
    bill.refresh_from_db()
    payment, ours = till.pay("40", {bill: "40"}), till.pay("10")

    merge.undo(by=northside.by)

    bill.refresh_from_db()
    whose = {one.pk: one.patient_id for one in northside.account.payments.all()}
    assert (bill.patient_id, bill.balance) == (ben.pk, Decimal(50))
    assert whose == {payment.pk: ben.pk, ours.pk: northside.ada.pk}


def test_a_payment_for_invoices_of_both_cannot_be_parted(northside: Practice, ben: Patient) -> None:
    till = Till.of(northside)
    theirs, ours = till.invoice_of("90", patient=ben), till.invoice_of("50")
    merge = Merge.make(northside.ada, ben, by=northside.by)
    theirs.refresh_from_db()
    till.pay("100", {theirs: "60", ours: "40"})

    with pytest.raises(MergeMixed, match="allocation"):
        merge.undo(by=northside.by)
    theirs.refresh_from_db()
    assert theirs.patient_id == northside.ada.pk


def test_a_visit_and_its_invoice_of_a_case_that_came_go_back_with_the_case(
    northside: Practice, ben: Patient
) -> None:
    till = Till.of(northside)
    case, draft = northside.case(patient=ben), till.draft(patient=ben)
    draft.save()
    merge = Merge.make(northside.ada, ben, by=northside.by)
    case.refresh_from_db()
    draft.refresh_from_db()
    visit = northside.attend(case)
    bill, issued = till.invoice(visit=visit), draft.issue(by=northside.by)

    merge.undo(by=northside.by)

    for one in (case, visit, bill, issued):
        one.refresh_from_db()
        assert one.patient_id == ben.pk


def test_a_visit_of_the_one_that_stays_in_a_case_that_came_is_named_and_refused(
    northside: Practice, ben: Patient
) -> None:
    visit, case = northside.attend(), northside.case(patient=ben)
    merge = Merge.make(northside.ada, ben, by=northside.by)
    case.refresh_from_db()
    visit.link_to(case, by=northside.by)

    with pytest.raises(MergeMixed) as refused:
        merge.undo(by=northside.by)
    assert visit.in_words in str(refused.value)

    visit.unlink(by=northside.by)
    merge.undo(by=northside.by)
    visit.refresh_from_db()
    assert visit.patient == northside.ada


def test_a_file_goes_back_with_the_case_that_came_where_it_was_added_since_and_else_is_named(
    northside: Practice, ben: Patient
) -> None:
    case, ours = northside.case(patient=ben), keep_file(northside, "ours.pdf")
    merge = Merge.make(northside.ada, ben, by=northside.by)
    case.refresh_from_db()
    added = keep_file(northside, "added.pdf")
    for one in (ours, added):
        CaseAttachment.put(one, case, by=northside.by)

    with pytest.raises(MergeMixed):
        merge.undo(by=northside.by)
    CaseAttachment.take_out(ours, case, by=northside.by)
    merge.undo(by=northside.by)

    ours.refresh_from_db()
    added.refresh_from_db()
    assert (ours.patient, added.patient) == (northside.ada, ben)


def test_a_visit_that_came_in_a_case_that_was_there_is_refused(
    northside: Practice, ben: Patient
) -> None:
    visit, case = northside.attend(patient=ben), northside.case()
    merge = Merge.make(northside.ada, ben, by=northside.by)
    visit.refresh_from_db()
    visit.link_to(case, by=northside.by)

    with pytest.raises(MergeMixed):
        merge.undo(by=northside.by)
    assert Merge.objects.standing().get() == merge


def test_after_thirty_days_it_stands(northside: Practice, ben: Patient) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        old = Merge.make(northside.ada, ben, by=northside.by)
    cleo = northside.patient("Cleo", "Wu")
    with time_machine.travel(timezone.now() - timedelta(days=29, hours=23), tick=False):
        young = Merge.make(northside.ada, cleo, by=northside.by)

    with pytest.raises(MergeStands, match="30 days"):
        old.undo(by=northside.by)
    young.undo(by=northside.by)
    assert set(Merge.objects.standing()) == {old}


def test_a_chain_is_undone_in_its_order(northside: Practice, ben: Patient) -> None:
    cleo = northside.patient("Cleo", "Wu")
    case = northside.case(patient=ben)
    first = Merge.make(cleo, ben, by=northside.by)
    second = Merge.make(northside.ada, cleo, by=northside.by)
    patients = northside.account.patients
    assert patients.at_id(ben.pk) == patients.at_id(cleo.pk) == northside.ada

    with pytest.raises(MergeStands, match="Undo that first"):
        first.undo(by=northside.by)
    second.undo(by=northside.by)
    assert (patients.at_id(ben.pk), patients.at_id(cleo.pk)) == (cleo, cleo)
    first.undo(by=northside.by)
    assert patients.at_id(ben.pk) == ben
    case.refresh_from_db()
    assert case.patient == ben
