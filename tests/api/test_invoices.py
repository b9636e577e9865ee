"""Invoices through the API: what was issued, what became of it, and where it is listed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from casewell.accounts.roles import Role
from casewell.invoices.lines import Line
from tests.api.client import program_of
from tests.api.examples.bookings import group
from tests.invoices.till import Till

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


@pytest.fixture
def till(northside: Practice) -> Till:
    return Till.of(northside)


def ids(program: Program, path: str) -> list[int]:
    return [int(one["id"]) for one in program.get(path)["invoices"]]


def test_a_draft_is_not_there_and_an_invoice_comes_in_the_order_of_issue(
    program: Program, till: Till
) -> None:
    first_drafted = till.draft(Line(name="Consultation", unit_price=Decimal(80)))
    first_drafted.save()
    assert program.call("GET", f"/invoices/{first_drafted.pk}")[0] == 404
    assert program.get("/invoices")["total_entries"] == 0
    issued_first = till.invoice_of("90.00")
    issued_last = first_drafted.issue(by=till.practice.by)
    assert issued_last.pk < issued_first.pk
    in_order = [issued_first.pk, issued_last.pk]
    assert ids(program, "/invoices") == ids(program, "/invoices?sort=created_at") == in_order
    assert ids(program, "/invoices?order=desc") == in_order[::-1]
    assert ids(program, "/invoices?per_page=1&page=2") == in_order[1:]


def test_an_invoice_says_what_became_of_it_and_is_found_by_that(
    program: Program, till: Till
) -> None:
    unpaid, part, paid, void, credited = (till.invoice_of(f"{n}0.00") for n in (1, 2, 3, 4, 5))
    till.pay("5.00", {part: "5.00"})
    till.pay("30.00", {paid: "30.00"})
    void.void("Typed twice", by=till.practice.by)
    till.pay("50.00", {credited: "50.00"})
    credit = credited.credit({credited.items.get(): Decimal(1)}, by=till.practice.by)
    for code, word, found in (
        (10, "Open", [unpaid, part]),
        (20, "Paid", [paid, credited]),
        (30, "Closed", [void]),
        (40, "Open credit", [credit]),
    ):
        body = program.get(f"/invoices?q[]=status:={code}&sort=number")
        assert [int(one["id"]) for one in body["invoices"]] == [one.pk for one in found]
        assert {one["status_description"] for one in body["invoices"]} == {word}
        assert body["total_entries"] == len(found)
    assert program.get(f"/invoices/{void.pk}")["closed_at"]
    assert ids(program, "/invoices?q[]=closed_at:?") == [void.pk]
    status, body = program.call("GET", "/invoices?q[]=status:=paid")
    assert (status, body) == (400, {"message": "Filter value for status must be a number"})


def test_a_credit_leads_to_its_invoice_and_back(program: Program, till: Till) -> None:
    invoice = till.invoice_of("80.00")
    credit = invoice.credit({invoice.items.get(): Decimal(1)}, by=till.practice.by)
    answer = program.get(f"/invoices/{credit.pk}")
    assert answer["original_invoice"]["links"]["self"].endswith(f"/invoices/{invoice.pk}")
    assert answer["total_amount"] == "-80.00"
    of_it = program.get(f"/invoices/{invoice.pk}")
    assert of_it["original_invoice"] is None
    back = of_it["reversed_invoices"]["links"]["self"].partition("/v1")[2]
    assert ids(program, back) == [credit.pk]
    [line] = program.get(f"/invoices/{credit.pk}/invoice_items")["invoice_items"]
    source = invoice.items.get().pk
    found = program.get(f"/invoice_items?q[]=source_item_id:={source}")["invoice_items"]
    assert [one["id"] for one in found] == [line["id"]]
    assert (line["quantity"], line["total_including_tax"]) == ("-1.0", -80.0)


def test_an_invoice_that_is_paid_counts_as_changed(program: Program, till: Till) -> None:
    invoice = till.invoice_of("80.00")
    credit = till.invoice_of("-20.00")
    since = f"/invoices?q[]=updated_at:>{timezone.now().isoformat().replace('+00:00', 'Z')}"
    assert ids(program, since) == []
    till.pay("80.00", {invoice: "80.00"})
    assert ids(program, since) == [invoice.pk]
    till.pay("-20.00", {credit: "-20.00"})
    assert ids(program, since) == [invoice.pk, credit.pk]


def test_an_invoice_is_listed_inside_what_it_is_of_and_nowhere_else(
    program: Program, till: Till
) -> None:
    practice = till.practice
    case = practice.case()
    visit = till.visit_in(case)
    invoice, other = till.invoice(visit=visit), till.invoice_of("5.00", patient=practice.patient())
    for path in (
        f"/appointments/{visit.booking_id}",
        f"/attendees/{visit.pk}",
        f"/patient_cases/{case.pk}",
        f"/patients/{practice.ada.pk}",
    ):
        assert ids(program, f"{path}/invoices") == [invoice.pk], path
    assert ids(program, f"/practitioners/{practice.amy.pk}/invoices") == [invoice.pk, other.pk]
    assert ids(program, f"/invoices?q[]=appointment_id:={visit.booking_id}") == [invoice.pk]
    for path in ("appointments/1", "attendees/1", "patient_cases/1", "patients/1", "invoices/1"):
        what = "invoice_items" if path == "invoices/1" else "invoices"
        assert program.call("GET", f"/{path}/{what}")[0] == 404
    assert ids(program, f"/patients/{practice.ada.pk}/invoices/deleted") == []
    assert program.get(f"/invoices/{invoice.pk}?q[]=archived_at:!?")["id"] == str(invoice.pk)


def test_a_visit_in_a_group_is_no_appointment_of_its_own(program: Program, till: Till) -> None:
    one = group(till.practice)
    visit = one.attendees.create(patient=till.practice.ada)
    answer = program.get(f"/invoices/{till.invoice(visit=visit).pk}")
    assert answer["appointment"] is None
    assert answer["attendee"]["links"]["self"].endswith(f"/attendees/{visit.pk}")


def test_a_visit_says_what_became_of_its_invoice(program: Program, till: Till) -> None:
    visit = till.practice.attend()
    booking = visit.booking_id

    def found() -> set[int | None]:
        paths = (f"/attendees/{visit.pk}", f"/individual_appointments/{booking}")
        return {program.get(path)["invoice_status"] for path in (*paths, f"/bookings/{booking}")}

    assert found() == {None}
    invoice = till.invoice(visit=visit)
    assert found() == {10}
    assert program.get("/bookings?q[]=invoice_status:=10")["total_entries"] == 1
    invoice.void("Typed twice", by=till.practice.by)
    assert found() == {30}
    again = till.invoice(visit=visit)
    till.pay("100.00", {again: "100.00"})
    again.credit({again.items.get(): Decimal(1)}, by=till.practice.by)
    assert found() == {20}  # of the invoice, not of its credit
    assert program.get("/bookings?q[]=invoice_status:=10")["total_entries"] == 0


def test_who_may_not_see_invoices_is_refused(till: Till, northside: Practice) -> None:
    northside.member.role = Role.SCHEDULER
    northside.member.save()
    key = till.invoice_of("5.00").pk
    reader = program_of(northside)
    for path in (
        "/invoices",
        f"/invoices/{key}",
        "/invoice_items",
        f"/invoices/{key}/invoice_items",
    ):
        assert reader.call("GET", path)[0] == 403
    assert reader.call("GET", "/billable_items")[0] == 200


def test_a_case_says_what_of_its_amount_is_invoiced(program: Program, till: Till) -> None:
    case = till.practice.case(max_invoiceable_amount=Decimal("150.00"))
    open_case = till.practice.case("No limit")
    first = till.invoice(visit=till.visit_in(case))

    def amounts(key: int) -> list[str | None]:
        answer = program.get(f"/patient_cases/{key}")
        return [answer[f"amount_{name}"] for name in ("limit", "used", "left")]

    assert amounts(case.pk) == ["150.00", "100.00", "50.00"]
    till.draft(visit=till.visit_in(case)).issue(knowingly=True, by=till.practice.by)
    assert amounts(case.pk) == ["150.00", "200.00", "0.00"]
    first.void("Typed twice", by=till.practice.by)
    assert amounts(case.pk) == ["150.00", "100.00", "50.00"]
    assert amounts(open_case.pk) == [None, "0.00", None]
