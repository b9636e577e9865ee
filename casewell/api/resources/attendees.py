"""Attendees: patients in bookings, each in at most one case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from django.db.models import Case, F, Q, When

from casewell.accounts.roles import Permission
from casewell.api.bodies import Ref
from casewell.api.filters import Moment as MomentFilter
from casewell.api.filters import Number
from casewell.api.resource import Listing, hidden_list, usual_filters
from casewell.api.resources.appointments import case_of, door_into
from casewell.api.resources.booking_rows import REASONS, invoice_status
from casewell.api.resources.booking_writing import CancelRoute, Note
from casewell.api.resources.doors import ADDED, WhenFullBody, pass_door
from casewell.api.resources.repeat_rules import reach_in
from casewell.api.rows import Always, At, Id, Link, Moment, Of, Row, SelfLink, To
from casewell.api.writing import Writable, one_of
from casewell.appointments.models import Booking
from casewell.appointments.models.joining import join, set_note, take_out
from casewell.appointments.models.reach import cancel
from casewell.appointments.ways_on import Door
from casewell.letters.models import Communication
from casewell.patients.models import Patient
from casewell.reminders.models.reminder import sent_count

if TYPE_CHECKING:
    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.appointments.models import Attendee
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet
    from casewell.cases.models import PatientCase


class AttendeeRow(Row):
    id: Id
    arrived: bool
    notes: Annotated[str | None, Of("note")]
    cancelled_at: Moment | None
    cancellation_reason: int | None
    cancellation_reason_description: Annotated[str | None, Of("cancellation_reason", REASONS.get)]
    cancellation_note: str | None
    cancellation_url: Annotated[str | None, Always()]
    booking_ip_address: Annotated[str | None, Always()]
    online_booking_policy_accepted: Annotated[bool | None, Always()]
    telehealth_url: Annotated[str | None, Always()]
    email_reminder_sent: Annotated[bool, Of("emailed", bool)]
    sms_reminder_sent: Annotated[bool, Of("texted", bool)]
    sent_email_reminders_count: Annotated[int, Of("emailed")]
    sent_sms_reminders_count: Annotated[int, Of("texted")]
    sent_email_follow_ups_count: Annotated[int, Always(0)]
    sent_sms_follow_ups_count: Annotated[int, Always(0)]
    invoice_status: Annotated[int | None, Of("invoiced")]
    treatment_note_status: Annotated[int | None, Always()]
    case_position: int | None
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    booking: Annotated[Link, To("bookings", "booking_id")]
    patient: Annotated[Link, To("patients", "patient_id")]
    patient_case: Annotated[Link | None, To("patient_cases", "case_id")]
    invoices: Annotated[Link, At("/attendees/{id}/invoices")]
    patient_forms: Annotated[Link, At("/attendees/{id}/patient_forms")]
    links: SelfLink


class AttendeeBody(WhenFullBody):
    required = ("booking_id", "patient_id")

    booking_id: Ref
    patient_id: Ref
    patient_case_id: Ref | None
    arrived: bool | None
    notes: Note | None


CANCELLED, DELETED = hidden_list("cancelled", "cancelled_at"), hidden_list("deleted")


def lists_inside() -> tuple[Listing, ...]:
    """The lists inside bookings of both kinds, each with what it hides."""
    kinds = {
        "group_appointments": Booking.Kind.GROUP,
        "individual_appointments": Booking.Kind.INDIVIDUAL,
    }
    return tuple(
        replace(
            one,
            where=one.where & Q(booking__kind=kind),
            within=within,
            of="booking_id",
            older=True,
        )
        for within, kind in kinds.items()
        for one in (Listing(), CANCELLED, DELETED)
    )


class Attendees(CancelRoute, Writable):
    name = "attendees"
    row = AttendeeRow
    body = AttendeeBody
    reads = Permission.SEE_CALENDAR
    creates = changes = Permission.BOOK
    removes = Permission.DELETE_BOOKINGS
    hides = ("archived_at", "cancelled_at")
    additions = frozenset({"case_position"}) | ADDED
    lists = (
        Listing(),
        CANCELLED,
        DELETED,
        *lists_inside(),
        Listing(within="patient_cases", of="case_id", lacks=frozenset({"patient_case_id"})),
    )
    filters: ClassVar = usual_filters(
        cancelled_at=MomentFilter(),
        booking_id=Number(),
        appointment_id=Number("booking_id"),
        patient_id=Number(),
        patient_case_id=Number("case_id"),
    )

    def queryset(self, account: Account) -> AttendeeQuerySet:
        alone = When(booking__kind=Booking.Kind.INDIVIDUAL, then=F("booking__notes"))
        rows = self.counted(account).with_case_position("case_position")
        note = Case(alone, default=F("notes"))
        return rows.annotate(
            note=note,
            invoiced=invoice_status("pk"),
            emailed=sent_count(Communication.Way.EMAIL),
            texted=sent_count(Communication.Way.SMS),
        )

    def counted(self, account: Account) -> AttendeeQuerySet:
        rows: AttendeeQuerySet = account.attendees.all()
        return rows

    def records(self, account: Account) -> AttendeeQuerySet:
        return self.counted(account).select_related("booking__business", "patient", "case")

    def held(self, call: Call, *, hidden: bool = False) -> Any:
        # A class before who is in it, as everybody locks them.
        mine = call.account.attendees.filter(pk=call.ids[-1]).values("booking")
        classes = call.account.bookings.filter(kind=Booking.Kind.GROUP, pk__in=mine)
        list(classes.select_for_update(no_key=True).values_list("pk"))
        return super().held(call, hidden=hidden)

    def create_record(self, call: Call, values: dict[str, Any]) -> Attendee:
        live = call.account.bookings.filter(archived_at=None, cancelled_at=None)
        # Held before any case, as whoever changes who is in a class does.
        held = live.select_for_update(of=("self",), no_key=True).select_related("business")
        booking = one_of(held, values["booking_id"], "booking_id")
        patient = one_of(Patient.objects.live(), values["patient_id"], "patient_id")
        case = case_of(call, values.pop("patient_case_id", None))
        made = []

        def enter(into: PatientCase | None) -> None:
            made.append(join(booking, patient, into, by=call.actor))

        if case is None:
            enter(None)
        else:
            pass_door(call, Door(case, enter, booking.local_start), values)
        self.update_record(call, made[-1], values)
        return made[-1]

    def update_record(self, call: Call, record: Attendee, values: dict[str, Any]) -> None:
        if "patient_case_id" in values:
            self._set_case(call, record, values)
        arrived = bool(values.get("arrived", record.arrived))
        if arrived != record.arrived:
            self._mark(call, record, values)
        if "notes" in values:
            set_note(record, values["notes"] or "", by=call.actor)

    def _set_case(self, call: Call, visit: Attendee, values: dict[str, Any]) -> None:
        case = case_of(call, values["patient_case_id"])
        if case:
            pass_door(call, door_into(call, case, visit), values)
        elif visit.case_id:
            visit.unlink(by=call.actor)

    def _mark(self, call: Call, visit: Attendee, values: dict[str, Any]) -> None:
        """Say whether the patient came; one who did may come to count in the case again."""
        arrived = bool(values["arrived"])
        missed = visit.did_not_arrive and not arrived

        def act(one: Attendee) -> None:
            one.mark(arrived=arrived, did_not_arrive=missed, by=call.actor)

        case = self.records(call.account).get(pk=visit.pk).case
        if case is None:
            act(visit)
        else:
            pass_door(call, door_into(call, case, visit, act), values)

    def archive_record(self, call: Call, record: Attendee) -> None:
        take_out(record, by=call.actor)

    def cancel_record(self, call: Call, record: Attendee, reason: int, note: str) -> None:
        cancel(record, reach_in(call.body), reason, note, by=call.actor)
