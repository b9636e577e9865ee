"""Prices through the API: what is taken away, what stays bound, and what follows from both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.accounts.models import Business
from casewell.audit.models import Change
from casewell.invoices.price_forms import PRICED_BEFORE
from tests.api.examples import EXAMPLES
from tests.api.examples.money import brace, service

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def test_a_tax_that_is_taken_away_still_stands_on_the_items_that_have_it(
    program: Program, northside: Practice
) -> None:
    item = brace()
    assert program.call("DELETE", f"/taxes/{item.tax_id}") == (204, None)
    assert program.call("GET", f"/taxes/{item.tax_id}")[0] == 404
    assert program.get("/taxes")["total_entries"] == 0
    answer = program.get(f"/billable_items/{item.pk}")
    assert answer["tax"]["links"]["self"].endswith(f"/taxes/{item.tax_id}")
    path = f"/billable_items/{item.pk}"
    assert program.patch(path, {"price": 60})["tax"] == answer["tax"]  # kept, though not chosen
    status, body = program.call("POST", "/billable_items", {**SENT, "tax_id": item.tax_id})
    assert (status, list(body["errors"])) == (422, ["tax"])
    assert program.patch(path, {"tax_id": None})["tax"] is None


SENT: dict[str, Any] = {"name": "Taping", "item_type": "Product", "price": 5}


def test_a_taxs_rate_is_taken_by_its_older_name_too(program: Program) -> None:
    assert program.post("/taxes", {"name": "GST", "amount": 10})["rate"] == "10.0"
    status, body = program.call("POST", "/taxes", {"name": "GST", "rate": "-1"})
    assert (status, list(body["errors"])) == (422, ["rate"])


def test_an_item_has_one_price_for_a_concession_and_stays_what_it_is_for(
    program: Program, northside: Practice
) -> None:
    sent = EXAMPLES["concession_prices"].body(northside)
    made = program.post("/concession_prices", sent)
    status, body = program.call("POST", "/concession_prices", sent | {"price": 5})
    assert (status, list(body["errors"])) == (422, ["base"])
    assert body["errors"]["base"] == PRICED_BEFORE
    other = brace()
    changed = program.patch(
        f"/concession_prices/{made['id']}", {"price": 7, "billable_item_id": other.pk}
    )
    assert (changed["price"], changed["billable_item"]) == ("7.00", made["billable_item"])


def test_what_a_type_is_charged_with_is_in_the_types_history(
    program: Program, northside: Practice
) -> None:
    kind, item = northside.standard, brace()
    made = program.post(
        "/appointment_type_billable_items",
        {"appointment_type_id": kind.pk, "billable_item_id": item.pk},
    )
    assert (made["quantity"], made["is_monetary_discount"]) == ("1.0", False)
    path = f"/appointment_type_billable_items/{made['id']}"
    assert program.patch(path, {"discounted_amount": "5"})["is_monetary_discount"]
    program.patch(path, {"quantity": 2})
    assert program.call("DELETE", path) == (204, None)
    told = [one.changes["billable_items"] for one in Change.objects.of(kind)]
    assert told == [["2 × Brace", None], ["1 × Brace", "2 × Brace"], [None, "1 × Brace"]]


def test_a_type_has_the_first_of_its_items_by_the_older_property(
    program: Program, northside: Practice
) -> None:
    path, first, second = f"/appointment_types/{northside.standard.pk}", brace(), brace()

    def charged() -> list[str]:
        body = program.get("/appointment_type_billable_items")["appointment_type_billable_items"]
        return [one["billable_item"]["links"]["self"] for one in body]

    made = program.patch(path, {"billable_item_id": first.pk})["billable_item"]
    northside.standard.billable_item_links.create(billable_item=second)
    assert [made["links"]["self"], *links("billable_items", second)] == charged()
    third = brace()
    program.patch(path, {"billable_item_id": third.pk, "name": "Longer"})
    assert charged() == links("billable_items", third, second)
    program.post(f"/billable_items/{third.pk}/archive")
    assert program.patch(path, {"billable_item_id": third.pk})["billable_item"]
    status, body = program.call("PATCH", path, {"billable_item_id": northside.ada.pk})
    assert (status, body["errors"]) == (422, {"billable_item": "must exist"})
    program.patch(path, {"billable_item_id": None})
    assert charged() == links("billable_items", second)


def links(name: str, *records: Any) -> list[str]:
    return [f"http://testserver/v1/{name}/{record.pk}" for record in records]


def test_a_service_is_a_type_where_somebody_who_offers_it_works(
    program: Program, northside: Practice
) -> None:
    account, here = northside.account, northside.business
    service(northside)
    bo = account.practitioners.create(first_name="Bo")
    away = Business.objects.create(business_name="Away", time_zone="Australia/Perth")
    for place in (here, away):
        account.practitioner_businesses.create(practitioner=bo, business=place)
    northside.standard.practitioner_links.create(practitioner=bo)
    account.appointment_types.create(name="Nobody's", duration_in_minutes=5)
    idle = account.practitioners.create(first_name="Cy")
    account.practitioner_businesses.create(practitioner=idle, business=here)

    def found(path: str = "/services") -> list[tuple[str, list[str]]]:
        return [
            (
                one["business"]["links"]["self"],
                [link["links"]["self"] for link in one["practitioners"]],
            )
            for one in program.get(path)["services"]
        ]

    both, alone = links("practitioners", northside.amy, bo), links("practitioners", bo)
    [at_home], [far] = links("businesses", here), links("businesses", away)
    assert found() == [(at_home, both), (far, alone)]
    assert found(f"/businesses/{away.pk}/services") == [(far, alone)]
    page = program.get("/services?per_page=1&page=2")
    assert (page["total_entries"], len(page["services"])) == (2, 1)
    assert "previous" in page["links"]
    northside.standard.business_links.create(business=here)
    assert found() == [(at_home, both)]
    here.appointment_type_ids = []
    here.save()
    assert found() == []
    assert found(f"/businesses/{here.pk}/services") == []
    assert program.call("GET", "/businesses/1/services")[0] == 404
