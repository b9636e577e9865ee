"""Appointment types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from django.db.models import OuterRef, Q, Subquery, Value

from casewell.accounts.models import Business
from casewell.accounts.roles import Permission
from casewell.api.bodies import Amount, Body, Ref, Text255, shown
from casewell.api.errors import Invalid
from casewell.api.filters import Flag, Holds, Text
from casewell.api.resource import Listing, hidden_list, usual_filters
from casewell.api.rows import Always, At, Id, Link, Moment, Money, Of, Row, SelfLink, To, by_id
from casewell.api.writing import Writable, one_of
from casewell.appointments.setting_up import AppointmentTypeForm
from casewell.audit.archiving import archive
from casewell.invoices.price_forms import charge_first, first_item_of
from casewell.lib.fields import ChoicesOfFew

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.api.prepared import Given
    from casewell.appointments.models import AppointmentType
    from casewell.invoices.models import BillableItem

LeadHours = Literal[0, 1, 2, 4, 12, 18, 24, 48, 72, 168, 336, 504, 672]
# What a type may be tied to is not kept in Casewell yet: there is nothing to name.
NOT_THERE_YET = (
    "appointment_confirmation_template_ids",
    "appointment_follow_up_template_ids",
    "appointment_reminder_template_ids",
    "product_id",
    "treatment_note_template_id",
)


class AppointmentTypeRow(Row):
    id: Id
    name: str
    category: str | None
    description: str | None
    color: str
    duration_in_minutes: int
    max_attendees: int
    telehealth_enabled: bool
    show_in_online_bookings: bool
    online_bookings_lead_time_hours: int | None
    online_payments_enabled: Annotated[bool, Of("online_payments_mode", bool)]
    online_payments_mode: str | None
    deposit_price: Money | None
    add_deposit_to_account_credit: bool
    appointment_confirmation_template_ids: Annotated[list[Id], Always([])]
    appointment_follow_up_template_ids: Annotated[list[Id], Always([])]
    appointment_reminder_template_ids: Annotated[list[Id], Always([])]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    appointment_type_billable_items: Annotated[
        Link, At("/appointment_type_billable_items" + by_id("appointment_type"))
    ]
    appointment_type_products: Annotated[
        Link, At("/appointment_type_products" + by_id("appointment_type"))
    ]
    practitioners: Annotated[Link, At("/appointment_types/{id}/practitioners")]
    billable_item: Annotated[Link | None, To("billable_items", "first_item")]
    product: Annotated[Link | None, Always()]
    treatment_note_template: Annotated[Link | None, Always()]
    links: SelfLink


class AppointmentTypeBody(Body):
    required = ("duration_in_minutes", "name")
    into: ClassVar = {"practitioner_ids": "practitioners", "business_ids": "businesses"}

    name: Text255
    category: Text255 | None
    description: str | None
    color: str
    duration_in_minutes: int
    max_attendees: int
    telehealth_enabled: bool | None
    show_in_online_bookings: bool | None
    online_bookings_lead_time_hours: LeadHours | None
    online_payments_mode: Literal["deposit_required", "optional", "required"] | None
    deposit_price: Amount | None
    add_deposit_to_account_credit: bool | None
    practitioner_ids: list[Ref]
    business_ids: list[Ref]
    appointment_confirmation_template_ids: list[Ref] | None
    appointment_follow_up_template_ids: list[Ref] | None
    appointment_reminder_template_ids: list[Ref] | None
    billable_item_id: Ref | None
    product_id: Ref | None
    treatment_note_template_id: Ref | None


class AppointmentTypeAsSent(AppointmentTypeForm):
    """The form of the pages, and what only programs set."""

    links: ClassVar = AppointmentTypeForm.links | {"businesses": ("business_links", "business")}
    businesses = ChoicesOfFew(Business.objects.live().order_by("id"), required=False)

    class Meta(AppointmentTypeForm.Meta):
        fields: ClassVar = [
            *AppointmentTypeForm.Meta.fields,
            *("show_in_online_bookings", "online_bookings_lead_time_hours"),
            *("online_payments_mode", "deposit_price", "add_deposit_to_account_credit"),
        ]


def of_no_template(_: Given) -> Any:
    return Q(Value(value=False))


class AppointmentTypes(Writable):
    name = "appointment_types"
    row = AppointmentTypeRow
    body = AppointmentTypeBody
    form = AppointmentTypeAsSent
    reads = Permission.SEE_CALENDAR
    creates = changes = removes = Permission.EDIT_SETTINGS
    lists = (
        Listing(),
        hidden_list("archived"),
        Listing(within="practitioners", of="practitioner_links__practitioner_id"),
    )
    filters: ClassVar = usual_filters(
        deleted=False,
        category=Text(),
        online_payments_mode=Text(),
        show_in_online_bookings=Flag(),
        appointment_confirmation_template_ids=Holds(of_no_template),
        appointment_follow_up_template_ids=Holds(of_no_template),
        appointment_reminder_template_ids=Holds(of_no_template),
    )

    def queryset(self, account: Account) -> QuerySet[AppointmentType]:
        items = account.appointment_type_billable_items.filter(appointment_type=OuterRef("pk"))
        first = items.order_by("id").values("billable_item_id")[:1]
        return self.counted(account).annotate(first_item=Subquery(first))

    def counted(self, account: Account) -> QuerySet[AppointmentType]:
        return account.appointment_types.all()

    def records(self, account: Account) -> QuerySet[AppointmentType]:
        return account.appointment_types.all()

    def saved(self, call: Call, record: Any, values: dict[str, Any], **options: Any) -> Any:
        if named := [name for name in NOT_THERE_YET if values.pop(name, None)]:
            raise Invalid({shown(name): "must exist" for name in named})
        if "billable_item_id" not in values:
            return super().saved(call, record, values, **options)
        key = values.pop("billable_item_id")
        item = self._item(call, record, key) if key else None
        kind = super().saved(call, record, values, **options)
        charge_first(kind, item, by=call.actor)
        return kind

    def _item(self, call: Call, kind: AppointmentType, key: Any) -> BillableItem:
        """The item of that id; one that is archived only where it is there already."""
        link = None if kind._state.adding else first_item_of(kind)
        if link and link.billable_item_id == int(key):
            return link.billable_item
        item: BillableItem = one_of(call.account.billable_items.live(), key, "billable_item_id")
        return item

    def archive_record(self, call: Call, record: Any) -> None:
        archive(record, by=call.actor)
