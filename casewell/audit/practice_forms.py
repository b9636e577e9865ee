"""What an administrator may set on the practice and its businesses."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms

from casewell.accounts.hours import HoursField
from casewell.accounts.models import Account, Business
from casewell.audit.forms import GroupedForm, RecordT
from casewell.lib.countries import CURRENCIES, countries
from casewell.lib.zones import zone_choices


class ZoneField(forms.ChoiceField):
    """A time zone, chosen from those of places."""

    default_error_messages = {
        "invalid_choice": "“%(value)s” is not a time zone, such as Australia/Sydney."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("", "Choose…"), *zone_choices()], **kwargs)

    def keep(self, zone: str) -> None:
        """Offer a zone that is kept already, be it an alias or UTC."""
        if zone and not self.valid_value(zone):
            self.choices = [("", "Choose…"), (zone, zone), *zone_choices()]


class ZonedForm(GroupedForm[RecordT]):
    """A form with a `time_zone`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, record = cast("ZoneField", self.fields["time_zone"]), cast("Any", self.instance)
        field.keep(record.time_zone)


class CountryField(forms.ChoiceField):
    """A country by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=countries, **kwargs)


class PracticeForm(ZonedForm[Account]):
    """The practice's defaults."""

    groups: ClassVar = {
        "The practice": ("name", "country_code", "time_zone", "currency"),
        "How it is written": ("date_format", "time_format", "week_start", "slot_minutes"),
        "At clashes": ("booking_conflict_action", "api_conflicts_block"),
    }
    spans: ClassVar = {
        "name": 6,
        "country_code": 6,
        "time_zone": 6,
        "currency": 6,
        "date_format": 6,
        "time_format": 6,
        "week_start": 6,
        "slot_minutes": 6,
        "booking_conflict_action": 6,
    }

    time_zone = ZoneField(
        help_text="For lists and for new businesses. Each business has one of its own."
    )
    country_code = CountryField(label="Country")
    currency = forms.ChoiceField(choices=[(c, f"{c} · {name}") for c, name in CURRENCIES])

    class Meta:
        model = Account
        fields: ClassVar = [
            "name",
            "country_code",
            "time_zone",
            "currency",
            "date_format",
            "time_format",
            "week_start",
            "slot_minutes",
            "booking_conflict_action",
            "api_conflicts_block",
        ]
        labels: ClassVar = {
            "booking_conflict_action": "When two bookings clash",
            "api_conflicts_block": "Block clashes that come through the API as well",
        }
        help_texts: ClassVar = {
            "booking_conflict_action": "Blocked, bookings made from then on are kept apart, "
            "also when two people book at once.",
        }

    @property
    def begins_to_block(self) -> bool:
        """Whether this very form keeps bookings apart from now on."""
        name = "booking_conflict_action"
        return name in self.changed_data and self.cleaned_data.get(name) == "block"


class BusinessForm(ZonedForm[Business]):
    """A location, with its hours."""

    groups: ClassVar = {
        "The place": (
            "business_name",
            "time_zone",
            "address_1",
            "address_2",
            "city",
            "state",
            "post_code",
            "country_code",
        ),
        "When it is open": ("opening_hours", "show_in_online_bookings"),
        "What patients are told": (
            "contact_information",
            "email_reply_to",
            "website_address",
            "additional_information",
        ),
    }

    spans: ClassVar = {
        "business_name": 6,
        "time_zone": 6,
        "address_1": 6,
        "address_2": 6,
        "city": 4,
        "state": 2,
        "post_code": 2,
    }

    time_zone = ZoneField()
    country_code = CountryField(label="Country")
    opening_hours = HoursField(required=False)

    class Meta:
        model = Business
        fields: ClassVar = [
            "business_name",
            "time_zone",
            "address_1",
            "address_2",
            "city",
            "state",
            "post_code",
            "country_code",
            "contact_information",
            "email_reply_to",
            "website_address",
            "additional_information",
            "opening_hours",
            "show_in_online_bookings",
        ]
        labels: ClassVar = {
            "show_in_online_bookings": "Free times are given to programs that book online",
            "address_2": "Address, second line",
            "email_reply_to": "Email for replies",
            "contact_information": "Phone, as patients see it",
            "website_address": "Website",
            "additional_information": "Notes, such as parking",
        }
        widgets: ClassVar = {"additional_information": forms.Textarea({"rows": 3})}
