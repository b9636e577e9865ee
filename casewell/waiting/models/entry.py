"""An entry of the waiting list: who wants to come earlier, and when they can."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from casewell.appointments.models import AppointmentType, Attendee
from casewell.audit.models import recorded
from casewell.cases.models import PatientCase
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel
from casewell.waiting.fitting import Span, Wish
from casewell.waiting.models.choices import Outcome, RemovalReason, Urgency
from casewell.waiting.models.giving import Giving
from casewell.waiting.models.queryset import WaitingEntryManager

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class WaitingEntry(Giving):
    """A patient who wants to come earlier, or to come at all as soon as there is time.

    `weekdays` are numbers, Monday 0; what is left open is all the same to the patient.
    """

    account = AccountField(related_name="waiting_entries")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="waiting_entries")
    appointment_type = TenantForeignKey(
        AppointmentType, models.PROTECT, related_name="waiting_entries"
    )
    case = TenantForeignKey(
        PatientCase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waiting_entries",
        together=("patient",),
    )
    attendee = TenantForeignKey(
        Attendee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waiting_entries",
        together=("patient",),
    )
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.SOON)
    weekdays = models.JSONField(default=list, blank=True)
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True)
    from_date = models.DateField(null=True, blank=True)
    until_date = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    removal_reason = models.CharField(max_length=20, choices=RemovalReason, blank=True)
    removal_note = models.CharField(max_length=1000, blank=True)
    # The visit that came of it, where it was before by field, and its `updated_at` as it was left.
    given = TenantForeignKey(
        Attendee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waited_for",
        together=("patient",),
    )
    former_place = models.JSONField(default=dict, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    untold_fields = frozenset({"left_at"})
    objects: ClassVar[WaitingEntryManager] = WaitingEntryManager()  # type: ignore[type-arg]

    # Only on entries of `with_wishes()`.
    practitioner_ids: list[int]
    business_ids: list[int]
    offered_by: list[int]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["account", "urgency", "created_at", "id"],
                condition=Q(ended_at=None),
                name="waiting_in_order",
            ),
            models.Index(fields=["account", "ended_at", "id"], name="waiting_by_end"),
            models.Index(fields=["account", "patient", "id"], name="waiting_of_patient"),
            models.Index(fields=["account", "attendee"], name="waiting_with_visit"),
            models.Index(fields=["account", "given"], name="waiting_given"),
            models.Index(fields=["account", "case"], name="waiting_of_case"),
            models.Index(fields=["account", "appointment_type"], name="waiting_for_type"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "attendee"],
                condition=Q(ended_at=None),
                name="visit_waits_once",
                violation_error_message="The patient waits to bring this visit forward already.",
            ),
            models.CheckConstraint(
                condition=Q(from_time=None) | Q(until_time=None) | Q(until_time__gt=F("from_time")),
                name="waiting_hours_end_after_start",
            ),
            models.CheckConstraint(
                condition=Q(from_date=None)
                | Q(until_date=None)
                | Q(until_date__gte=F("from_date")),
                name="waiting_days_end_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="waiting_or_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, {self.appointment_type}"

    @property
    def is_over(self) -> bool:
        """Whether the days on which the patient can come have passed."""
        return self.until_date is not None and self.until_date < self.account.today()

    def wish(self, busy: tuple[Span, ...] = ()) -> Wish:
        """What fits, of an entry of `with_wishes()`; `busy` is what the patient has already."""
        visit = self.visit
        return Wish(
            length=self.length,
            practitioners=frozenset(self.practitioner_ids or self.offered_by),
            businesses=frozenset(self.business_ids),
            weekdays=frozenset(self.weekdays),
            from_time=self.from_time,
            until_time=self.until_time,
            from_date=self.from_date,
            until_date=self.until_date,
            before=visit.booking.starts_at if visit else None,
            busy=busy,
        )

    def remove(self, reason: str, note: str = "", *, by: Actor) -> None:
        """Take the patient off the list. Raises WaitingEnded."""
        with transaction.atomic():
            held = self.held()
            held.refuse_unless_waiting()
            with recorded(held, "removed", by=by):
                held.outcome, held.ended_at = Outcome.REMOVED, timezone.now()
                held.removal_reason, held.removal_note = reason, note
                held.save()


def waits_as(visit: str) -> Subquery:
    """The id of the entry by which a visit waits to be brought forward, to annotate it with."""
    entries = WaitingEntry.objects.filter(attendee=OuterRef(visit), ended_at=None)
    return Subquery(entries.values("pk")[:1])


def waiting_now() -> ArraySubquery:
    """A patient's open entries, `{"id", "type", "urgency"}` each, in the patient's statement."""
    rows = WaitingEntry.objects.filter(patient=OuterRef("pk"), ended_at=None).order_by("id")
    told = JSONObject(id="pk", type="appointment_type__name", urgency="urgency")
    return ArraySubquery(rows.values(one=told))
