"""What is known of a claim before anybody types, and which record each value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.cases.referral import period_in_words
from casewell.claims.item_numbers import NO_ITEMS, items_of
from casewell.claims.particulars import Kind, Source, Value, Values, fields_of
from casewell.invoices.models import InvoiceTerms
from casewell.invoices.models.draft import lines_of_visit

if TYPE_CHECKING:
    from decimal import Decimal

    from casewell.accounts.models import ReferenceNumber
    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.invoices.models import Invoice

# What a practitioner's numbers are called, in the order in which a claim takes them.
NUMBERS = {Kind.MEDICARE: ("medicare", "provider"), Kind.DVA: ("dva", "medicare", "provider")}
RELATED = (
    "account",
    "patient__concession_type",
    "case__contact",
    "case__programme",
    "case__account",
    "booking__business",
    "booking__practitioner",
    "booking__appointment_type",
)


def prefilled(kind: Kind, visit: Attendee) -> Values:
    """All fields of that kind of claim for a visit. Wants `RELATED`."""
    return filled_from(kind, visit, invoice_of(visit))


def filled_from(kind: Kind, visit: Attendee, invoice: Invoice | None) -> Values:
    """`prefilled`, by the invoice that charges the visit."""
    known = _of_patient(visit) | _of_provider(kind, visit) | _of_case(visit.case)
    known |= _of_service(visit, invoice)
    return {field.name: known.get(field.name, Value()) for field in fields_of(kind)}


def invoice_of(visit: Attendee) -> Invoice | None:
    """The invoice that charges the visit now; None where none stands."""
    standing = visit.invoices.standing().filter(original=None)
    return standing.prefetch_related("items").order_by("-number").first()


def _of_patient(visit: Attendee) -> Values:
    patient = visit.patient
    legal_name = f"{patient.first_name} {patient.last_name}"
    texts = {
        "patient_name": legal_name,
        "birth_date": patient.date_of_birth,
        "card_number": patient.medicare,
        "reference_number": patient.medicare_reference_number,
        "dva_file_number": patient.dva_card_number,
    }
    return {name: Value.of(text, Source.PATIENT, patient.pk) for name, text in texts.items()}


def _of_provider(kind: Kind, visit: Attendee) -> Values:
    booking = visit.booking
    who = booking.practitioner
    numbers = list(who.reference_numbers.filter(business=booking.business).order_by("id"))
    number = chosen_number(kind, numbers)
    return {
        "provider_name": Value.of(who, Source.PRACTITIONER, who.pk),
        "provider_number": Value.of(number, Source.PRACTITIONER, who.pk),
    }


def chosen_number(kind: Kind, numbers: list[ReferenceNumber]) -> str:
    """Of a practitioner's numbers at a business the one for this claim; empty where none fits."""
    for word in NUMBERS[kind]:
        for number in numbers:
            if number.name.strip().lower().startswith(word):
                return number.reference_number
    return ""


def _of_case(case: PatientCase | None) -> Values:
    if case is None:
        return {}
    values = {
        "referral_date": Value.of(case.issue_date, Source.CASE, case.pk),
        "referral_period": Value.of(period_in_words(case), Source.CASE, case.pk),
    }
    if case.contact:
        key = case.contact.pk
        values |= {
            "referrer_name": Value.of(case.contact, Source.REFERRER, key),
            "referrer_number": Value.of(case.contact.provider_number, Source.REFERRER, key),
        }
    return values


def _of_service(visit: Attendee, invoice: Invoice | None) -> Values:
    start = visit.booking.local_start
    code, fee, source, key = _charged(visit, invoice)
    return {
        "service_date": Value.of(start.date(), Source.VISIT, visit.booking_id),
        "service_time": Value.of(f"{start:%H:%M}", Source.VISIT, visit.booking_id),
        "item_number": _item_number(visit, Value.of(code, source, key)),
        "fee": Value.of(fee, source, key),
    }


def _charged(
    visit: Attendee, invoice: Invoice | None
) -> tuple[str, Decimal | None, Source, int | None]:
    """Code and amount of the service on the visit's invoice or, before it, of its type."""
    if invoice is not None:
        items = sorted(invoice.items.all(), key=lambda item: (not item.code, item.place))
        first = items[0] if items else None
        amount = first.total_amount if first else None
        return first.code if first else "", amount, Source.INVOICE, invoice.pk
    lines = sorted(lines_of_visit(visit), key=lambda line: not line.code)
    if not lines:
        return "", None, Source.NOWHERE, None
    inclusive = InvoiceTerms.of(visit.account).tax_inclusive
    amounts = lines[0].charge(tax_inclusive=inclusive).amounts
    return lines[0].code, amounts.total, Source.PRICE, lines[0].billable_item


def _item_number(visit: Attendee, charged: Value) -> Value:
    """What is charged, where the programme knows that number or knows none; else its own."""
    case = visit.case
    programme = case.programme if case else None
    items = items_of(programme.code) if programme else NO_ITEMS
    if charged.value in items.known:
        return charged
    discipline = (case.discipline if case else "") or visit.booking.practitioner.designation
    number = items.number_for(discipline)
    return Value.of(number, Source.PROGRAMME, programme.pk) if programme and number else charged
