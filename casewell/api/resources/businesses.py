"""Businesses: the locations of a practice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Value
from django.db.models.functions import Coalesce, NullIf

from casewell.accounts.models import Business
from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref, Text255
from casewell.api.calls import Answer
from casewell.api.errors import Invalid, NotThere
from casewell.api.filters import Flag, Holds
from casewell.api.logos import picture_in
from casewell.api.resource import Listing, hidden_list, usual_filters
from casewell.api.routes import Route
from casewell.api.rows import At, Id, Link, Moment, Of, Row, SelfLink
from casewell.api.writing import Writable
from casewell.appointments.setting_up import archive_business
from casewell.audit.archiving import restore
from casewell.audit.forms import RecordForm
from casewell.audit.logos import KINDS, put_logo
from casewell.lib.countries import countries
from casewell.lib.zone_names import short_name, zone_called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call

Long = Annotated[str, msgspec.Meta(max_length=5000)]
ZONE_NAMES = ("time_zone_identifier", "time_zone")  # the first of them that is sent counts
OF_LOGO = ("logo", "remove_logo")


class Among(Func):
    """Whether a value is in a list."""

    conditional = True
    output_field = BooleanField()
    template, arg_joiner = "%(expressions)s)", " = ANY("


def country_named(code: str) -> str | None:
    """The name of a country, by its code."""
    return dict(countries()).get(code)


def ids_of(keys: list[int]) -> list[str]:
    """Ids as the contract has them."""
    return [str(key) for key in keys]


class BusinessRow(Row):
    id: Id
    business_name: str | None
    display_name: str | None
    label: str | None
    address_1: str | None
    address_2: str | None
    city: str | None
    state: str | None
    post_code: str | None
    country: Annotated[str | None, Of("country_code", country_named)]
    country_code: str | None
    time_zone: Annotated[str | None, Of("time_zone", short_name)]
    time_zone_identifier: Annotated[str | None, Of("time_zone")]
    contact_information: str | None
    additional_information: str | None
    additional_invoice_information: str | None
    business_registration_name: str | None
    business_registration_value: str | None
    email_reply_to: str | None
    website_address: str | None
    appointment_reminders_enabled: bool
    show_in_online_bookings: bool
    appointment_type_ids: Annotated[list[Id], Of("offered", ids_of)]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    appointments: Annotated[Link, At("/businesses/{id}/appointments")]
    practitioners: Annotated[Link, At("/businesses/{id}/practitioners")]
    links: SelfLink


class BusinessBody(Body):
    required = ("business_name",)

    business_name: Text255 | None
    display_name: Text255 | None
    address_1: Text255 | None
    address_2: Text255 | None
    city: Text255 | None
    state: Text255 | None
    post_code: str | None
    country_code: str | None
    time_zone: str | None
    time_zone_identifier: str | None
    contact_information: Text255 | None
    additional_information: Long | None
    additional_invoice_information: Long | None
    business_registration_name: Text255 | None
    business_registration_value: Text255 | None
    email_reply_to: str | None
    website_address: Text255 | None
    appointment_reminders_enabled: bool | None
    show_in_online_bookings: bool | None
    appointment_type_ids: list[Ref] | None
    logo: str
    logo_height: int
    remove_logo: bool


class BusinessAsSent(RecordForm[Business]):
    """What a client may set; where it is silent, a new business is as the practice is."""

    country_code = forms.ChoiceField(choices=countries, required=False)
    appointment_type_ids = forms.Field(required=False)

    class Meta:
        model = Business
        fields: ClassVar = [
            name for name in BusinessBody.types() if name not in ("time_zone_identifier", *OF_LOGO)
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].required = False

    def clean_country_code(self) -> str:
        return self.cleaned_data["country_code"] or self.instance.account.country_code

    def clean_time_zone(self) -> str:
        return self.cleaned_data["time_zone"] or self.instance.account.time_zone

    def clean_appointment_type_ids(self) -> list[int] | None:
        sent = self.cleaned_data["appointment_type_ids"]
        if sent is None:
            return None
        keys = list(dict.fromkeys(map(int, sent)))
        kept = self.instance.appointment_type_ids or []
        known = set(
            self.instance.account.appointment_types.filter(pk__in=keys).values_list("pk", flat=True)
        )
        if set(keys) - known - set(kept):
            raise forms.ValidationError("must exist")
        return keys


class Businesses(Writable):
    name = "businesses"
    item = "business"
    row = BusinessRow
    body = BusinessBody
    form = BusinessAsSent
    reads = Permission.SEE_CALENDAR
    creates = changes = removes = restores = Permission.EDIT_SETTINGS
    lists = (Listing(), hidden_list("archived"), hidden_list("deleted"))
    filters: ClassVar = usual_filters(
        show_in_online_bookings=Flag(),
        appointment_type_ids=Holds(lambda key: Among(key, F("offered"))),
    )
    joined = frozenset({"appointment_type_ids"})

    def queryset(self, account: Account) -> QuerySet[Business]:
        live = account.appointment_types.live().order_by("pk").values("pk")
        return self.counted(account).annotate(
            offered=Coalesce("appointment_type_ids", ArraySubquery(live)),
            label=Coalesce(NullIf("display_name", Value("")), "business_name"),
        )

    def counted(self, account: Account) -> QuerySet[Business]:
        return account.businesses.all()

    def records(self, account: Account) -> QuerySet[Business]:
        return account.businesses.all()

    def saved(self, call: Call, record: Any, values: dict[str, Any], **options: Any) -> Any:
        """By the form, and the logo beside it."""
        picture, removes = _logo_in(values), values.get("remove_logo")
        sent = {name: value for name, value in values.items() if name not in OF_LOGO}
        business = super().saved(call, record, _with_zone(sent), **options)
        if picture or removes:
            put_logo(business, picture, by=call.actor)
        return business

    def archive_record(self, call: Call, record: Any) -> None:
        archive_business(record, by=call.actor)

    def restore_record(self, call: Call, record: Any) -> None:
        restore(record, by=call.actor)

    def further(self) -> Iterator[Route]:
        yield Route("GET", "businesses/*/logo", self.logo, self, "logo", status=200, media=KINDS)

    def logo(self, call: Call) -> Answer:
        """The picture itself."""
        call.require(self.reads)
        found = call.account.business_logos.filter(business=call.ids[0]).first()
        if found is None:
            raise NotThere
        return Answer(200, bytes(found.content), {"Content-Type": found.media_type})


def _logo_in(values: dict[str, Any]) -> tuple[str, bytes] | None:
    """The logo that was sent. Raises Invalid."""
    if not values.get("logo"):
        return None
    try:
        return picture_in(values["logo"])
    except ValueError as error:
        raise Invalid({"logo": str(error)}) from error


def _with_zone(values: dict[str, Any]) -> dict[str, Any]:
    """The properties with the zone, by whichever name it was sent, under its one name.

    Raises Invalid for what is no zone's name.
    """
    sent = [(name, values.pop(name)) for name in ZONE_NAMES if name in values]
    for name, called in sent:
        if called:
            zone = zone_called(called)
            if zone is None:
                raise Invalid({name: "must be a time zone, such as Melbourne or Australia/Perth"})
            return values | {"time_zone": zone}
    return values | {"time_zone": None} if sent else values
