"""What can be booked: appointment types, and types of unavailable blocks."""

from __future__ import annotations

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from casewell.accounts.models import Practitioner
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

COLOUR = RegexValidator(r"^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$", "A colour is written #rrggbb.")
A_DAY = [MinValueValidator(1), MaxValueValidator(1439)]


class AppointmentTypeQuerySet(TenantQuerySet["AppointmentType"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def in_order(self) -> Self:
        return self.order_by("name", "id")


AppointmentTypeManager = TenantManager.from_queryset(AppointmentTypeQuerySet)


class AppointmentType(TenantModel):
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


class UnavailableBlockType(TenantModel):
    """Why time is blocked: lunch, meeting, leave."""

    account = AccountField(related_name="unavailable_block_types")
    name = models.CharField(max_length=255)
    color = models.CharField("colour", max_length=7, validators=[COLOUR], default="#868e96")
    duration_in_minutes = models.PositiveSmallIntegerField(validators=A_DAY, default=60)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
