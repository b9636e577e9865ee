"""What the desk is told of money and reports: on Today, in the list of appointments, on tiles."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.roles import Role
from casewell.cases.models import DutyDone, Programme
from tests.invoices.till import Till
from tests.web.appointments_list import LIST, found, person
from tests.web.arrivals import HOUR, LATER, TODAY, row_of
from tests.web.calendar_feed import feed
from tests.web.test_calendar import FEED_STATEMENTS
from tests.web.test_pages import statements_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from casewell.appointments.models import Attendee
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")

NAMES = ["Paid", "Part", "None", "Missed", "Coming"]


@pytest.fixture
def till(northside: Practice) -> Till:
    return Till.of(northside)


def links_in(desk: Client, visit: Attendee) -> dict[str, str]:
    """Where the buttons of a visit's row lead, by what they are called."""
    shown = desk.get(TODAY).content.decode()
    row = re.search(rf'<tr id="arrival-{visit.pk}".*?</tr>', shown, re.DOTALL)
    assert row is not None
    return dict(
        re.findall(r'<a class="btn btn-sm" [^>]*href="([^"]*)" aria-label="([^"]*)"', row[0])
    )


def test_a_row_of_today_says_what_is_owed_not_invoiced_and_due_and_leads_there_by_one_click(
    northside: Practice, desk: Client, till: Till
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    case = northside.case(programme=rules)
    before = northside.attend(case, NOON - 48 * HOUR)
    invoice = till.invoice_of("80", visit=before)
    till.invoice_of("20.50")
    visit = northside.attend(case, NOON - HOUR, arrived=True)
    free = northside.attend(at=NOON - HOUR, patient=northside.patient(), arrived=True)
    coming = northside.attend(at=LATER, patient=northside.patient("Cy"))
    till.invoice(visit=free)
    till.pay("100", {free.invoices.get(): "100"})

    said, links = row_of(desk, visit), links_in(desk, visit)

    assert "report due Report not invoiced Invoice owes $100.50 Pay" in said
    assert links == {
        f"/northside/cases/{case.pk}#duties": (
            f"See to the report of Ada Rossi: {rules.duties[0]['name']}"
        ),
        f"/northside/invoices/new?visit={visit.pk}": "Write the invoice of Ada Rossi",
        f"/northside/invoices/{invoice.pk}/payments": "Take the payment of Ada Rossi",
    }
    assert all(desk.get(url.partition("#")[0]).status_code == 200 for url in links)
    for other in (free, coming):
        assert not re.search("owes|invoiced|report", row_of(desk, other))
    DutyDone.mark(case, rules.duties[0]["code"], by=northside.by)
    assert "report" not in row_of(desk, visit)
    northside.account.admit(northside.member.user, role=Role.SCHEDULER)
    assert not re.search("owes|invoiced", row_of(desk, visit))


def test_what_costs_nothing_waits_for_no_invoice_and_nobody_is_pressed_to_charge_twice(
    northside: Practice, desk: Client, till: Till
) -> None:
    visit = northside.attend(at=NOON - HOUR, arrived=True)
    assert "not invoiced" in row_of(desk, visit)

    invoice = till.invoice(visit=visit)
    assert "not invoiced" not in row_of(desk, visit)
    invoice.void("by mistake", by=northside.by)
    assert "not invoiced" in row_of(desk, visit)
    northside.standard.billable_item_links.all().delete()
    assert "not invoiced" not in row_of(desk, visit)


def test_today_takes_the_same_few_statements_whatever_is_owed_and_due(
    northside: Practice, desk: Client, till: Till
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    counts = []
    for n in (1, 3):
        for i in range(n):
            patient = person(northside, f"Wu{n}{i}")
            case = northside.case(programme=rules, patient=patient)
            till.invoice(visit=northside.attend(case, NOON - 48 * HOUR))
            northside.attend(case, NOON - HOUR, arrived=True)
            northside.attend(patient=patient, at=LATER)
        desk.get(TODAY)
        counts.append(statements_of(desk, TODAY))

    assert counts == [10, 10]


def billed(northside: Practice, till: Till) -> dict[str, Attendee]:
    """Visits of the day: paid, paid in part, not invoiced, missed, and one that is to come."""
    visits = {
        name: northside.attend(at=NOON - (5 - n) * HOUR, patient=person(northside, name))
        for n, name in enumerate(NAMES[:4])
    }
    visits["Coming"] = northside.attend(at=LATER, patient=person(northside, "Coming"))
    visits["Missed"].mark(did_not_arrive=True, by=northside.by)
    for name, amount in (("Paid", "100"), ("Part", "70")):
        till.pay(amount, {till.invoice(visit=visits[name]): amount})
    return visits


def test_the_list_finds_what_is_not_invoiced_or_not_paid_at_the_days_end(
    northside: Practice, admin: Client, till: Till
) -> None:
    visits = billed(northside, till)

    assert found(admin, "invoice=none") == ["None"]
    assert found(admin, "invoice=unpaid") == ["Part"]
    assert found(admin, "invoice=some") == ["Paid", "Part"]
    assert found(admin, "") == NAMES
    page = admin.get(f"{LIST}?invoice=unpaid").content.decode()
    invoice = visits["Part"].invoices.get()
    assert f'<a href="/northside/invoices/{invoice.pk}">2, owes $30.00</a>' in page
    assert "unpaid</span>" in page
    answer: Any = admin.get(f"{LIST}.csv?invoice=some")
    told = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [row["Invoice"] for row in rows] == ["1, paid", "2, owes $30.00"]
    northside.account.admit(northside.member.user, role=Role.SCHEDULER)
    assert found(admin, "invoice=unpaid") == NAMES
    assert "owes" not in admin.get(f"{LIST}?invoice=unpaid").content.decode()


def test_the_list_takes_the_same_few_statements_with_its_column_of_invoices(
    northside: Practice, admin: Client, till: Till
) -> None:
    billed(northside, till)
    admin.get(f"{LIST}?invoice=none")

    counts = {statements_of(admin, f"{LIST}?invoice={word}") for word in ("none", "some", "")}

    assert counts == {9}


def test_a_tile_is_marked_while_its_visit_is_not_paid(
    northside: Practice, desk: Client, till: Till
) -> None:
    visits = billed(northside, till)
    names = {str(visit.booking_id): name for name, visit in visits.items()}
    address = f"/northside/calendar/{NOON.date()}/bookings?business={northside.business.pk}"
    desk.get(address)

    def unpaid() -> list[str]:
        return [names[t["id"]] for t in feed(desk)["bookings"] if "unpaid" in t["marks"]]

    assert unpaid() == ["Part"]
    assert statements_of(desk, address) == FEED_STATEMENTS - 1  # none is in a case
    till.pay("30", {visits["Part"].invoices.get(): "30"})
    assert unpaid() == []
    invoice = till.invoice(visit=visits["Missed"])
    assert unpaid() == ["Missed"]
    invoice.credit({invoice.items.get(): Decimal(1)}, by=northside.by)
    assert unpaid() == []
    till.draft(visit=visits["Missed"]).issue(again=True, by=northside.by)
    assert unpaid() == ["Missed"]
    northside.account.admit(northside.member.user, role=Role.SCHEDULER)
    assert unpaid() == []
