"""Settings of money: what is set up is what visits are charged with; what is in use stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from casewell.audit.models import Change
from casewell.invoices.models import InvoiceTerms
from tests.invoices.till import Till
from tests.web.pages import LONG, said, text_of
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

SETTINGS = "/northside/settings"
ITEM = {"name": "Class", "item_code": "560", "item_type": "Service", "price": "30.00", "tax": ""}


@pytest.fixture
def till(northside: Practice) -> Till:
    return Till.of(northside)


def rows_of(*rows: dict[str, Any]) -> dict[str, Any]:
    """The form of what a type is charged with."""
    typed = {"charges-TOTAL_FORMS": str(len(rows)), "charges-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        typed |= {f"charges-{number}-{name}": str(value) for name, value in row.items()}
    return typed


def test_an_item_is_kept_with_what_it_costs_those_of_a_concession(
    till: Till, admin: Client
) -> None:
    account = till.practice.account
    pensioner = account.concession_types.create(name="Pensioner")
    agreed = f"concession_{pensioner.pk}"

    admin.post(f"{SETTINGS}/items/new", ITEM | {"tax": till.gst.pk, agreed: "24.50"})
    item = account.billable_items.get(item_code="560")
    assert (item.tax, item.price_for(pensioner)) == (till.gst, Decimal("24.50"))
    assert "Pensioner $24.50" in text_of(admin.get(f"{SETTINGS}/items"))

    admin.post(f"{SETTINGS}/items/{item.pk}", ITEM | {agreed: ""})
    assert item.price_for(pensioner) == Decimal(30)
    told = [change.changes.get("price for Pensioner") for change in Change.objects.of(item)]
    assert ["24.50", None] in told


def test_a_tax_that_items_have_is_not_put_away(till: Till, admin: Client) -> None:
    answer = admin.post(f"{SETTINGS}/taxes/{till.gst.pk}/archive")

    assert said(answer) == ["GST is the tax of “Brace”. Give them another, then archive it."]
    till.practice.account.billable_items.update(tax=None)
    admin.post(f"{SETTINGS}/taxes/{till.gst.pk}/archive")
    till.gst.refresh_from_db()
    assert till.gst.archived_at


def test_a_second_payment_type_of_a_name_is_refused(till: Till, admin: Client) -> None:
    answer = admin.post(f"{SETTINGS}/payment-types/new", {"name": "Cash"})

    assert answer.status_code == 422
    assert "There is a payment type of that name already." in text_of(answer)


def test_a_type_is_charged_with_what_its_page_says(till: Till, admin: Client) -> None:
    address = f"{SETTINGS}/appointment-types/{till.practice.standard.pk}"
    brace = {"billable_item": till.brace.pk, "quantity": "2", "discount": "10", "unit": "$"}
    whole = {"billable_item": till.consultation.pk, "quantity": "1", "discount": "5", "unit": "%"}

    answer = admin.post(f"{address}/charges", rows_of(whole, brace, {"quantity": ""}))

    assert answer.status_code == 302
    invoice = till.invoice(visit=till.practice.attend())
    assert [line.total_amount for line in invoice.items.order_by("place")] == [95, 100]
    drawn = admin.get(address).content.decode()
    assert 'value="10.00"' in drawn
    told = Change.objects.of(till.practice.standard).get(verb="edited").changes["charged_with"]
    assert told[1] == ["1 × Consultation, less 5.00 %", "2 × Brace, less 10.00 $"]

    admin.post(f"{address}/charges", rows_of(brace | {"billable_item": ""}, brace))
    assert [str(link) for link in till.practice.standard.billable_item_links.all()] == [
        "Brace for Standard"
    ]


def test_a_discount_of_more_than_all_is_refused_on_the_types_own_page(
    till: Till, admin: Client
) -> None:
    address = f"{SETTINGS}/appointment-types/{till.practice.standard.pk}"
    row = {"billable_item": till.brace.pk, "quantity": "1", "discount": "101", "unit": "%"}

    answer = admin.post(f"{address}/charges", rows_of(row))

    assert answer.status_code == 422
    assert "No more than 100 per cent." in text_of(answer)
    assert 'value="101"' in answer.content.decode()


def test_invoices_say_and_count_as_the_settings_have_it(till: Till, admin: Client) -> None:
    terms = {"title": "Receipt", "days_due": "7", "first_number": "500", "how_to_pay": "By card"}

    assert admin.post(f"{SETTINGS}/invoices", terms).status_code == 302

    invoice = till.invoice(visit=till.practice.attend())
    kept = InvoiceTerms.of(till.practice.account)
    assert (invoice.number, invoice.stated["title"], kept.tax_inclusive) == (500, "Receipt", False)
    assert kept.due(date(2026, 3, 1)) == date(2026, 3, 8)
    assert Change.objects.of(kept).get().changes["days_due"] == [14, 7]


@pytest.mark.parametrize(("section", "most"), [("items", 8), ("taxes", 5), ("payment-types", 5)])
def test_a_list_of_prices_asks_the_same_for_one_row_and_three(
    till: Till, admin: Client, section: str, most: int
) -> None:
    account = till.practice.account
    admin.get(f"{SETTINGS}/{section}")
    counts = []
    for number in range(2):
        concession = account.concession_types.create(name=f"Concession {number}")
        till.brace.concession_prices.create(concession_type=concession, price=1)
        account.taxes.create(name=f"Tax {number}", rate=1)
        account.payment_types.create(name=LONG[:250] + str(number))
        counts.append(statements_of(admin, f"{SETTINGS}/{section}"))

    assert counts == [most, most]
