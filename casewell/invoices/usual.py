"""What visits are charged with by their types, at the price of a patient's concession."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from casewell.invoices.lines import Line
from casewell.invoices.models.prices import AppointmentTypeBillableItem
from casewell.invoices.models.terms import InvoiceTerms
from casewell.invoices.money import total_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from casewell.accounts.models import Account
    from casewell.patients.models import ConcessionType, Patient


def usual_lines(
    kinds: Collection[int], concession: ConcessionType | None
) -> defaultdict[int, list[Line]]:
    """The lines of a visit of each of these types, by the types' ids."""
    links = AppointmentTypeBillableItem.objects.filter(
        appointment_type__in=list(kinds), billable_item__archived_at=None
    )
    charged = links.select_related("billable_item__tax").order_by("id")
    if concession:
        charged = charged.prefetch_related("billable_item__concession_prices")
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for link in charged:
        found[link.appointment_type_id].append(Line.of(link, concession))
    return found


def usual_amounts(account: Account, kinds: Collection[int], patient: Patient) -> dict[int, Decimal]:
    """What a visit of each of these types would be invoiced with, tax included."""
    found = usual_lines(kinds, patient.concession_type)
    taxed = any(line.tax_rate for lines in found.values() for line in lines)
    inclusive = InvoiceTerms.of(account).tax_inclusive if taxed else True
    return {
        kind: total_of(line.charge(tax_inclusive=inclusive) for line in found[kind]).total
        for kind in kinds
    }
