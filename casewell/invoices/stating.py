"""What an invoice states of names, case and referral: as they were on the day of issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from casewell.accounts.models import Business
    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.contacts.models import Contact
    from casewell.invoices.models import DraftInvoice, InvoiceTerms


def stated_of(draft: DraftInvoice, terms: InvoiceTerms) -> dict[str, Any]:
    """The particulars by name, as JSON; what is not known is left out.

    `to` are the lines of whom it is addressed to; `numbers` the practitioner's, each a pair of
    name and number, at the business of the invoice.
    """
    practitioner = draft.practitioner
    said = {
        "title": terms.title,
        "how_to_pay": terms.how_to_pay,
        "footer": terms.footer,
        "practice": draft.account.name,
        "patient": str(draft.patient),
        "patient_address": draft.patient.address,
        "to": addressed_to(draft),
        "payer": str(draft.payer or ""),
        "practitioner": str(practitioner),
        "discipline": practitioner.designation,
        "numbers": _numbers(draft),
        **_place(draft.business),
        **stated_of_visit(draft.attendee),
    }
    return _known(said)


def stated_of_visit(attendee: Attendee | None) -> dict[str, Any]:
    """What an invoice of a visit says that it is of: `visit` and, in a case, `referral`."""
    if attendee is None:
        return {}
    said = {"visit": _visit(attendee)}
    return said | {"referral": _referral(attendee.case)} if attendee.case else said


def addressed_to(draft: DraftInvoice) -> list[str]:
    """As it was typed; else the payer's name and address; else the patient's."""
    if draft.invoice_to.strip():
        return [line.strip() for line in draft.invoice_to.splitlines() if line.strip()]
    if draft.payer:
        return _payer(draft.payer)
    return [str(draft.patient), *draft.patient.address]


def _payer(payer: Contact) -> list[str]:
    town = _together(payer.city, payer.state, payer.post_code)
    lines = (str(payer), payer.company_name if payer.full_name else "")
    address = (payer.address_1, payer.address_2, payer.address_3, town, payer.country)
    return [line for line in (*lines, *address) if line]


def _numbers(draft: DraftInvoice) -> list[list[str]]:
    numbers = draft.practitioner.reference_numbers.filter(business=draft.business).order_by("id")
    return [[one.name, one.reference_number] for one in numbers]


def _place(business: Business) -> dict[str, Any]:
    """Who issues it: the business with its address, its registration and how to reach it."""
    town = _together(business.city, business.state, business.post_code)
    return {
        "business": business.display_name or business.business_name,
        "business_address": [x for x in (business.address_1, business.address_2, town) if x],
        "registration": _together(
            business.business_registration_name, business.business_registration_value
        ),
        "contact": business.contact_information,
        "website": business.website_address,
        "business_notes": business.additional_invoice_information,
    }


def _visit(attendee: Attendee) -> dict[str, Any]:
    """When the visit was, and its place in its case."""
    booking = attendee.booking
    said: dict[str, Any] = {
        "starts_at": booking.local_start.isoformat(),
        "type": str(booking.appointment_type or ""),
    }
    if attendee.case:
        placed = attendee
        if not hasattr(attendee, "position"):
            placed = type(attendee).objects.with_position().get(pk=attendee.pk)
        said |= {
            "case": attendee.case.name,
            "position": placed.position,
            "limit": placed.session_limit,
        }
    return _known(said)


def _referral(case: PatientCase) -> dict[str, Any]:
    """Who referred and until when, as the funder asks for it."""
    referrer, type_code = case.contact, case.referral_type
    return _known(
        {
            "type": case.get_referral_type_display() if type_code else "",
            "referrer": str(referrer or ""),
            "practice": referrer.place if referrer else "",
            "provider_number": referrer.provider_number if referrer else "",
            "issued": _iso(case.issue_date),
            "expires": _iso(case.expires_on),
            "claim_number": case.claim_number,
        }
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _together(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _known(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}
