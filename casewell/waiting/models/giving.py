"""Giving freed time to somebody who waits, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import transaction
from django.utils import timezone

from casewell.accounts.models import Practitioner
from casewell.appointments.models import Attendee, Booking
from casewell.appointments.models.clashes import CLOSED
from casewell.audit.models import recorded
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from casewell.accounts.models import Business
    from casewell.appointments.models import AppointmentType
    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient

PLACE = ("business_id", "practitioner_id", "starts_at", "ends_at")


class WaitingEnded(RuleViolation):
    """The patient waits no more."""

    code = "waiting_ended"


class SlotTaken(RuleViolation):
    """Somebody else has the time, or the patient is elsewhere."""

    code = "slot_taken"


class NotUndoable(RuleViolation):
    """What was given has been changed since, or there is nothing to take back."""

    code = "not_undoable"


@dataclass(frozen=True)
class Place:
    """Where and when a visit may begin."""

    business: Business
    practitioner: Practitioner
    starts_at: datetime

    def values(self, length: timedelta) -> dict[str, Any]:
        """A booking's own values there, by field."""
        return {
            "business": self.business,
            "practitioner": self.practitioner,
            "starts_at": self.starts_at,
            "ends_at": self.starts_at + length,
        }


class Giving(TenantModel):
    """What an entry does with a time that is free."""

    patient: Patient
    case: PatientCase | None
    appointment_type: AppointmentType
    attendee: Attendee | None
    given: Attendee | None
    former_place: dict[str, Any]
    left_at: datetime | None
    ended_at: datetime | None
    outcome: str
    removal_reason: str
    removal_note: str

    class Meta(TenantModel.Meta):
        abstract = True

    @property
    def visit(self) -> Attendee | None:
        """The visit to come that is to be brought forward; None where one is to be booked."""
        one = self.attendee
        if one is None or one.cancelled_at or one.archived_at or one.booking.archived_at:
            return None
        return one if one.booking.starts_at > timezone.now() else None

    @property
    def length(self) -> timedelta:
        if self.visit:
            return self.visit.booking.ends_at - self.visit.booking.starts_at
        return timedelta(minutes=self.appointment_type.duration_in_minutes)

    def give(self, place: Place, case: PatientCase | None = None, *, by: Actor) -> Attendee:
        """Move the patient's visit to that time or, where there is none, book it, into `case`.

        Whoever gives away time of a practitioner waits for the one who does so at the moment.
        Raises WaitingEnded, SlotTaken, or as `move` and `book` do; then nothing is changed.
        """
        with transaction.atomic():
            rows = Practitioner.objects.select_for_update(no_key=True)
            rows.get(pk=place.practitioner.pk)
            held = self.held()
            held.refuse_unless_waiting()
            visit = held.visit
            sketch = held._sketch(place)
            _refuse_if_taken(sketch, held.patient)
            if visit:
                former = {name: getattr(visit.booking, name) for name in PLACE}
                visit.booking.move(by=by, **place.values(held.length))
            else:
                former, visit = {}, sketch.book(held.patient, case, by=by)
            held._end("moved" if former else "booked", visit, former, by)
        return visit

    def _sketch(self, place: Place) -> Booking:
        values = place.values(self.length)
        if self.visit:
            return self.visit.booking.elsewhere(**values)
        kind = self.appointment_type
        return Booking(account=place.practitioner.account, appointment_type=kind, **values)

    def _end(self, outcome: str, visit: Attendee, former: dict[str, Any], by: Actor) -> None:
        stored = former | {n: v.isoformat() for n, v in former.items() if n.endswith("_at")}
        with recorded(self, outcome, by=by):
            self.outcome, self.given, self.former_place = outcome, visit, stored
            self.ended_at, self.left_at = timezone.now(), visit.booking.updated_at
            self.save()

    def take_back(self, *, by: Actor) -> None:
        """Let the patient wait again: a moved visit goes back, a booked one goes.

        Raises NotUndoable where somebody has changed the visit since, or as `move` does.
        """
        with transaction.atomic():
            held = self.held()
            if held.ended_at is None:
                raise NotUndoable(f"{held.patient} is waiting already.")
            if held.given:
                held._give_up(held.given, by)
            with recorded(held, "waits again", by=by):
                held.outcome = held.removal_reason = held.removal_note = ""
                held.given, held.former_place = None, {}
                held.ended_at = held.left_at = None
                held.save()

    def _give_up(self, visit: Attendee, by: Actor) -> None:
        rows = Booking.objects.select_for_update(of=("self",), no_key=True)
        one = rows.select_related("account", "business", "practitioner").get(pk=visit.booking_id)
        touched = visit.arrived or visit.did_not_arrive or visit.cancelled_at
        if one.updated_at != self.left_at or touched:
            raise NotUndoable("The appointment was changed since. Nothing was changed.")
        if not self.former_place:
            one.archive(by=by)
            return
        former = self.former_place
        one.move(
            by=by,
            business=one.account.businesses.get(pk=former["business_id"]),
            practitioner=one.account.practitioners.get(pk=former["practitioner_id"]),
            starts_at=datetime.fromisoformat(former["starts_at"]),
            ends_at=datetime.fromisoformat(former["ends_at"]),
        )

    def held(self) -> Self:
        """This entry, read anew and locked to the end of the transaction."""
        rows: Any = type(self).objects.select_for_update(of=("self",), no_key=True)
        held: Self = rows.with_all().get(pk=self.pk)
        return held

    def refuse_unless_waiting(self) -> None:
        """Raise WaitingEnded, which says who ended it, and how."""
        if self.ended_at is None:
            return
        latest = self.account.changes.of(self).select_related("user").first()
        who = f"{latest.user or latest.job} was faster" if latest else "Somebody was faster"
        became = {"moved": "moved the visit", "booked": "booked a visit"}
        what = became.get(self.outcome, "took the patient off the list")
        when = f" to {_in_words(self.given)}" if self.given else ""
        raise WaitingEnded(f"{self.patient} waits no more. {who}: they {what}{when}.")


def _refuse_if_taken(sketch: Booking, patient: Patient) -> None:
    """Raise SlotTaken. That the doors are closed then speaks against nobody's being there."""
    for clash in sketch.clashing([patient]):
        if clash.key != CLOSED:
            raise SlotTaken(f"Somebody was faster. {clash} Nothing was changed.")


def _in_words(visit: Attendee) -> str:
    start = visit.booking.local_start
    return f"{formats().weekday(start)}, {formats().clock(start)}"
