"""What can be booked: appointment types, and types of unavailable blocks."""

from __future__ import annotations

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from casewell.accounts.models import Business, Practitioner
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

COLOUR = RegexValidator(r"^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$", "A colour is written #rrggbb.")
A_DAY = [MinValueValidator(1), MaxValueValidator(1439)]
LEAD_HOURS = (0, 1, 2, 4, 12, 18, 24, 48, 72, 168, 336, 504, 672)


class AppointmentTypeQuerySet(TenantQuerySet["AppointmentType"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def in_order(self) -> Self:
        return self.order_by("name", "id")


AppointmentTypeManager = TenantManager.from_queryset(AppointmentTypeQuerySet)


class OnlineTerms(TenantModel):
    """How a type is booked and paid for online, as programs set it."""

    class PaymentMode(models.TextChoices):
        OPTIONAL = "optional", "May be paid online"
        REQUIRED = "required", "Must be paid online"
        DEPOSIT = "deposit_required", "Needs a deposit"

    show_in_online_bookings = models.BooleanField(default=False)
    online_bookings_lead_time_hours = models.PositiveSmallIntegerField(
        choices=[(hours, str(hours)) for hours in LEAD_HOURS], null=True, blank=True
    )
    online_payments_mode = models.CharField(max_length=16, choices=PaymentMode, blank=True)
    deposit_price = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(4_000_000_000)],
    )
    add_deposit_to_account_credit = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        abstract = True


class AppointmentType(OnlineTerms):
    """A kind of appointment, which sets the length and the colour."""

    account = AccountField(related_name="appointment_types")
    name = models.CharField(max_length=255)
    category = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    duration_in_minutes = models.PositiveSmallIntegerField(validators=A_DAY)
    color = models.CharField("colour", max_length=7, validators=[COLOUR], default="#4263eb")
    max_attendees = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    telehealth_enabled = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AppointmentTypeManager] = AppointmentTypeManager()  # type: ignore[type-arg]

    def __str__(self) -> str:
        return self.name


class AppointmentTypePractitioner(TenantModel):
    """That a practitioner offers a type."""

    account = AccountField(related_name="appointment_type_practitioners")
    appointment_type = TenantForeignKey(
        AppointmentType, models.CASCADE, related_name="practitioner_links"
    )
    practitioner = TenantForeignKey(
        Practitioner, models.CASCADE, related_name="appointment_type_links"
    )

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "appointment_type", "practitioner"], name="offered_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "practitioner"], name="types_of_practitioner")
        ]

    def __str__(self) -> str:
        return f"{self.appointment_type} with {self.practitioner}"


class AppointmentTypeBusiness(TenantModel):
    """That a type is offered at a business; where none is named, at all."""

    account = AccountField(related_name="appointment_type_businesses")
    appointment_type = TenantForeignKey(
        AppointmentType, models.CASCADE, related_name="business_links"
    )
    business = TenantForeignKey(Business, models.CASCADE, related_name="appointment_type_links")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "appointment_type", "business"], name="offered_once_there"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["account", "business"], name="types_of_business")]

    def __str__(self) -> str:
        return f"{self.appointment_type} at {self.business}"


class UnavailableBlockType(TenantModel):
    """Why time is blocked: lunch, meeting, leave."""

    account = AccountField(related_name="unavailable_block_types")
    name = models.CharField(max_length=255)
    color = models.CharField("colour", max_length=7, validators=[COLOUR], default="#868e96")
    duration_in_minutes = models.PositiveSmallIntegerField(validators=A_DAY, default=60)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
