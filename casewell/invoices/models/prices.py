"""What a practice charges: items, taxes, prices by concession, and what a type of visit costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from casewell.appointments.models import AppointmentType
from casewell.patients.models import ConcessionType
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from decimal import Decimal

# The contract's bounds of a price and of a quantity, of which the upper is not reached.
MOST = 4_000_000_000
A_PRICE = [MinValueValidator(-MOST), MaxValueValidator(MOST - 1)]
PER_CENT = [MinValueValidator(0), MaxValueValidator(100)]
A_QUANTITY: dict[str, Any] = {"max_digits": 14, "decimal_places": 4}
AN_AMOUNT: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class ArchivableQuerySet(TenantQuerySet[models.Model]):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def in_order(self) -> Self:
        return self.order_by("name", "id")


ArchivableManager = TenantManager.from_queryset(ArchivableQuerySet)


class Tax(TenantModel):
    """A tax by its rate in per cent, such as GST 10."""

    account = AccountField(related_name="taxes")
    name = models.CharField(max_length=255)
    rate = models.DecimalField(
        "rate in per cent",
        max_digits=14,
        decimal_places=4,
        validators=[MinValueValidator(0), MaxValueValidator(MOST - 1)],
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ArchivableManager] = ArchivableManager()  # type: ignore[type-arg]

    def __str__(self) -> str:
        return self.name


class BillableItem(TenantModel):
    """What can stand on an invoice, with its price."""

    class ItemType(models.TextChoices):
        SERVICE = "Service", "Service"
        PRODUCT = "Product", "Product"
        OTHER = "Other", "Other"

    account = AccountField(related_name="billable_items")
    name = models.CharField(max_length=255)
    item_code = models.CharField(max_length=100, blank=True)
    item_type = models.CharField(max_length=10, choices=ItemType, default=ItemType.SERVICE)
    price = models.DecimalField(**AN_AMOUNT, validators=A_PRICE)
    tax = TenantForeignKey(
        Tax, models.PROTECT, null=True, blank=True, related_name="billable_items"
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ArchivableManager] = ArchivableManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "tax", "id"], name="billable_items_of_tax")
        ]

    def __str__(self) -> str:
        return self.name

    def price_for(self, concession: ConcessionType | None) -> Decimal:
        """What it costs a patient of that concession; its own price where none is agreed."""
        if concession is None:
            return self.price
        # All of them, which a list has fetched already for all its items.
        agreed = (
            p.price for p in self.concession_prices.all() if p.concession_type_id == concession.pk
        )
        return next(agreed, self.price)


class ConcessionPrice(TenantModel):
    """What an item costs those of a concession."""

    account = AccountField(related_name="concession_prices")
    billable_item = TenantForeignKey(BillableItem, models.CASCADE, related_name="concession_prices")
    concession_type = TenantForeignKey(
        ConcessionType, models.CASCADE, related_name="concession_prices"
    )
    price = models.DecimalField(**AN_AMOUNT, validators=A_PRICE)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "billable_item", "concession_type"], name="priced_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "concession_type", "id"], name="prices_of_concession")
        ]

    def __str__(self) -> str:
        return f"{self.billable_item} for {self.concession_type}"


class AppointmentTypeBillableItem(TenantModel):
    """What a visit of a type is charged with."""

    account = AccountField(related_name="appointment_type_billable_items")
    appointment_type = TenantForeignKey(
        AppointmentType, models.CASCADE, related_name="billable_item_links"
    )
    billable_item = TenantForeignKey(
        BillableItem, models.CASCADE, related_name="appointment_type_links"
    )
    quantity = models.DecimalField(**A_QUANTITY, default=1, validators=A_PRICE)
    discount_percentage = models.DecimalField(
        max_digits=7, decimal_places=4, null=True, blank=True, validators=PER_CENT
    )
    discounted_amount = models.DecimalField(**AN_AMOUNT, null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "appointment_type", "id"], name="items_of_type"),
            models.Index(fields=["account", "billable_item", "id"], name="types_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.billable_item} for {self.appointment_type}"

    @property
    def is_monetary_discount(self) -> bool:
        """Whether its discount is an amount of money, not a part."""
        return self.discounted_amount is not None
