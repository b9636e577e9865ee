"""Cases that are limited by an amount: what is invoiced and left, shown, passed and raised."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from casewell.accounts.case_policy import WhenFull
from casewell.accounts.roles import Role
from casewell.appointments.models.linking import room_for
from casewell.cases.models import Approval, Programme, draft_of_successor
from tests.invoices.till import Till
from tests.web.test_case_page import shown
from tests.web.test_pages import statements_of
from tests.world import NOON, words_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")

DAY = timedelta(days=1)
SIX_HUNDRED = Decimal(600)


def told(desk: Client, address: str) -> str:
    return words_in(shown(desk, f"/northside/{address}"))


def test_what_is_invoiced_and_left_of_an_amount_is_shown_wherever_the_case_is(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_invoiceable_amount=SIX_HUNDRED, contact=northside.doctor())
    visit = northside.attend(case)
    Till.of(northside).invoice_of("450", visit=visit)
    pages = [
        "cases",
        f"cases/{case.pk}",
        f"patients/{northside.ada.pk}",
        f"contacts/{case.contact_id}",
        f"bookings/{visit.booking_id}",
        f"bookings/new?patient={northside.ada.pk}",
    ]

    for page in pages:
        said = told(desk, page)
        assert "$150.00 left" in said, page
        assert "$450.00 of $600.00 invoiced" in said or page.startswith("contacts"), page
        assert "no limit" not in said.replace("sessions, no limit", ""), page


def test_a_used_up_amount_leaves_the_case_open_and_proposed_and_both_limits_are_told(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_sessions=5, max_invoiceable_amount=SIX_HUNDRED)
    till = Till.of(northside)
    till.invoice_of("600", visit=northside.attend(case))

    assert "open · 4 left · amount used up" in told(desk, f"cases/{case.pk}")
    panel = told(desk, f"bookings/new?patient={northside.ada.pk}")
    assert "Chosen for you" in panel
    warned = "Its amount is used up: $600.00 of $600.00 is invoiced. It can be saved all the same."
    assert warned in panel
    one_more = till.draft(visit=northside.attend(case, NOON + DAY))
    one_more.issue(knowingly=True, by=northside.by)
    page = told(desk, f"cases/{case.pk}")
    assert "2 of 5" in page
    assert "$700.00 of $600.00 invoiced · over by $100.00" in page
    assert "More is invoiced than the amount allows." in page


def test_a_visit_that_would_pass_the_amount_is_told_before_it_is_booked_or_linked(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_invoiceable_amount=Decimal(250))
    till = Till.of(northside)
    pensioner = northside.account.concession_types.create(name="Pensioner")
    till.consultation.concession_prices.create(concession_type=pensioner, price=Decimal(50))
    till.invoice(visit=northside.attend(case))
    kind = f"appointment_type={northside.standard.pk}"
    panel = f"bookings/new?patient={northside.ada.pk}&case={case.pk}&case_of={northside.ada.pk}"
    warned = "Invoiced, it would bring the case to $300.00 of $250.00."
    assert "would bring the case" not in told(desk, f"{panel}&{kind}")

    till.invoice(visit=northside.attend(case, NOON + DAY))

    assert f"{warned} It can be saved all the same." in told(desk, f"{panel}&{kind}")
    there = northside.attend(at=NOON + 2 * DAY)
    other = northside.attend(at=NOON + 3 * DAY)
    assert warned in told(desk, f"bookings/{there.booking_id}?case={case.pk}")
    linking = f"/northside/cases/{case.pk}/appointments/outlook"
    outlook = desk.post(linking, {"add": f"{there.pk},{other.pk}"}).json()["line"]
    assert outlook == (
        "This would make 4, $200.00 of $250.00 invoiced; "
        "with those that are not invoiced yet $400.00 of $250.00."
    )
    till.invoice_of("20", visit=there)
    assert "would bring" not in told(desk, f"bookings/{there.booking_id}?case={case.pk}")
    northside.ada.concession_type = pensioner
    northside.ada.save()
    assert "would bring the case" not in told(desk, f"{panel}&{kind}")


def test_an_amount_is_raised_with_a_reason_by_whom_the_practice_lets_and_never_to_less(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_invoiceable_amount=SIX_HUNDRED)
    address = f"/northside/cases/{case.pk}/amount"

    assert desk.post(address, {"to": "600", "reason": "By phone"}).status_code == 422
    assert desk.post(address, {"to": "750.50", "reason": ""}).status_code == 422
    desk.post(address, {"to": "750.50", "reason": "Ms Ito agreed by phone"})
    desk.post(address, {"to": "800", "reason": "And again"})

    granted = northside.account.approvals.order_by("id").values_list("amount", "reason")
    assert list(granted) == [
        (SIX_HUNDRED, "The limit until then"),
        (Decimal("150.50"), "Ms Ito agreed by phone"),
        (Decimal("49.50"), "And again"),
    ]
    assert "$0.00 of $800.00" in told(desk, f"cases/{case.pk}")
    northside.account.when_full_roles = {WhenFull.RAISE.value: []}
    northside.account.save()
    assert desk.post(address, {"to": "900", "reason": "x"}).status_code == 403
    edited = {"name": "x", "limit_kind": "amount", "max_invoiceable_amount": "900"}
    refused = desk.post(f"/northside/cases/{case.pk}/edit", edited).content.decode()
    assert "Raising the limit of 600.00, or taking it away" in refused


def test_an_invoiced_visit_that_brings_a_case_past_its_amount_warns_and_is_linked(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_invoiceable_amount=Decimal(150))
    till = Till.of(northside)
    till.invoice(visit=northside.attend(case))
    panel, list_, both, plain = (northside.attend(at=NOON + n * DAY) for n in range(1, 5))
    for visit in (panel, list_, both):
        till.invoice(visit=visit)
    linking = f"/northside/cases/{case.pk}/appointments"

    outlook = desk.post(f"{linking}/outlook", {"add": f"{list_.pk}"}).json()["line"]
    one = desk.post(f"/northside/bookings/{panel.booking_id}/case", {"case": case.pk}, follow=True)
    many = desk.post(linking, {"add": f"{list_.pk}"}, follow=True)
    several = desk.post(
        f"/northside/bookings/{both.booking_id}/linking", {"case": case.pk}, follow=True
    )
    quiet = desk.post(
        f"/northside/bookings/{plain.booking_id}/case", {"case": case.pk}, follow=True
    )

    assert outlook == "This would make 2, $200.00 of $150.00 invoiced, over its amount."
    for answer, amount in ((one, "$200.00"), (many, "$300.00"), (several, "$400.00")):
        said = words_in(answer.content.decode())
        assert f"This brings “Left knee” to {amount} of $150.00 invoiced." in said
    assert "This brings" not in words_in(quiet.content.decode())
    assert case.attendees.count() == 5


def test_a_successor_has_the_amount_that_was_typed_or_approved(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_invoiceable_amount=SIX_HUNDRED)
    approved = northside.case()
    Approval.grant(approved, amount=Decimal(800), by=northside.by)
    address = f"/northside/cases/{case.pk}/successor"

    page = desk.get(address).content.decode()
    desk.post(address, {"next-name": "Next", "next-max_invoiceable_amount": "700"})

    assert draft_of_successor(approved).max_invoiceable_amount == Decimal(800)
    assert 'name="next-max_invoiceable_amount" value="600.00"' in page
    assert case.successors.get().max_invoiceable_amount == Decimal(700)
    plain = desk.get(f"/northside/cases/{northside.case().pk}/successor").content.decode()
    assert "max_invoiceable_amount" not in plain


def test_an_invoiced_visit_gives_up_its_place_to_no_other(northside: Practice) -> None:
    case = northside.case(max_sessions=2)
    first, last = northside.attend(case, NOON + DAY), northside.attend(case, NOON + 2 * DAY)
    till = Till.of(northside)

    invoice = till.invoice(visit=last)
    assert room_for(case, NOON).attendee == first
    till.invoice(visit=first)
    assert room_for(case, NOON).why_not == "All visits in it are invoiced."
    invoice.void("by mistake", by=northside.by)
    assert room_for(case, NOON).attendee == last


def test_a_case_that_has_both_limits_keeps_both_when_it_is_edited(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_sessions=5, max_invoiceable_amount=SIX_HUNDRED)
    typed = {"name": "Right knee", "limit_kind": "both", "max_sessions": "5"}

    desk.post(f"/northside/cases/{case.pk}/edit", typed | {"max_invoiceable_amount": "650"})

    case.refresh_from_db()
    assert (case.name, case.max_sessions) == ("Right knee", 5)
    assert case.max_invoiceable_amount == Decimal(650)
    alone = northside.case(max_sessions=5)
    assert "Sessions and an amount" in told(desk, f"cases/{case.pk}/edit")
    assert "Sessions and an amount" not in told(desk, f"cases/{alone.pk}/edit")


def test_a_case_lists_its_invoices_with_what_they_come_to_and_what_is_owed(
    northside: Practice, desk: Client
) -> None:
    case, till = northside.case(), Till.of(northside)
    paid = till.invoice_of("80", visit=northside.attend(case))
    part = till.invoice_of("100", visit=northside.attend(case, NOON + DAY))
    till.invoice_of("70", visit=northside.attend(case)).void("by mistake", by=northside.by)
    till.invoice_of("7", visit=northside.attend())
    till.pay("110", {paid: "80", part: "30"})
    part.credit({part.items.get(): Decimal("0.4")}, by=northside.by)

    said = told(desk, f"cases/{case.pk}").partition("Invoices Invoice Issued")[2]

    day = northside.account.today().strftime("%-d %b %Y")
    assert f"Invoice 1 {day} Tue 3 Mar 2026 $80.00 – paid" in said
    assert f"Invoice 2 {day} Wed 4 Mar 2026 $100.00 $30.00 part-paid" in said
    assert f"Invoice 3 {day} Tue 3 Mar 2026 $70.00 – void" in said
    assert f"Credit 5 {day} Wed 4 Mar 2026 −$40.00 – given" in said
    assert "Together $140.00 $30.00" in said
    assert "$7.00" not in said
    history = told(desk, f"cases/{case.pk}/history")
    assert "issued the invoice" in history
    assert "voided the invoice" in history
    northside.account.admit(northside.member.user, role=Role.SCHEDULER)
    assert "Together" not in told(desk, f"cases/{case.pk}")
    assert "the invoice" not in told(desk, f"cases/{case.pk}/history")


def test_the_page_of_a_case_takes_the_same_few_statements_for_one_invoice_and_for_three(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    case, till = northside.case(programme=rules, max_invoiceable_amount=9000), Till.of(northside)
    counts = []
    for n in (1, 2):
        for i in range(n):
            till.invoice(visit=northside.attend(case, NOON + timedelta(hours=5 * n + i)))
        desk.get(f"/northside/cases/{case.pk}")
        counts.append(statements_of(desk, f"/northside/cases/{case.pk}"))

    assert counts == [10, 10]
