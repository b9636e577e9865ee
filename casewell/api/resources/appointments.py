"""Individual appointments, under their name of today and under the older one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from casewell.api.bodies import BLANK, Ref, shown
from casewell.api.bodies import Moment as SentMoment
from casewell.api.errors import Invalid
from casewell.api.filters import Flag, Kind, Moment, Number
from casewell.api.resource import Listing, hidden_list, usual_filters
from casewell.api.resources.booking_rows import (
    IndividualRow,
    changed_since,
    individual,
    of_visits,
    with_visits,
)
from casewell.api.resources.booking_writing import (
    BookingResource,
    CancelRoute,
    Note,
    after,
    moved,
    span_of,
)
from casewell.api.resources.doors import ADDED, WhenFullBody, pass_door
from casewell.api.resources.repeat_rules import (
    REPEATED_FROM,
    RepeatRule,
    original,
    reach_in,
    refuse_another_rule,
    repeat_visit,
    repeats,
    rule_in,
    with_repeats,
)
from casewell.api.rows import At, Link, Of, Row
from casewell.api.rows import Moment as ShownMoment
from casewell.api.writing import one_of
from casewell.appointments.models import AppointmentType, Booking
from casewell.appointments.models.reach import cancel
from casewell.appointments.models.repeating import book_series
from casewell.appointments.ways_on import Door
from casewell.patients.models import Patient

if TYPE_CHECKING:
    from collections.abc import Callable

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.appointments.models import Attendee, BookingQuerySet
    from casewell.cases.models import PatientCase

NEEDED = ("starts_at", "appointment_type_id", "business_id", "patient_id", "practitioner_id")
STAYS = "can't be changed: cancel the appointment and book another"
FILTERS: dict[str, Kind] = usual_filters(
    starts_at=Moment(),
    ends_at=Moment(),
    cancelled_at=Moment(),
    updated_at=Moment("changed_at", changed_since),
    appointment_type_id=Number(),
    business_id=Number(),
    practitioner_id=Number(),
    patient_id=Number("visit_patient"),
    did_not_arrive=Flag("visit_missed"),
    repeated_from_id=REPEATED_FROM,
)
CANCELLED, DELETED = hidden_list("cancelled", "cancelled_at"), hidden_list("deleted")


class AppointmentBody(WhenFullBody):
    required: ClassVar[tuple[str, ...]] = NEEDED

    starts_at: SentMoment
    ends_at: SentMoment | None
    appointment_type_id: Ref
    business_id: Ref
    patient_id: Ref
    practitioner_id: Ref
    patient_case_id: Ref | None
    notes: Note | None
    repeat_rule: RepeatRule | None


class IndividualAppointments(CancelRoute, BookingResource):
    name = "individual_appointments"
    row: ClassVar[type[Row]] = IndividualRow
    body = AppointmentBody
    hides = ("archived_at", "cancelled_at")
    additions = ADDED
    lists: ClassVar[tuple[Listing, ...]] = (Listing(), CANCELLED, DELETED)
    filters: ClassVar = FILTERS
    sorted_by: ClassVar = {"updated_at": "changed_at"}
    joined: ClassVar = of_visits(FILTERS)
    kinds: ClassVar = {"appointment_type_id": AppointmentType.objects.live()}

    def queryset(self, account: Account) -> BookingQuerySet:
        return with_visits(individual(account))

    def counted(self, account: Account) -> BookingQuerySet:
        return individual(account)

    def records(self, account: Account) -> BookingQuerySet:
        return individual(account).select_related("business", "practitioner", "appointment_type")

    def create_record(self, call: Call, values: dict[str, Any]) -> Booking:
        rule = rule_in(values)
        chosen = self.chosen(values, {})
        patient = one_of(Patient.objects.live(), values["patient_id"], "patient_id")
        length = timedelta(minutes=chosen["appointment_type"].duration_in_minutes)
        start = values["starts_at"]
        span = span_of(start, values.get("ends_at") or after(start, length))
        case, made = case_of(call, values.get("patient_case_id")), []

        def enter(into: PatientCase | None) -> None:
            notes = values.get("notes") or ""
            made.append(Booking(account=call.account, notes=notes, **chosen, **span))
            if rule:
                every = with_repeats(made[-1], rule)
                book_series(every, rule, patient, into, by=call.actor)
            else:
                made[-1].book(patient, into, by=call.actor)

        if case is None:
            enter(None)
        else:
            local = span["starts_at"].astimezone(chosen["business"].zone)
            count = rule.times or 1 if rule else 1
            pass_door(call, Door(case, enter, local, count=count), values)
        return made[-1]

    def update_record(self, call: Call, record: Booking, values: dict[str, Any]) -> None:
        rule = refuse_another_rule(record, values)
        visit = visit_of(call, record)
        if int(values.get("patient_id", visit.patient_id)) != visit.patient_id:
            raise Invalid({"patient": STAYS})
        places = self._places(record, values)
        former, case = visit.case_id, visit.case
        if "patient_case_id" in values:
            case = case_of(call, values["patient_case_id"])
        if former and (case is None or case.pk != former):
            visit.unlink(by=call.actor)  # first, so that it has no say in where the other goes
        if places:
            record.move(by=call.actor, **places)
        if case and case.pk != former:
            pass_door(call, door_into(call, case, visit), values)
        if "notes" in values:
            record.set_notes(values["notes"] or "", by=call.actor)
        if rule:
            fresh = self.records(call.account).get(pk=record.pk)
            repeat_visit(call, visit_of(call, fresh), rule, values)

    def _places(self, one: Booking, values: dict[str, Any]) -> dict[str, Any]:
        """What of the booking's time, place and type is to be another. Raises Invalid."""
        known = {name: getattr(one, name) for name in ("business_id", "practitioner_id")}
        known["appointment_type_id"] = one.appointment_type_id
        chosen = self.chosen(values, known)
        length = one.ends_at - one.starts_at
        if kind := chosen.get("appointment_type"):
            length = timedelta(minutes=kind.duration_in_minutes)
        return chosen | moved(one, values, length)

    def cancel_record(self, call: Call, record: Booking, reason: int, note: str) -> None:
        visit = visit_of(call, record)
        cancel(visit, reach_in(call.body), reason, note, by=call.actor)


