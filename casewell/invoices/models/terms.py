"""How a practice writes its invoices, and the row that hands out their numbers in turn."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Max

from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from datetime import date

    from casewell.accounts.models import Account


class InvoiceTerms(TenantModel):
    """One row a practice: what its invoices say, until when they are due, their first number."""

    account = AccountField(related_name="invoice_terms")
    title = models.CharField(max_length=100, default="Tax invoice")
    tax_inclusive = models.BooleanField("prices include tax", default=True)
    days_due = models.PositiveSmallIntegerField(
        "days until due", default=14, validators=[MaxValueValidator(365)]
    )
    first_number = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    how_to_pay = models.TextField(blank=True, max_length=2000)
    footer = models.TextField(blank=True, max_length=2000)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account"], name="invoice_terms_once")
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def of(cls, account: Account) -> InvoiceTerms:
        """The practice's terms, which start as ours."""
        return cls.objects.get_or_create(account=account)[0]

    def due(self, issued_on: date) -> date:
        """The last day to pay what is issued on that date."""
        return issued_on + timedelta(days=self.days_due)

    def next_number(self) -> int:
        """The number after the last, for the invoice that this transaction adds.

        Whoever issues waits here for who did before, and an undone transaction gives its number
        back: so numbers have no gap and no double.
        """
        held = type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
        last = self.account.invoices.aggregate(last=Max("number"))["last"]
        return held.first_number if last is None else max(last + 1, held.first_number)
