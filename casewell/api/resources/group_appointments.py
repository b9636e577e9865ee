"""Group appointments: classes, whose patients are their attendees."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
from django.contrib.postgres.expressions import ArraySubquery

from casewell.api.bodies import Body, Ref
from casewell.api.bodies import Moment as SentMoment
from casewell.api.errors import Invalid
from casewell.api.filters import Holds, Kind, Moment, Number
from casewell.api.resource import Listing, hidden_list, usual_filters
from casewell.api.resources.booking_rows import GroupRow
from casewell.api.resources.booking_writing import BookingResource, Note, after, moved, span_of
from casewell.api.resources.bookings import inside, with_patient
from casewell.api.resources.repeat_rules import (
    REPEATED_FROM,
    RepeatRule,
    refuse_another_rule,
    repeat,
    rule_in,
)
from casewell.appointments.models import AppointmentType, Booking
from casewell.appointments.models.places import MOST_PLACES, set_places

if TYPE_CHECKING:
    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.appointments.models import BookingQuerySet

FEWEST = 2
ALONE = "must be greater than 1: appointments of this type are for one patient"
Places = Annotated[int, msgspec.Meta(ge=FEWEST, le=MOST_PLACES)]
FILTERS: dict[str, Kind] = usual_filters(
    starts_at=Moment(),
    ends_at=Moment(),
    cancelled_at=Moment(),
    appointment_type_id=Number(),
    business_id=Number(),
    practitioner_id=Number(),
    patient_ids=Holds(with_patient),
    repeated_from_id=REPEATED_FROM,
)


class GroupBody(Body):
    required = ("appointment_type_id", "business_id", "practitioner_id", "starts_at")

    starts_at: SentMoment
    ends_at: SentMoment | None
    appointment_type_id: Ref
    business_id: Ref
    practitioner_id: Ref
    max_attendees: Places | None
    notes: Note | None
    repeat_rule: RepeatRule | None


class GroupAppointments(BookingResource):
    name = "group_appointments"
    row = GroupRow
    body = GroupBody
    hides = ("archived_at", "cancelled_at")
    additions = frozenset({"cancelled_at"})
    lists = (Listing(), hidden_list("deleted"))
    filters: ClassVar = FILTERS
    kinds: ClassVar = {"appointment_type_id": AppointmentType.objects.live()}

    def queryset(self, account: Account) -> BookingQuerySet:
        patients = ArraySubquery(inside().order_by("id").values("patient_id"))
        rows: BookingQuerySet = self.counted(account).annotate(group_patients=patients)
        return rows

    def counted(self, account: Account) -> BookingQuerySet:
        rows: BookingQuerySet = account.bookings.filter(kind=Booking.Kind.GROUP)
        return rows

    def records(self, account: Account) -> BookingQuerySet:
        return self.counted(account).select_related("business", "practitioner", "appointment_type")

    def create_record(self, call: Call, values: dict[str, Any]) -> Booking:
        rule = rule_in(values)
        chosen = self.chosen(values, {})
        kind, start = chosen["appointment_type"], values["starts_at"]
        usual = after(start, timedelta(minutes=kind.duration_in_minutes))
        span = span_of(start, values.get("ends_at") or usual)
        places = values.get("max_attendees") or kind.max_attendees
        if places < FEWEST:
            raise Invalid({"max_attendees": ALONE})
        notes = values.get("notes") or ""
        one = Booking(account=call.account, max_attendees=places, notes=notes, **chosen, **span)
        if rule:
            one.kind = Booking.Kind.GROUP
            repeat(call, one, rule)
        else:
            one.open_class(by=call.actor)
        return one

    def update_record(self, call: Call, record: Booking, values: dict[str, Any]) -> None:
        rule = refuse_another_rule(record, values)
        names = ("business_id", "practitioner_id", "appointment_type_id")
        chosen = self.chosen(values, {name: getattr(record, name) for name in names})
        length = record.ends_at - record.starts_at
        if kind := chosen.get("appointment_type"):
            length = timedelta(minutes=kind.duration_in_minutes)
        places = chosen | moved(record, values, length)
        if places:
            record.move(by=call.actor, **places)
        wanted = values.get("max_attendees") or record.max_attendees
        if wanted != record.max_attendees:
            set_places(record, wanted, by=call.actor)
        if "notes" in values:
            record.set_notes(values["notes"] or "", by=call.actor)
        if rule:
            repeat(call, record, rule)
