"""What an invoice states stays as it was on the day of issue."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from casewell.cases.models.programme import ReferralType
from casewell.contacts.models import Contact

if TYPE_CHECKING:
    from tests.invoices.till import Till


def test_an_invoice_names_case_position_and_referral_as_on_the_day_of_issue(till: Till) -> None:
    practice = till.practice
    business, account = practice.business, practice.account
    business.business_registration_name, business.business_registration_value = "ABN", "51 824"
    business.address_1, business.city, business.contact_information = "1 Hill St", "Ultimo", "9000"
    business.save()
    elsewhere = account.businesses.create(business_name="Bay", time_zone="Australia/Sydney")
    for place, number in ((business, "2429591L"), (elsewhere, "111")):
        practice.amy.reference_numbers.create(
            business=place, name="Medicare", reference_number=number
        )
    doctor = practice.doctor(company_name="Hill Medical", provider_number="2317091W")
    knee = practice.case(
        "Left knee",
        contact=doctor,
        max_sessions=10,
        referral_type=ReferralType.MEDICARE,
        issue_date=date(2026, 1, 5),
        expiry_date=date(2027, 1, 5),
        claim_number="C-7",
    )
    till.visit_in(knee)
    invoice = till.invoice(visit=practice.attend(knee, at=practice.booking().ends_at))

    practice.ada.last_name, knee.name, doctor.last_name = "Married", "Renamed", "Gone"
    practice.ada.save()
    knee.save()
    doctor.save()
    stated = type(invoice).objects.get(pk=invoice.pk).stated

    assert stated["patient"] == "Ada Rossi"
    assert stated["to"] == ["Ada Rossi"]
    assert stated["numbers"] == [["Medicare", "2429591L"]]
    assert (stated["business"], stated["registration"]) == ("Hill Street", "ABN 51 824")
    assert (stated["business_address"], stated["contact"]) == (["1 Hill St", "Ultimo"], "9000")
    visit = stated["visit"]
    assert (visit["case"], visit["position"], visit["limit"]) == ("Left knee", 2, 10)
    assert stated["referral"] | {"type": ""} == {
        "type": "",
        "referrer": "Dr Jane Lee",
        "practice": "Hill Medical",
        "provider_number": "2317091W",
        "issued": "2026-01-05",
        "expires": "2027-01-05",
        "claim_number": "C-7",
    }


def test_whom_it_is_addressed_to_is_typed_or_the_payer_or_the_patient(till: Till) -> None:
    fund = Contact.objects.create(
        account=till.practice.account,
        first_name="Clara",
        last_name="Claims",
        company_name="Work Cover",
        address_1="5 Road",
        city="Perth",
        post_code="6000",
    )
    ada = till.practice.ada
    ada.address_1, ada.city = "3 Lane", "Ultimo"

    said = [
        till.invoice_of("5", **fields).stated["to"]
        for fields in ({}, {"payer": fund}, {"payer": fund, "invoice_to": " The Estate \n\n Box 3"})
    ]

    assert said == [
        ["Ada Rossi", "3 Lane", "Ultimo"],
        ["Clara Claims", "Work Cover", "5 Road", "Perth 6000"],
        ["The Estate", "Box 3"],
    ]
