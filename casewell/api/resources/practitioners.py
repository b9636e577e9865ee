"""Practitioners, and their numbers with funders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from django.db.models import Q, Value
from django.db.models.functions import Concat, Trim

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref, Text255
from casewell.api.filters import Flag, Kind, Number, Text
from casewell.api.resource import USUAL_FILTERS, Listing, Resource
from casewell.api.rows import Always, At, Id, Link, Moment, Row, SelfLink, To
from casewell.api.writing import Writable
from casewell.audit.reference_numbers import ReferenceNumberForm, remove_number

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account, Practitioner, ReferenceNumber
    from casewell.api.calls import Call

STAYS: dict[str, Kind] = {n: k for n, k in USUAL_FILTERS.items() if n != "archived_at"}
PLACES: tuple[dict[str, Any], ...] = (
    {},
    {"within": "businesses", "of": "places__business_id"},
    {"within": "appointment_types", "of": "appointment_type_links__appointment_type_id"},
)


class PractitionerRow(Row):
    id: Id
    title: str | None
    first_name: str | None
    last_name: str | None
    display_name: str | None
    label: str | None
    designation: str | None
    description: str | None
    active: bool
    show_in_online_bookings: bool
    created_at: Moment
    updated_at: Moment
    appointment_types: Annotated[Link, At("/practitioners/{id}/appointment_types")]
    appointments: Annotated[Link, At("/practitioners/{id}/appointments")]
    default_appointment_type: Annotated[Link | None, Always()]
    invoices: Annotated[Link, At("/practitioners/{id}/invoices")]
    practitioner_reference_numbers: Annotated[
        Link, At("/practitioners/{id}/practitioner_reference_numbers")
    ]
    user: Annotated[Link | None, To("users", "user_id")]
    links: SelfLink


class Practitioners(Resource):
    name = "practitioners"
    row = PractitionerRow
    reads = Permission.SEE_CALENDAR
    hides = ()
    lists = tuple(
        Listing(word, Q(active=not word), unless="active", **place)
        for place in PLACES
        for word in ("", "inactive")
    )
    filters: ClassVar = STAYS | {
        "active": Flag(),
        "show_in_online_bookings": Flag(),
        "user_id": Number(),
    }

    def queryset(self, account: Account) -> QuerySet[Practitioner]:
        called = Trim(Concat("title", Value(" "), "first_name", Value(" "), "last_name"))
        return self.counted(account).annotate(label=called, display_name=called)

    def counted(self, account: Account) -> QuerySet[Practitioner]:
        return account.practitioners.all()


class ReferenceNumberRow(Row):
    id: Id
    name: str | None
    reference_number: str | None
    created_at: Moment
    updated_at: Moment
    business: Annotated[Link, To("businesses", "business_id")]
    practitioner: Annotated[Link, To("practitioners", "practitioner_id")]
    links: SelfLink


class ReferenceNumberBody(Body):
    required = ("business_id", "practitioner_id")

    name: Text255 | None
    reference_number: Text255 | None
    business_id: Ref
    practitioner_id: Ref


class ReferenceNumbers(Writable):
    name = "practitioner_reference_numbers"
    row = ReferenceNumberRow
    body = ReferenceNumberBody
    form = ReferenceNumberForm
    reads = Permission.SEE_CALENDAR
    creates = changes = removes = Permission.EDIT_SETTINGS
    hides = ()
    archives = False
    lists = (
        Listing(),
        Listing(within="practitioners", of="practitioner_id", lacks=frozenset({"practitioner_id"})),
    )
    filters: ClassVar = STAYS | {
        "business_id": Number(),
        "practitioner_id": Number(),
        "reference_number": Text(),
    }

    def queryset(self, account: Account) -> QuerySet[ReferenceNumber]:
        return account.reference_numbers.all()

    def records(self, account: Account) -> QuerySet[ReferenceNumber]:
        return account.reference_numbers.all()

    def archive_record(self, call: Call, record: ReferenceNumber) -> None:
        remove_number(record, by=call.actor)
