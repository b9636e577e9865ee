"""Questions about many entries of the waiting list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone

from casewell.appointments.models import AppointmentTypePractitioner
from casewell.tenancy.models import TenantManager, TenantQuerySet

if TYPE_CHECKING:
    from casewell.waiting.models.entry import WaitingEntry  # noqa: F401 - named in quotes


class WaitingEntryQuerySet(TenantQuerySet["WaitingEntry"]):
    def waiting(self) -> Self:
        """Those who wait: not for something in the place of a visit that took place meanwhile."""
        passed = Q(attendee__booking__starts_at__lte=timezone.now(), attendee__cancelled_at=None)
        return self.filter(ended_at=None).exclude(passed)

    def in_order(self) -> Self:
        """The most urgent first, then who has waited longest."""
        return self.order_by("urgency", "created_at", "id")

    def with_all(self) -> Self:
        """With what a line of the list says."""
        return self.select_related(
            *("account", "patient", "appointment_type", "case__account", "case__programme"),
            *("attendee__booking__practitioner", "attendee__booking__business"),
            *("attendee__booking__account", "given__booking__business"),
        )

    def with_wishes(self) -> Self:
        """Annotate the ids of the practitioners and businesses that are wanted, and of the
        practitioners who offer the type.
        """
        offering = AppointmentTypePractitioner.objects.filter(
            appointment_type=OuterRef("appointment_type")
        )
        return self.annotate(
            practitioner_ids=self._linked("practitioner"),
            business_ids=self._linked("business"),
            offered_by=ArraySubquery(offering.values("practitioner_id")),
        )

    def _linked(self, name: str) -> ArraySubquery:
        links: Any = self.model._meta.get_field(f"{name}_links").related_model
        rows = links.objects.filter(entry=OuterRef("pk")).order_by("id")
        return ArraySubquery(rows.values(f"{name}_id"))


WaitingEntryManager = TenantManager.from_queryset(WaitingEntryQuerySet)
