"""An attendee: one patient in one booking, in at most one case."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from casewell.appointments.models.attendee_queryset import AttendeeManager
from casewell.appointments.models.booking import Booking
from casewell.appointments.models.declining import CaseDeclining
from casewell.appointments.models.found_by import ATTENDEE_INDEXES
from casewell.appointments.models.places import freeing_a_place, taking_a_place, wait_no_more
from casewell.audit.models import recorded
from casewell.cases.models import NotReleased, PatientCase
from casewell.lib.formats import formats
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from casewell.audit.actors import Actor


class CancellationReason(models.IntegerChoices):
    """Why a visit was cancelled; the numbers are those of the API's contract."""

    FEELING_BETTER = 10, "Feeling better"
    CONDITION_WORSE = 20, "Condition worse"
    SICK = 30, "Sick"
    COVID_19 = 31, "COVID-19 related"
    AWAY = 40, "Away"
    OTHER = 50, "Other"
    WORK = 60, "Work"


class StartOfBooking(models.DateTimeField):  # type: ignore[type-arg]
    """The start of the row's booking: written with the row, and by `Booking.move`."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        if add:
            setattr(model_instance, self.attname, model_instance.booking.starts_at)
        return super().pre_save(model_instance, add)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class Attendee(CaseDeclining):
    """One patient in one booking: what links to a case and counts in it."""

    account = AccountField(related_name="attendees")
    booking = TenantForeignKey(Booking, models.CASCADE, related_name="attendees")
    # Said of the row itself, for whoever counts all visits of a practice: looking up the booking of
    # each takes longer than counting. A key of the database holds the two equal.
    starts_at = StartOfBooking(editable=False)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="attendees")
    case = TenantForeignKey(
        PatientCase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendees",
        together=("patient",),
    )
    # When the patient said that they will come.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    arrived = models.BooleanField(default=False)
    did_not_arrive = models.BooleanField(default=False)
    notes = models.TextField(blank=True, max_length=10_000)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancellation_reason = models.PositiveSmallIntegerField(
        choices=CancellationReason, null=True, blank=True
    )
    cancellation_note = models.TextField(blank=True, max_length=10_000)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AttendeeManager] = AttendeeManager()  # type: ignore[type-arg]

    # Only on attendees of `with_position()` and `with_first_visit()`.
    position: int | None
    session_limit: int | None
    is_first_visit: bool

    untold_fields = frozenset({"starts_at"})  # the booking's to tell

    class Meta(TenantModel.Meta):
        indexes: ClassVar = ATTENDEE_INDEXES
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "booking", "patient"],
                condition=Q(archived_at=None),
                name="patient_once_in_booking",
            ),
            # What an invoice's composite key refers to: no visit of another patient.
            models.UniqueConstraint(fields=["account", "id", "patient"], name="visit_of_patient"),
            models.CheckConstraint(
                condition=~Q(arrived=True, did_not_arrive=True), name="arrived_or_not"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient} in {self.booking}"

    @property
    def in_words(self) -> str:
        """Whose visit it is and when, on the clocks of its business."""
        start = self.booking.local_start
        return f"{self.patient} on {formats().weekday(start)}, {formats().clock(start)}"

    @property
    def counts(self) -> bool:
        """Whether it uses up a session of its case; the same rule as `uses_a_session`."""
        return self.reason == ""

    @property
    def reason(self) -> str:
        """Why it does not count in its case; empty where it does."""
        if self.case is None:
            return "in no case"
        if self.archived_at:
            return "archived"
        if self.cancelled_at and not self.case.include_cancelled_attendees:
            return "this case leaves out cancelled appointments"
        if self.did_not_arrive and not self.case.include_dna_attendees:
            return "this case leaves out did-not-arrives"
        return ""

    @property
    def state(self) -> str:
        """What became of the visit, in a word."""
        facts = {
            "archived": self.archived_at,
            "cancelled": self.cancelled_at,
            "did not arrive": self.did_not_arrive,
            "arrived": self.arrived,
        }
        return next((word for word, holds in facts.items() if holds), "booked")

    @property
    def status(self) -> str:
        """`state` as one identifier, which templates and style sheets know."""
        return self.state.replace(" ", "_")

    def link_to(self, case: PatientCase, *, releasing: Attendee | None = None, by: Actor) -> None:
        """Count this attendee towards `case`, and no longer the one that is released for it.

        Raises CaseClosed, WrongPatient, CaseFull or NotReleased, and then nothing is changed.
        """
        with transaction.atomic():
            # Attendees before cases, in order of their ids: whoever holds several does so.
            for one in sorted(filter(None, (self, releasing)), key=lambda held: held.pk):
                one.hold()
            if self.case_id == case.pk:
                return
            with case.admitting() as held:
                held.refuse_unless_open_to(self.patient)
                if releasing:
                    releasing.make_room(held, self.booking.starts_at, by=by)
                self._change("linked", by, case=held)

    def make_room(self, case: PatientCase, start: datetime, *, by: Actor) -> None:
        """Leave `case` to a visit that starts at `start`, and stay booked. Raises NotReleased.

        The caller holds both.
        """
        if self.case_id != case.pk or not self.counts:
            raise NotReleased(
                f"{self.in_words} is no longer in “{case.name}”. Nothing was changed."
            )
        invoiced = type(self).objects.filter(pk=self.pk).invoiced().exists()
        if invoiced or self.booking.starts_at <= max(start, timezone.now()):
            raise NotReleased(
                f"{self.in_words} can give up its place no more. Nothing was changed."
            )
        self._change("released", by, case=None)

    def unlink(self, *, by: Actor) -> None:
        """Take it out of its case, at once and for good."""
        with transaction.atomic():
            self.hold()
            self._change("unlinked", by, case=None)

    def enter(self, case: PatientCase | None, verb: str, *, by: Actor) -> None:
        """Store this visit, not stored yet, in `case` or in none. Raises as `admitting` does."""
        with case.admitting() if case else nullcontext() as held:
            if held:
                held.refuse_unless_open_to(self.patient)
            with recorded(self, verb, by=by):
                self.case = held
                self.save(force_insert=True)

    def cancel(
        self, reason: int, note: str = "", *, moment: datetime | None = None, by: Actor
    ) -> None:
        """Cancel the visit; its time is free again or, in a class, its place."""
        moment = moment or timezone.now()
        # A case that includes cancelled visits may come to count one that did not arrive.
        with freeing_a_place(self.booking, self, by=by), self._its_case_admits():
            self._change(
                "cancelled",
                by,
                cancelled_at=moment,
                cancellation_reason=reason,
                cancellation_note=note,
            )
            if self.booking.kind == Booking.Kind.INDIVIDUAL:
                self.booking.set_cancelled(moment, "cancelled", by=by)

    def reinstate(self, *, by: Actor) -> None:
        """Undo `cancel`. Raises CaseFull, BookingConflict or BookingFull."""
        with taking_a_place(self.booking, self):
            self.take_back_cancellation(by=by)
            wait_no_more(self, by=by)

    def take_back_cancellation(self, *, by: Actor) -> None:
        """`reinstate`, whatever places there are."""
        with self._its_case_admits():
            self._change(
                "reinstated",
                by,
                cancelled_at=None,
                cancellation_reason=None,
                cancellation_note="",
            )
            if self.booking.cancelled_at:
                self.booking.set_cancelled(None, "reinstated", by=by)

    def mark(self, *, arrived: bool = False, did_not_arrive: bool = False, by: Actor) -> None:
        """Say whether the patient came; neither takes back what was said. Raises CaseFull."""
        with self._its_case_admits():
            self._change("marked", by, arrived=arrived, did_not_arrive=did_not_arrive)

    def confirm(self, *, by: Actor) -> None:
        """Say that the patient has said they will come."""
        with transaction.atomic():
            self.hold()
            self._change("confirmed", by, confirmed_at=timezone.now())

    def unconfirm(self, *, by: Actor) -> None:
        """Undo `confirm`."""
        with transaction.atomic():
            self.hold()
            self._change("unconfirmed", by, confirmed_at=None)

    def archive(self, moment: datetime | None = None, *, by: Actor) -> None:
        """Take it out of the calendar and of all counts."""
        with transaction.atomic():
            self.hold()
            self._change("archived", by, archived_at=moment or timezone.now())

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`. Raises CaseFull."""
        with self._its_case_admits():
            self._change("restored", by, archived_at=None)

    @contextmanager
    def _its_case_admits(self) -> Iterator[None]:
        """Ask the case, under its lock, before a change by which this attendee may count."""
        with transaction.atomic():
            self.hold()
            with self.case.admitting() if self.case else nullcontext() as held:
                self.case = held
                yield

    def hold(self) -> None:
        """Read this row anew and lock it, so that two people at once act one after the other."""
        rows = type(self).objects.select_for_update(no_key=True)
        self.refresh_from_db(from_queryset=rows)

    def _change(self, verb: str, by: Actor, **values: Any) -> None:
        with recorded(self, verb, by=by):
            for name, value in values.items():
                setattr(self, name, value)
            self.save(update_fields=[*values, "updated_at"])
