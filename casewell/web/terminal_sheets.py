"""The two terminal sheets of a visit, from its records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from casewell.claims.models import Claim, State
from casewell.claims.particulars import Kind, texts_of
from casewell.claims.prefill import filled_from, invoice_of
from casewell.claims.sheets import EASYCLAIM, HEALTH_FUND, Service, Sheet, on_both, sheet_of
from casewell.invoices.models import InvoiceTerms
from casewell.invoices.models.draft import lines_of_visit

if TYPE_CHECKING:
    from decimal import Decimal

    from casewell.appointments.models import Attendee
    from casewell.invoices.models import Invoice

CLAIMED = (State.SENDING, State.LODGED, State.PAID)


@dataclass(frozen=True)
class Sheets:
    """Both sheets, what they claim twice, and the claim that asks for the same visit already."""

    sheets: list[Sheet]
    twice: list[Service]
    claim: Claim | None


def sheets_of(visit: Attendee) -> Sheets:
    """Wants `prefill.RELATED`. Medicare's sheet is for what a case refers to Medicare alone."""
    invoice = invoice_of(visit)
    texts = texts_of(filled_from(Kind.MEDICARE, visit, invoice))
    texts["member_number"] = visit.patient.health_fund_number
    charged, service = _charged(visit, invoice, texts)
    fund = sheet_of(HEALTH_FUND, texts, charged)
    asked = [replace(service, texts=texts)] if service and _is_medicares(visit) else []
    medicare = sheet_of(EASYCLAIM, texts, asked)
    claim = Claim.objects.in_state(*CLAIMED).filter(attendee=visit).first()
    return Sheets([fund, medicare], on_both(fund, medicare), claim)


def _is_medicares(visit: Attendee) -> bool:
    """Whether the visit's case says that it is claimed from Medicare."""
    return visit.case is not None and visit.case.referral_type == Kind.MEDICARE


def _charged(
    visit: Attendee, invoice: Invoice | None, texts: dict[str, str]
) -> tuple[list[Service], Service | None]:
    """What is charged for the visit, and which of it is the service: the one with a code."""
    services = _of_invoice(invoice, texts) or _of_type(visit, texts)
    coded = [service for service in services if service.texts["item_number"]]
    return services, next(iter(coded or services), None)


def _of_invoice(invoice: Invoice | None, texts: dict[str, str]) -> list[Service]:
    """The lines of the visit's invoice; none where there is no invoice."""
    items = sorted(invoice.items.all(), key=lambda item: item.place) if invoice else []
    return [
        Service(item.pk, item.name, _with(texts, item.code, item.total_amount)) for item in items
    ]


def _of_type(visit: Attendee, texts: dict[str, str]) -> list[Service]:
    """What the visit's type is charged with; before there are prices, the visit itself."""
    inclusive = InvoiceTerms.of(visit.account).tax_inclusive
    lines = [
        (line.name, line.code, line.charge(tax_inclusive=inclusive).amounts.total)
        for line in lines_of_visit(visit)
    ]
    words = str(visit.booking.appointment_type or "Visit")
    return [
        Service(place, name, _with(texts, code, fee))
        for place, (name, code, fee) in enumerate(lines or [(words, "", None)])
    ]


def _with(texts: dict[str, str], code: str, fee: Decimal | None) -> dict[str, str]:
    return texts | {"item_number": code, "fee": "" if fee is None else str(fee)}