def visit_of(call: Call, one: Booking) -> Attendee:
    """The one attendee of an individual appointment."""
    visits = call.account.attendees.filter(booking=one).select_related("patient", "case")
    visit = visits.get()
    visit.booking = one
    return visit


def door_into(
    call: Call, case: PatientCase, visit: Attendee, act: Callable[[Attendee], None] | None = None
) -> Door:
    """The door by which a visit that is there comes into a case, where `act` is done with it."""

    def enter(into: PatientCase | None) -> None:
        rows = call.account.attendees.select_related("patient", "booking", "case")
        fresh = rows.get(pk=visit.pk)
        if into and into.pk != fresh.case_id:
            fresh.link_to(into, by=call.actor)
        if act:
            act(fresh)

    return Door(case, enter, visit.booking.local_start, frozenset({visit.pk}))


def case_of(call: Call, key: Any) -> PatientCase | None:
    """The case that a property names; None where it names none. Raises Invalid."""
    if key is None:
        return None
    cases = call.account.patient_cases.select_related("account", "programme")
    case: PatientCase = one_of(cases, key, "patient_case_id")
    return case


class LegacyRow(IndividualRow):
    """With the names that it had until 2018."""

    appointment_start: Annotated[ShownMoment, Of("starts_at")]
    appointment_end: Annotated[ShownMoment, Of("ends_at")]
    cancellation_time: Annotated[ShownMoment | None, Of("cancelled_at")]
    conflicts: Annotated[Link, At("/appointments/{id}/conflicts")]
    invoices: Annotated[Link, At("/appointments/{id}/invoices?page=1")]
    appointment_repeated_from: Annotated[Link | None, original("appointments")]
    repeats: Annotated[Link | None, repeats("appointments", "repeated_from_appointment")]


class LegacyBody(AppointmentBody):
    required = ()

    appointment_start: SentMoment
    appointment_end: SentMoment | None


def lists_inside() -> tuple[Listing, ...]:
    """The lists inside a business, a patient and a practitioner, each with what it hides."""
    holders = {
        "businesses": "business_id",
        "patients": "visit_patient",
        "practitioners": "practitioner_id",
    }
    return tuple(
        Listing(one.word, one.where, one.shows, within, of)
        for within, of in holders.items()
        for one in (Listing(), CANCELLED, DELETED)
    )


class Appointments(IndividualAppointments):
    name = "appointments"
    is_older = True
    row: ClassVar[type[Row]] = LegacyRow
    body = LegacyBody
    lists: ClassVar[tuple[Listing, ...]] = (Listing(), CANCELLED, DELETED, *lists_inside())
    filters: ClassVar = FILTERS | {
        "appointment_start": Moment("starts_at"),
        "appointment_end": Moment("ends_at"),
        "repeated_from_appointment_id": REPEATED_FROM,
    }

    def create_record(self, call: Call, values: dict[str, Any]) -> Booking:
        values = in_new_names(values)
        if missing := [name for name in NEEDED if name not in values]:
            raise Invalid({shown(name): BLANK for name in missing})
        return super().create_record(call, values)

    def update_record(self, call: Call, record: Booking, values: dict[str, Any]) -> None:
        super().update_record(call, record, in_new_names(values))


def in_new_names(values: dict[str, Any]) -> dict[str, Any]:
    """The same properties under their names of today, which hold where both are there."""
    newer = {"appointment_start": "starts_at", "appointment_end": "ends_at"}
    return {newer.get(name, name): value for name, value in values.items() if name in newer} | {
        name: value for name, value in values.items() if name not in newer
    }
