"""What an invoice states of names, case and referral: as they were on the day of issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee
    from casewell.invoices.models import DraftInvoice, InvoiceTerms


def stated_of(draft: DraftInvoice, terms: InvoiceTerms) -> dict[str, Any]:
    """The particulars by name, as JSON; what is not known is left out."""
    said = {
        "title": terms.title,
        "how_to_pay": terms.how_to_pay,
        "footer": terms.footer,
        "patient": str(draft.patient),
        "practitioner": str(draft.practitioner),
        "business": str(draft.business),
        "visit": _visit(draft.attendee) if draft.attendee else None,
    }
    return {name: value for name, value in said.items() if value}


def _visit(attendee: Attendee) -> dict[str, Any]:
    """When the visit was, and its place in its case."""
    said: dict[str, Any] = {"starts_at": attendee.booking.local_start.isoformat()}
    if attendee.case:
        placed = attendee
        if not hasattr(attendee, "position"):
            placed = type(attendee).objects.with_position().get(pk=attendee.pk)
        said |= {
            "case": attendee.case.name,
            "position": placed.position,
            "limit": placed.session_limit,
        }
    return said
