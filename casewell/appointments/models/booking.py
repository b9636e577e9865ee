"""A booking: time held in a practitioner's day."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from copy import copy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.appointments.models.apart import EXCLUSIVE_APART, is_kept_apart, told_if_taken
from casewell.appointments.models.booking_queries import BookingManager
from casewell.appointments.models.clashes import BookingConflict, Clash, clashes_with
from casewell.appointments.models.found_by import BOOKING_INDEXES
from casewell.appointments.models.series import Series
from casewell.appointments.models.types import AppointmentType, UnavailableBlockType
from casewell.audit.models import recorded
from casewell.availability.hours import hours_of
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from casewell.appointments.models.attendee import Attendee
    from casewell.audit.actors import Actor
    from casewell.availability.hours import Hours
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient


class Booking(TenantModel):
    """An individual appointment, a group appointment or an unavailable block."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", "Individual appointment"
        GROUP = "group", "Group appointment"
        BLOCK = "block", "Unavailable block"

    account = AccountField(related_name="bookings")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INDIVIDUAL)
    business = TenantForeignKey(Business, models.PROTECT, related_name="bookings")
    practitioner = TenantForeignKey(Practitioner, models.PROTECT, related_name="bookings")
    appointment_type = TenantForeignKey(
        AppointmentType, models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    unavailable_block_type = TenantForeignKey(
        UnavailableBlockType, models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    max_attendees = models.PositiveSmallIntegerField(default=1)
    notes = models.TextField(blank=True, max_length=10_000)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    series = TenantForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    hours_known: Hours | None = None  # of a sketch, where a page has read them already
    # Made while the practice keeps bookings apart; the database then does so.
    exclusive = models.BooleanField(default=False)

    objects: ClassVar[BookingManager] = BookingManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = BOOKING_INDEXES
        constraints: ClassVar = [
            # What a key of its attendees refers to, who know the start themselves.
            models.UniqueConstraint(fields=["account", "id", "starts_at"], name="start_of_booking"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(days=1)),
                name="booking_within_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(kind="block") & Q(appointment_type=None))
                | (~Q(kind="block") & Q(appointment_type__isnull=False)),
                name="appointments_have_a_type",
            ),
            EXCLUSIVE_APART,
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_block(self) -> bool:
        return self.kind == self.Kind.BLOCK

    @property
    def local_start(self) -> datetime:
        """The start on the clocks of its business."""
        return self.starts_at.astimezone(self.business.zone)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.business.zone)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def version(self) -> str:
        """A word that changes whenever the booking does; what a client says that it has seen."""
        return self.updated_at.isoformat()

    def elsewhere(self, **places: Any) -> Booking:
        """This booking as it would be with other values; only to be looked at."""
        sketch = copy(self)
        for name, value in places.items():
            setattr(sketch, name, value)
        return sketch

    def clashing(self, patients: Iterable[Patient] = ()) -> list[Clash]:
        """What speaks against its time; `patients` are those in it, else its live attendees'."""
        return clashes_with(self, patients)

    def hours(self) -> Hours:
        """Its practitioner's hours at its business, on the days that it touches."""
        if self.hours_known:
            return self.hours_known
        first, last = self.local_start.date(), self.local_end.date()
        return hours_of(self.practitioner, self.business, first, last)

    def book(
        self,
        patient: Patient,
        case: PatientCase | None = None,
        *,
        releasing: Attendee | None = None,
        by: Actor,
    ) -> Attendee:
        """Store this appointment, not stored yet, with `patient` in it, in `case` or in none.

        The attendee that is released for it leaves the case. Raises CaseClosed, WrongPatient,
        CaseFull, NotReleased or BookingConflict, and then nothing is stored.
        """
        with transaction.atomic():
            if releasing:
                releasing.hold()
            with case.admitting() if case else nullcontext() as held:
                if held:
                    held.refuse_unless_open_to(patient)
                if held and releasing:
                    releasing.make_room(held, self.starts_at, by=by)
                self._store("booked", by, [patient])
                attendee = self.attendees.model(
                    account_id=self.account_id, booking=self, patient=patient, case=held
                )
                with recorded(attendee, "booked", by=by):
                    attendee.save(force_insert=True)
        return attendee

    def open_class(self, *, by: Actor) -> None:
        """Store this class, not stored yet, with nobody in it. Raises BookingConflict."""
        self.kind = self.Kind.GROUP
        self._store("booked", by, [])

    def hold(self) -> None:
        """Read this row anew and lock it: before its visits, where it is a class."""
        rows = type(self).objects.select_for_update(no_key=True)
        self.refresh_from_db(from_queryset=rows)

    def block(self, *, by: Actor) -> None:
        """Store this unavailable block, not stored yet. Raises BookingConflict."""
        self.kind = self.Kind.BLOCK
        self._store("blocked", by, [])

    def move(self, *, by: Actor, **places: Any) -> None:
        """Give it another start and end, practitioner, business or type.

        Raises BookingConflict, or CapReached or CaseExpired where a case blocks on that day.
        """
        with transaction.atomic(), ExitStack() as cases, recorded(self, "moved", by=by):
            self.attendees.all().hold()  # so that none joins a case that was not asked
            for attendee in self._attendees_by_case():
                if attendee.case and attendee.case.blocks_by_date:
                    cases.enter_context(attendee.case.admitting())
            for name, value in places.items():
                setattr(self, name, value)
            self._save_apart([*places], by)
            self.attendees.exclude(starts_at=self.starts_at).update(starts_at=self.starts_at)

    def _attendees_by_case(self) -> QuerySet[Attendee]:
        """In the order in which their cases are locked."""
        related = self.attendees.select_related("case__programme", "case__account")
        return related.exclude(case=None).order_by("case_id")

    def change_type(self, kind: AppointmentType, minutes: int | None = None, *, by: Actor) -> None:
        """Make it of that type, with the type's length or `minutes`. Raises BookingConflict."""
        length = timedelta(minutes=minutes or kind.duration_in_minutes)
        with recorded(self, "changed type", by=by):
            self.appointment_type, self.ends_at = kind, self.starts_at + length
            self._save_apart(["appointment_type", "ends_at"], by)

    def set_notes(self, notes: str, *, by: Actor) -> None:
        """Write what to know about it."""
        with recorded(self, "noted", by=by):
            self.notes = notes
            self.save(update_fields=["notes", "updated_at"])

    def _store(self, verb: str, by: Actor, patients: Iterable[Patient]) -> None:
        with recorded(self, verb, by=by):
            self._save_apart(None, by, patients)

    def _save_apart(
        self, update_fields: list[str] | None, by: Actor, patients: Iterable[Patient] = ()
    ) -> None:
        """Save it, kept apart from others where the practice does so for what `by` does."""
        self.exclusive = is_kept_apart(self.account, by)
        if self.exclusive:
            for clash in self.clashing(patients):
                raise BookingConflict(f"{clash} Choose another time.")
        fields = update_fields and [*update_fields, "exclusive", "updated_at"]
        with told_if_taken(self.practitioner):
            self.save(update_fields=fields, force_insert=fields is None)

    def set_cancelled(self, moment: datetime | None, verb: str, *, by: Actor) -> None:
        """Free its time, or take it again with `moment` None. Raises BookingConflict."""
        with recorded(self, verb, by=by):
            self.cancelled_at = moment
            if moment:
                self.save(update_fields=["cancelled_at", "updated_at"])
            else:
                self._save_apart(["cancelled_at"], by)

    def archive(self, *, by: Actor) -> None:
        """Take it, with its attendees, out of the calendar and of all counts."""
        moment = timezone.now()
        if self.kind == self.Kind.GROUP:
            self.hold()
        for attendee in self.attendees.filter(archived_at=None):
            attendee.archive(moment, by=by)
        with recorded(self, "archived", by=by):
            self.archived_at = moment
            self.save(update_fields=["archived_at", "updated_at"])

    def restore(self, *, by: Actor) -> None:
        """Undo `archive` for it and for those archived with it. Raises as `book` does."""
        with transaction.atomic():
            if self.kind == self.Kind.GROUP:
                self.hold()
            moment = self.archived_at
            # Else before the booking, as `archive` and `cancel` do.
            self.attendees.filter(archived_at=moment).hold()
            with recorded(self, "restored", by=by):
                self.archived_at = None
                self._save_apart(["archived_at"], by)
            for attendee in self.attendees.filter(archived_at=moment).order_by("case_id", "id"):
                attendee.restore(by=by)
