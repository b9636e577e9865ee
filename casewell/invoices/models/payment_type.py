"""The ways in which a practice is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from casewell.invoices.models.prices import ArchivableManager
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from casewell.accounts.models import Account

# The ways to pay of a new practice; the names are its own to change.
AT_FIRST = (
    "Cash",
    "EFTPOS",
    "Health fund terminal",
    "Medicare",
    "DVA",
    "Direct deposit",
    "Other",
)


class PaymentType(TenantModel):
    """A way to pay, such as EFTPOS, Medicare or a health fund's terminal."""

    account = AccountField(related_name="payment_types")
    name = models.CharField(max_length=255)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ArchivableManager] = ArchivableManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="payment_type_once")
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def start(cls, account: Account) -> None:
        """Give a new practice the ways to pay that most have; needs its scope."""
        cls.objects.bulk_create(cls(account=account, name=name) for name in AT_FIRST)
