"""Whom to call about a visit that was cancelled or moved, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from casewell.accounts.models import Practitioner
from casewell.appointments.models.absence import Absence
from casewell.appointments.models.attendee import Attendee
from casewell.audit.models import recorded
from casewell.lib.errors import RuleViolation
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from casewell.audit.actors import Actor


class CallListEntryQuerySet(TenantQuerySet["CallListEntry"]):
    def with_next_visit(self) -> Self:
        """Annotate `next_visit_at`: when the patient comes next, if at all."""
        coming = Attendee.objects.live().filter(
            patient=OuterRef("attendee__patient"), booking__starts_at__gt=timezone.now()
        )
        first = coming.order_by("booking__starts_at").values("booking__starts_at")[:1]
        return self.annotate(next_visit_at=Subquery(first))


CallListEntryManager = TenantManager.from_queryset(CallListEntryQuerySet)


class CallListEntry(TenantModel):
    """One patient to call about a visit that was cancelled or moved."""

    account = AccountField(related_name="call_list_entries")
    absence = TenantForeignKey(Absence, models.CASCADE, related_name="entries")
    attendee = TenantForeignKey(Attendee, models.CASCADE, related_name="calls")
    former_practitioner = TenantForeignKey(
        Practitioner, models.PROTECT, related_name="former_visits"
    )
    former_starts_at = models.DateTimeField()
    former_ends_at = models.DateTimeField()
    # `updated_at` of the booking and of the visit as they were left: whether anybody changed them.
    booking_left_at = models.DateTimeField()
    visit_left_at = models.DateTimeField()
    emailed_to = models.EmailField(max_length=255, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=500, blank=True)
    put_back_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CallListEntryManager] = CallListEntryManager()  # type: ignore[type-arg]

    # Only on entries of `with_next_visit()`.
    next_visit_at: datetime | None

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "absence", "id"], name="calls_of_absence"),
            models.Index(fields=["account", "attendee"], name="calls_about_visit"),
            models.Index(fields=["account", "former_practitioner"], name="calls_of_practitioner"),
        ]

    def __str__(self) -> str:
        return f"call about {self.attendee}"

    def mark_called(self, outcome: str = "", *, by: Actor) -> None:
        """Say that the patient was called, and what came of it."""
        with recorded(self, "called", by=by):
            self.called_at = timezone.now()
            self.called_by = by.member.user if by.member else None
            self.outcome = outcome
            self.save(update_fields=["called_at", "called_by", "outcome", "updated_at"])

    def mark_uncalled(self, *, by: Actor) -> None:
        """Undo `mark_called`; what came of it stays."""
        with recorded(self, "uncalled", by=by):
            self.called_at = self.called_by = None
            self.save(update_fields=["called_at", "called_by", "updated_at"])

    @property
    def is_left_alone(self) -> bool:
        """Whether nobody has changed the visit or its booking since."""
        visit = self.attendee
        same_booking = visit.booking.updated_at == self.booking_left_at
        return same_booking and visit.updated_at == self.visit_left_at

    def put_back(self, *, by: Actor) -> bool:
        """Give the visit its former place; False where the practice's rules refuse it."""
        visit = self.attendee
        booking = visit.booking
        try:
            with transaction.atomic():
                if visit.cancelled_at:
                    visit.reinstate(by=by)
                else:
                    booking.move(by=by, **self.former_place)
        except RuleViolation:
            return False
        self.put_back_at = timezone.now()
        self.save(update_fields=["put_back_at", "updated_at"])
        return True

    @property
    def former_start(self) -> datetime:
        """When the visit was to be, on the clocks of its business."""
        return self.former_starts_at.astimezone(self.attendee.booking.business.zone)

    @property
    def next_visit(self) -> datetime | None:
        """`next_visit_at` on those clocks."""
        zone = self.attendee.booking.business.zone
        return self.next_visit_at.astimezone(zone) if self.next_visit_at else None

    @property
    def former_place(self) -> dict[str, Any]:
        """Where the visit was: the booking's values, by field."""
        return {
            "practitioner": self.former_practitioner,
            "starts_at": self.former_starts_at,
            "ends_at": self.former_ends_at,
        }
