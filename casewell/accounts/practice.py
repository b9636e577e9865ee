"""What a practice is made of: its businesses (locations) and its practitioners."""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeAlias
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from casewell.lib.zones import validate_zone
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

OpeningHours: TypeAlias = dict[str, list[list[str]]]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


def usual_hours() -> OpeningHours:
    """Weekdays 8 to 18: `{"monday": [["08:00", "18:00"]], …}`; a day left out is closed."""
    return {day: [["08:00", "18:00"]] for day in WEEKDAYS[:5]}


def validate_hours(hours: Any) -> None:
    """Raise ValidationError unless `hours` has the shape of `usual_hours`, in order each day."""
    if not isinstance(hours, dict) or not set(hours) <= set(WEEKDAYS):
        raise ValidationError("Opening hours are given by weekday.")
    for day, spans in hours.items():
        if not isinstance(spans, list) or not all(_is_span(span) for span in spans):
            raise ValidationError(f"The hours of {day} are pairs of times such as 08:00.")
        edges = [edge for span in spans for edge in span]
        if edges != sorted(set(edges)):
            raise ValidationError(f"The hours of {day} overlap or end before they start.")


def _is_span(span: Any) -> bool:
    return (
        isinstance(span, list)
        and len(span) == 2
        and all(isinstance(edge, str) and CLOCK.fullmatch(edge) for edge in span)
    )


class ArchivableQuerySet(TenantQuerySet[Any]):
    def live(self) -> ArchivableQuerySet:
        return self.filter(archived_at=None)


ArchivableManager = TenantManager.from_queryset(ArchivableQuerySet)


class Business(TenantModel):
    """A location of the practice, in its own time zone."""

    account = AccountField(related_name="businesses")
    business_name = models.CharField("name", max_length=255)
    display_name = models.CharField(max_length=255, blank=True)
    address_1 = models.CharField("address", max_length=255, blank=True)
    address_2 = models.CharField(max_length=255, blank=True)
    city = models.CharField("suburb", max_length=255, blank=True)
    state = models.CharField(max_length=255, blank=True)
    post_code = models.CharField("postcode", max_length=20, blank=True)
    country_code = models.CharField(max_length=2, default="AU")
    time_zone = models.CharField(max_length=63, validators=[validate_zone])
    opening_hours = models.JSONField(default=usual_hours, validators=[validate_hours])
    contact_information = models.CharField(max_length=255, blank=True)
    additional_information = models.TextField(blank=True, max_length=5000)
    email_reply_to = models.EmailField(blank=True)
    website_address = models.CharField(max_length=255, blank=True)
    additional_invoice_information = models.TextField(blank=True, max_length=5000)
    business_registration_name = models.CharField(max_length=255, blank=True)
    business_registration_value = models.CharField(max_length=255, blank=True)
    appointment_reminders_enabled = models.BooleanField(default=True)
    show_in_online_bookings = models.BooleanField(default=True)
    # The ids of the types that are offered here; None is all there are.
    appointment_type_ids = ArrayField(models.BigIntegerField(), null=True, blank=True)
    logo_height = models.PositiveSmallIntegerField(
        default=100, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ArchivableManager] = ArchivableManager()  # type: ignore[type-arg]

    def __str__(self) -> str:
        return self.business_name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self) -> Any:
        """Today's date at this business."""
        return timezone.localdate(timezone=self.zone)


class BusinessLogo(TenantModel):
    """The picture at the head of a business's papers; apart, because it is read so seldom."""

    account = AccountField(related_name="business_logos")
    business = TenantForeignKey(Business, models.CASCADE, related_name="logos")
    media_type = models.CharField(max_length=50)
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "business"], name="one_logo")
        ]

    def __str__(self) -> str:
        return f"Logo of {self.business}"


class PractitionerQuerySet(TenantQuerySet["Practitioner"]):
    def active(self) -> PractitionerQuerySet:
        return self.filter(active=True)

    def working_at(self, business: Business) -> PractitionerQuerySet:
        """Active practitioners who work at that business, in the order of the calendar."""
        return self.active().filter(places__business=business).order_by("last_name", "first_name")


PractitionerManager = TenantManager.from_queryset(PractitionerQuerySet)


class Practitioner(TenantModel):
    """Somebody who treats patients."""

    account = AccountField(related_name="practitioners")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    title = models.CharField(max_length=50, blank=True)
    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    designation = models.CharField("discipline", max_length=255, blank=True)
    description = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    show_in_online_bookings = models.BooleanField(default=True)

    objects: ClassVar[PractitionerManager] = PractitionerManager()  # type: ignore[type-arg]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class PractitionerBusiness(TenantModel):
    """That a practitioner works at a business."""

    account = AccountField(related_name="practitioner_businesses")
    practitioner = TenantForeignKey(Practitioner, models.CASCADE, related_name="places")
    business = TenantForeignKey(Business, models.CASCADE, related_name="places")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "practitioner", "business"], name="works_there_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "business"], name="practitioners_of_business")
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} at {self.business}"


class ReferenceNumber(TenantModel):
    """A practitioner's number with a funder at one business, such as a Medicare provider number."""

    account = AccountField(related_name="reference_numbers")
    practitioner = TenantForeignKey(Practitioner, models.CASCADE, related_name="reference_numbers")
    business = TenantForeignKey(Business, models.CASCADE, related_name="reference_numbers")
    name = models.CharField(max_length=255)
    reference_number = models.CharField(max_length=255)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "practitioner"], name="numbers_of_practitioner"),
            models.Index(fields=["account", "business"], name="numbers_at_business"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.reference_number}"
