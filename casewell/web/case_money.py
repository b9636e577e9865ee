"""What a case's page says of the invoices of its visits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from casewell.invoices.visits import invoices_of

if TYPE_CHECKING:
    from casewell.cases.models import PatientCase
    from casewell.invoices.models import Invoice

MOST = 200  # of a page: a case has at most 200 sessions


@dataclass(frozen=True)
class CaseMoney:
    """The latest invoices and credits, each with its balance; `more` where there are others."""

    invoices: list[Invoice]
    more: bool

    @property
    def total(self) -> Decimal:
        """What the standing ones come to."""
        standing = (one.total_amount for one in self.invoices if not one.voided_at)
        return sum(standing, Decimal())

    @property
    def owed(self) -> Decimal:
        return sum((one.balance for one in self.invoices), Decimal())


def money_of(case: PatientCase) -> CaseMoney:
    """In one statement."""
    found = list(invoices_of(case)[: MOST + 1])
    return CaseMoney(found[:MOST], len(found) > MOST)
