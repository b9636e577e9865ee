"""Drafts and invoices on pages: two clicks from a visit, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from casewell.audit.archiving import archive
from casewell.invoices.models import Invoice
from tests.invoices.till import Till
from tests.web.invoicing import line, sent
from tests.web.pages import SLUG, text_of
from tests.web.test_pages import statements_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


@pytest.fixture
def till(northside: Practice) -> Till:
    return Till.of(northside)


@pytest.fixture
def unvisited(till: Till) -> str:
    """Where an invoice without a visit is begun."""
    return f"{SLUG}/invoices/new?patient={till.practice.ada.pk}"


def test_a_visit_is_invoiced_in_two_clicks(till: Till, desk: Client) -> None:
    visit = till.practice.attend(till.practice.case(max_sessions=10))
    panel = desk.get(f"{SLUG}/bookings/{visit.booking_id}").content.decode()
    address = f"{SLUG}/invoices/new?visit={visit.pk}"
    assert f'href="{address}"' in panel

    draft = desk.get(address)
    assert "Session 1 of 10" in text_of(draft)
    assert 'value="Consultation"' in draft.content.decode()
    answer = desk.post(address, sent(line()))

    [invoice] = till.practice.account.invoices.all()
    assert answer.headers["Location"] == f"{SLUG}/invoices/{invoice.pk}"
    assert (invoice.number, invoice.total_amount) == (1, Decimal(100))
    shown = text_of(desk.get(answer.headers["Location"]))
    for words in ("Invoice 1", "Session 1 of 10", "Owed $100.00", "Amy Shaw"):
        assert words in shown
    assert "owes $100.00" in text_of(desk.get(f"{SLUG}/bookings/{visit.booking_id}"))


def test_the_editor_counts_adds_and_takes_away_without_storing(
    till: Till, desk: Client, unvisited: str
) -> None:
    till.practice.account.billable_items.create(name="Tape", item_code="T1", price=Decimal(7))
    rows = [line(), line(1, name="Own thing", quantity="3", unit_price="5", discount="10%")]
    looked = desk.post(unvisited, sent(*rows, act="look"))
    assert "Discount $1.50 Total $113.50" in text_of(looked)
    by_code = desk.post(unvisited, sent(line(), act="add", added="t1"))
    assert 'value="Tape"' in by_code.content.decode()
    assert "Total $107.00" in text_of(by_code)
    begun = desk.post(unvisited, sent(act="add", added="brac"))
    assert "Without tax $50.00 Tax $5.00 Total $55.00" in text_of(begun)
    own = desk.post(unvisited, sent(act="add", added="Taxi home"))
    assert 'value="Taxi home"' in own.content.decode()
    fewer = desk.post(unvisited, sent(*rows, act="remove-0"))
    assert "Total $13.50" in text_of(fewer)

    assert [one.status_code for one in (looked, by_code, begun, own, fewer)] == [200] * 5
    assert not till.practice.account.draft_invoices.exists()


def test_a_concession_prices_a_line_anew_and_nothing_is_issued_unseen(
    till: Till, desk: Client, unvisited: str
) -> None:
    pensioner = till.practice.account.concession_types.create(name="Pensioner")
    till.consultation.concession_prices.create(concession_type=pensioner, price=Decimal(80))
    row = line(concession="Pensioner", priced_for="", item=str(till.consultation.pk))

    refused = desk.post(unvisited, sent(row))
    assert refused.status_code == 422
    assert "look them over" in text_of(refused)
    assert 'value="80.00"' in refused.content.decode()
    added = desk.post(unvisited, sent(row, added="brace"))
    assert added.status_code == 422
    assert not Invoice.objects.exists()


WRONG_DRAFTS: list[tuple[dict[str, str], str]] = [
    ({"lines-0-quantity": "many"}, "Enter a number."),
    ({"lines-0-quantity": "0"}, "greater than or equal"),
    ({"lines-0-unit_price": "1e9999"}, "line 1"),
    ({"lines-0-unit_price": "3999999999", "lines-0-quantity": "999999"}, "can be invoiced"),
    ({"lines-0-discount": "half"}, "An amount such as 5.00"),
    ({"lines-0-discount": "101%"}, "At most 100%"),
    ({"lines-0-discount": "1.005"}, "at most two places"),
    ({"lines-0-discount": "100.01"}, "More than the line comes to"),
    ({"lines-0-tax": "99.0000 Nobody"}, "Select a valid choice"),
    ({"lines-0-name": ""}, "This field is required."),
    ({"lines-0-unit_price": "-5"}, "less than nothing"),
    ({"due_date": "2026-03-01"}, "before the day of issue"),
    ({"payer": "77"}, "Select a valid choice"),
    ({"lines-0-name": "", "lines-0-unit_price": ""}, "Nothing is charged yet"),
]


def test_what_cannot_be_charged_is_refused_in_words(
    till: Till, desk: Client, unvisited: str
) -> None:
    by = {"practitioner": str(till.practice.amy.pk), "business": str(till.practice.business.pk)}
    for fields, words in WRONG_DRAFTS:
        answer = desk.post(unvisited, sent(line(), **by, **fields))
        assert answer.status_code == 422, fields
        assert words in text_of(answer), fields
    assert not Invoice.objects.exists()
    assert desk.post(unvisited, sent(line(), **by)).status_code == 302


def test_a_draft_is_saved_found_again_issued_once_and_discarded(
    till: Till, desk: Client, unvisited: str
) -> None:
    visit = till.practice.attend()
    address = f"{SLUG}/invoices/new?visit={visit.pk}"
    kept = desk.post(address, sent(line(), act="draft")).headers["Location"]
    assert desk.get(address).headers["Location"] == kept
    tax = f"{till.gst.rate:.4f} GST"
    desk.post(f"{kept}/draft", sent(line(tax=tax, discount="50%"), act="draft", notes="Thanks"))
    assert "Total $50.00" in text_of(desk.get(kept))

    paid = desk.post(f"{kept}/draft", sent(line(tax=tax, discount="50%"), act="pay"))
    assert paid.headers["Location"] == f"{kept}/payments"
    again = desk.post(f"{kept}/draft", sent(line()))
    assert (again.status_code, "issued meanwhile" in text_of(again)) == (422, True)

    by = {"practitioner": str(till.practice.amy.pk), "business": str(till.practice.business.pk)}
    other = desk.post(unvisited, sent(line(), act="draft", **by)).headers["Location"]
    assert desk.post(f"{other}/discarding").status_code == 302
    assert desk.get(other).status_code == 404
    assert Invoice.objects.get().number == 1


def test_a_draft_of_who_left_meanwhile_is_issued_as_it_is_or_given_to_another(
    till: Till, desk: Client, unvisited: str
) -> None:
    practice = till.practice
    tom = practice.account.practitioners.create(first_name="Tom", last_name="<b>Reid</b>")
    body = sent(line(), act="draft", practitioner=str(tom.pk), business=str(practice.business.pk))
    address = desk.post(unvisited, body).headers["Location"]
    tom.active = False
    tom.save()
    practice.account.businesses.create(business_name="Hill Street 2")
    archive(practice.business, by=practice.by)

    page = desk.get(address).content.decode()
    issued = desk.post(f"{address}/draft", body | {"act": "issue"})

    assert f'<option value="{tom.pk}" selected>' in page
    for who in ("Tom &lt;b&gt;Reid&lt;/b&gt;", "Hill Street"):
        assert f"{who} is not active any more: issue it all the same" in page
    assert issued.status_code == 302
    assert practice.account.invoices.get().practitioner == tom
    assert f'value="{tom.pk}"' not in desk.get(unvisited).content.decode()


def test_charging_again_and_passing_the_amount_are_asked(till: Till, desk: Client) -> None:
    case = till.practice.case(max_invoiceable_amount=Decimal(150))
    visit = till.practice.attend(case)
    address = f"{SLUG}/invoices/new?visit={visit.pk}"
    assert "$150.00 is left" in text_of(desk.get(address))
    desk.post(address, sent(line()))

    twice = desk.post(address, sent(line()))
    assert twice.status_code == 422
    assert "Invoice 1 already" in text_of(twice)
    passed = desk.post(address, sent(line(), again="yes"))
    assert passed.status_code == 422
    assert "$200.00 of $150.00" in text_of(passed)
    assert "Issue all the same" in text_of(passed)
    assert desk.post(address, sent(line(), again="yes", act="knowingly")).status_code == 302
    assert Invoice.objects.count() == 2


def test_the_patients_page_tells_what_is_owed_and_leads_to_all_of_it(
    till: Till, desk: Client
) -> None:
    visit = till.practice.attend(at=NOON - timedelta(days=400))
    first = till.invoice(visit=visit)
    till.pay("130", {first: "30"})
    draft = till.draft(visit=till.practice.attend(at=NOON - timedelta(days=300)))
    draft.save()
    patient = f"{SLUG}/patients/{till.practice.ada.pk}"

    page = desk.get(patient)
    assert "owes $70.00 , has $100.00 on account" in text_of(page)
    assert "1 owes $70.00" in text_of(page)
    assert f'href="{SLUG}/invoices/{draft.pk}"' in page.content.decode()
    whole = desk.get(f"{patient}/invoices")
    shown = text_of(whole)
    for words in ("Draft of", "Invoice 1", "part-paid", "$70.00", "Cash", "$130.00"):
        assert words in shown
    assert f'href="{patient}/statement"' in whole.content.decode()


def pages_with(till: Till, rows: int) -> list[str]:
    """All pages of invoices, with so many lines, invoices and payments."""
    practice, account = till.practice, till.practice.account
    pensioner = account.concession_types.create(name=f"Pensioner {rows}")
    practice.ada.concession_type = pensioner
    practice.ada.save()
    payer = practice.doctor()
    case = practice.case(f"Knee {rows}", payer=payer, max_invoiceable_amount=Decimal(900))
    visit = practice.attend(case, at=NOON + timedelta(hours=rows))
    for n in range(rows - 1):
        item = account.billable_items.create(name=f"Item {n}", price=Decimal(5), tax=till.gst)
        item.concession_prices.create(concession_type=pensioner, price=Decimal(4))
        practice.standard.billable_item_links.create(billable_item=item)
    first = till.invoice(visit=visit)
    for _ in range(rows):
        till.pay("5", {first: "4"})
        draft = till.draft(visit=practice.attend(case, at=NOON + timedelta(days=rows)))
    draft.save()
    other = till.invoice_of("50")
    credit = other.credit({other.items.get(): Decimal("0.5")}, by=practice.by)
    fresh = practice.attend(case, at=NOON + timedelta(days=9 + rows))
    names = (str(first.pk), f"{first.pk}/payments", f"{first.pk}/credits", f"{first.pk}/history")
    pages = [*names, str(draft.pk), str(credit.pk), f"new?visit={fresh.pk}"]
    pages.append(f"new?patient={practice.ada.pk}")
    of_patient = f"{SLUG}/patients/{practice.ada.pk}/invoices"
    return [*(f"{SLUG}/invoices/{page}" for page in pages), of_patient]


def test_pages_of_invoices_take_the_same_few_statements_for_one_row_and_for_three(
    till: Till, admin: Client
) -> None:
    admin.get(f"{SLUG}/patients")  # the first page writes down the session
    counts = [[statements_of(admin, page) for page in pages_with(till, n)] for n in (1, 3)]

    assert counts[0] == counts[1]
    assert counts[0] == [8, 6, 6, 7, 9, 6, 10, 10, 8]
