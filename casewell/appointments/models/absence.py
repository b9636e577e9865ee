"""A practitioner is off: what was done with the visits of that time, and how it is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone

from casewell.accounts.models import Practitioner
from casewell.appointments.models.attendee import Attendee, CancellationReason
from casewell.audit.models import recorded
from casewell.lib.errors import RuleViolation
from casewell.lib.zones import at
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.appointments.models.booking import Booking
    from casewell.appointments.models.call_list import CallListEntry
    from casewell.audit.actors import Actor


class AbsenceQuerySet(TenantQuerySet["Absence"]):
    def with_calls(self) -> Self:
        """Annotate `calls`, the lines of the call list, and `called`, those that were called."""
        done = Count("entries", filter=Q(entries__called_at__isnull=False))
        return self.annotate(calls=Count("entries"), called=done)


AbsenceManager = TenantManager.from_queryset(AbsenceQuerySet)


class Absence(TenantModel):
    """Days on which a practitioner is off, and what was done with the visits, all at once."""

    class Action(models.TextChoices):
        CANCEL = "cancel", "Cancel them"
        HAND_OVER = "hand_over", "Move them to another practitioner, same times"
        POSTPONE = "postpone", "Move them to another day, same clock times"

    account = AccountField(related_name="absences")
    practitioner = TenantForeignKey(Practitioner, models.PROTECT, related_name="absences")
    from_date = models.DateField()
    until_date = models.DateField()
    action = models.CharField(max_length=10, choices=Action)
    other_practitioner = TenantForeignKey(
        Practitioner, models.PROTECT, null=True, blank=True, related_name="taken_over"
    )
    other_date = models.DateField(null=True, blank=True)
    reason = models.PositiveSmallIntegerField(choices=CancellationReason, null=True, blank=True)
    note = models.TextField(blank=True, max_length=10_000)
    # Ids of the unavailable blocks that were made with it.
    blocks = models.JSONField(default=list, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AbsenceManager] = AbsenceManager()  # type: ignore[type-arg]

    # Only on absences of `with_calls()`.
    calls: int
    called: int

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "practitioner", "id"], name="absences_of_practitioner"),
            models.Index(fields=["account", "other_practitioner"], name="absences_taken_over"),
            models.Index(fields=["account", "id"], name="absences_latest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until_date__gte=models.F("from_date")), name="absence_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}, {self.from_date} to {self.until_date}"

    def place_for(self, booking: Booking) -> dict[str, Any]:
        """Where a booking goes: its new values, by field; nothing where it is cancelled."""
        if self.action == self.Action.HAND_OVER:
            return {"practitioner": self.other_practitioner}
        if self.action != self.Action.POSTPONE or self.other_date is None:
            return {}
        start = booking.local_start
        day = start.date() + (self.other_date - self.from_date)
        moved = at(day, start.time(), booking.business.zone)
        return {"starts_at": moved, "ends_at": moved + (booking.ends_at - booking.starts_at)}

    def settle(
        self, visits: Iterable[Attendee], blocks: Iterable[Booking] = (), *, by: Actor
    ) -> list[CallListEntry]:
        """Cancel or move `visits`, put `blocks` in their place, and write the call list.

        This absence is not stored yet. All happens or nothing. Raises BookingConflict or CaseFull.
        """
        with transaction.atomic():
            # The order in which cases come to be locked is the same for everybody.
            ordered = sorted(visits, key=lambda visit: (visit.case_id or 0, visit.pk))
            entries = self._settle_all(ordered, by)
            for block in blocks:
                block.block(by=by)
                self.blocks.append(block.pk)
            with recorded(self, "settled", by=by):
                self.save(force_insert=True)
            for entry in entries:
                entry.save(force_insert=True)
        return entries

    def _settle_all(self, visits: list[Attendee], by: Actor) -> list[CallListEntry]:
        """The call list; of a class, whose visits share a booking, that is settled once."""
        bookings: dict[int, Booking] = {}
        # Classes before visits, and in order, as whoever changes who is in one does.
        groups = self.account.bookings.filter(kind="group", pk__in=[v.booking_id for v in visits])
        list(groups.order_by("id").select_for_update(no_key=True).values_list("pk"))
        for visit in visits:
            visit.booking = bookings.setdefault(visit.booking_id, visit.booking)
        entries = [self._entry(visit) for visit in visits]
        keys = {visit.pk for visit in visits}
        for booking in bookings.values():
            if places := self.place_for(booking):
                booking.move(by=by, **places)
            elif booking.kind == booking.Kind.GROUP and keys.issuperset(
                booking.attendees.live().values_list("pk", flat=True)
            ):  # first, so that nobody comes in from its waiting list
                booking.set_cancelled(timezone.now(), "cancelled", by=by)
        for entry in entries:
            visit = entry.attendee
            if not self.place_for(visit.booking):
                visit.cancel(self.reason or CancellationReason.OTHER, self.note, by=by)
            entry.booking_left_at = visit.booking.updated_at
            entry.visit_left_at = visit.updated_at
        return entries

    def _entry(self, visit: Attendee) -> CallListEntry:
        booking = visit.booking
        entry: CallListEntry = self.entries.model(
            account_id=self.account_id,
            absence=self,
            attendee=visit,
            former_practitioner_id=booking.practitioner_id,
            former_starts_at=booking.starts_at,
            former_ends_at=booking.ends_at,
        )
        return entry

    def undo(self, *, by: Actor) -> tuple[int, int]:
        """Put back what nobody has changed since: how many visits, and how many stay as they are.

        Raises AbsenceUndone where that was done already.
        """
        with transaction.atomic():
            held = type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
            if held.undone_at:
                raise AbsenceUndone("This was undone already.")
            entries = list(
                self.entries.select_related(
                    "attendee__patient",
                    "attendee__booking__practitioner",
                    "attendee__booking__account",
                    "attendee__booking__business",
                    "former_practitioner",
                ).order_by("attendee__case_id", "attendee_id")
            )
            for block in self.account.bookings.filter(pk__in=self.blocks, archived_at=None):
                block.archive(by=by)
            # Asked of all first: the visits of a class share its booking.
            alone = [entry for entry in entries if entry.is_left_alone]
            back = sum(entry.put_back(by=by) for entry in alone)
            with recorded(self, "undone", by=by):
                self.undone_at = timezone.now()
                self.save(update_fields=["undone_at", "updated_at"])
        return back, len(entries) - back


class AbsenceUndone(RuleViolation):
    """What was done for an absence has been taken back already."""

    code = "absence_undone"
