"""A candidate: a patient who waits for a place in a class that is full."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone

from casewell.appointments.models.attendee import Attendee
from casewell.appointments.models.booking import Booking
from casewell.appointments.models.places import (
    AlreadyInBooking,
    freeing_a_place,
    refuse_if_off,
    refuse_unless_class,
)
from casewell.audit.models import recorded
from casewell.cases.models import PatientCase
from casewell.lib.errors import RuleViolation
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

GIVEN = "booked from the waiting list"


class ClassCandidateQuerySet(TenantQuerySet["ClassCandidate"]):
    def waiting(self) -> Self:
        return self.filter(left_at=None)

    def in_order(self) -> Self:
        """First come first served, unless somebody moved one up or down."""
        return self.order_by("rank", "id")


ClassCandidateManager = TenantManager.from_queryset(ClassCandidateQuerySet)


class ClassCandidate(TenantModel):
    """One patient on the waiting list of a class, with the case that the visit is meant for."""

    account = AccountField(related_name="class_candidates")
    booking = TenantForeignKey(Booking, models.CASCADE, related_name="candidates")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="candidacies")
    case = TenantForeignKey(
        PatientCase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="candidates",
        together=("patient",),
    )
    rank = models.PositiveIntegerField()
    # When they came in or were taken off; `visit` says which of the two.
    left_at = models.DateTimeField(null=True, blank=True)
    visit = TenantForeignKey(
        Attendee, models.PROTECT, null=True, blank=True, related_name="candidacies"
    )

    objects: ClassVar[ClassCandidateManager] = ClassCandidateManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "booking", "rank", "id"], name="candidates_of_class"),
            models.Index(fields=["account", "patient", "id"], name="candidates_of_patient"),
            models.Index(fields=["account", "case", "id"], name="candidates_with_case"),
            models.Index(fields=["account", "visit"], name="candidates_who_came_in"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "booking", "patient"],
                condition=Q(left_at=None),
                name="candidate_once_in_class",
            )
        ]

    def __str__(self) -> str:
        return f"{self.patient} waits for {self.booking}"

    def come_in(self, *, by: Actor) -> Attendee:
        """Have the place that is free: in the case or, where that refuses, in none.

        The class, and the case, are held. One who cancelled comes back as the same visit.
        """
        former = self.booking.attendees.filter(patient=self.patient_id, archived_at=None).first()
        try:
            with transaction.atomic():
                visit = self._enter(former, self.case, by)
        except RuleViolation:
            visit = self._enter(former, None, by)
        self.leave(visit, by=by)
        return visit

    def _enter(self, former: Attendee | None, case: PatientCase | None, by: Actor) -> Attendee:
        if former:
            # What a refused attempt left in the object is not stored.
            visit = self.booking.attendees.get(pk=former.pk)
            if visit.case_id and visit.case_id != (case.pk if case else None):
                visit.unlink(by=by)
            visit.take_back_cancellation(by=by)
            if case and visit.case_id is None:
                visit.link_to(case, by=by)
            return visit
        visit = Attendee(account_id=self.account_id, booking=self.booking, patient=self.patient)
        visit.enter(case, GIVEN, by=by)
        return visit

    def leave(self, visit: Attendee | None = None, *, by: Actor) -> None:
        """Wait no more: as that visit, or taken off the list."""
        with recorded(self, "given a place" if visit else "taken off the list", by=by):
            self.visit, self.left_at = visit, timezone.now()
            self.save(update_fields=["visit", "left_at", "updated_at"])

    def move(self, steps: int, *, by: Actor) -> None:
        """Let so many on the list go first or, below 0, go before them."""
        with transaction.atomic():
            self.booking.hold()
            waiting = list(self.booking.candidates.waiting().in_order())
            place = next((n for n, one in enumerate(waiting) if one.pk == self.pk), None)
            if place is None:
                raise RuleViolation(f"{self.patient} waits no more.")
            waiting.insert(max(place + steps, 0), waiting.pop(place))
            for rank, one in enumerate(waiting, start=1):
                if one.rank != rank:
                    with recorded(one, "moved on the list", by=by):
                        one.rank = rank
                        one.save(update_fields=["rank", "updated_at"])


def wait_for(
    booking: Booking, patient: Patient, case: PatientCase | None = None, *, by: Actor
) -> ClassCandidate:
    """Put `patient` last on the waiting list of a class; where there is a place, they get it.

    Raises NotAGroup, ClassIsOff or AlreadyInBooking.
    """
    refuse_unless_class(booking)
    with freeing_a_place(booking, by=by):
        refuse_if_off(booking)
        if booking.attendees.live().filter(patient=patient).exists():
            raise AlreadyInBooking(f"{patient} is in it already.")
        if booking.candidates.waiting().filter(patient=patient).exists():
            raise AlreadyInBooking(f"{patient} waits for a place already.")
        if case:
            case.refuse_unless_open_to(patient)
        last = booking.candidates.aggregate(last=Max("rank"))["last"] or 0
        one = ClassCandidate(
            account_id=booking.account_id,
            booking=booking,
            patient=patient,
            case=case,
            rank=last + 1,
        )
        with recorded(one, "put on the list", by=by):
            one.save(force_insert=True)
    one.refresh_from_db()
    return one
