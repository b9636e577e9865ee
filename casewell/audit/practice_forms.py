"""What an administrator may set on the practice, its businesses and whom it invites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms

from casewell.accounts.hours import HoursField
from casewell.accounts.models import Account, Business, Invitation
from casewell.audit.forms import GroupedForm, RecordT
from casewell.audit.logos import LARGEST, logo_of, put_logo
from casewell.audit.members import invite
from casewell.lib.countries import CURRENCIES, countries
from casewell.lib.zones import zone_choices

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


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


class LetterheadForm(GroupedForm[Business]):
    """What stands at the head of a location's letters and invoices."""

    groups: ClassVar = {
        "What is printed": (
            "display_name",
            "business_registration_name",
            "business_registration_value",
            "contact_information",
            "email_reply_to",
            "website_address",
        ),
        "Logo": ("logo", "logo_height", "remove_logo"),
    }
    spans: ClassVar = {"display_name": 6, "logo": 6, "logo_height": 3, "remove_logo": 12} | {
        f"business_registration_{part}": 3 for part in ("name", "value")
    }

    logo = forms.FileField(
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/gif"}),
        help_text="PNG, JPEG or GIF, at most 1 MB.",
    )
    remove_logo = forms.BooleanField(required=False, label="Remove the logo")

    class Meta:
        model = Business
        fields: ClassVar = [
            "display_name",
            "business_registration_name",
            "business_registration_value",
            "contact_information",
            "email_reply_to",
            "website_address",
            "logo_height",
        ]
        labels: ClassVar = {
            "display_name": "Name on papers",
            "business_registration_name": "Registration",
            "business_registration_value": "Its number",
            "contact_information": "Phone, as patients see it",
            "email_reply_to": "Email for replies",
            "website_address": "Website",
            "logo_height": "Height in pixels",
        }
        help_texts: ClassVar = {
            "display_name": "Where it is not the name of the business.",
            "business_registration_name": "Such as ABN.",
            "logo_height": "94 are 2.5 cm, the most on paper.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.logos.exists():
            self.fields.pop("remove_logo")

    def grouped(self) -> dict[str, tuple[str, ...]]:
        """Without the box that removes a logo where there is none."""
        return {
            heading: tuple(name for name in names if name in self.fields)
            for heading, names in self.groups.items()
        }

    def clean_logo(self) -> tuple[str, bytes] | None:
        """The picture as it is to be kept."""
        upload = self.cleaned_data["logo"]
        if not upload:
            return None
        try:
            return logo_of(upload.read(LARGEST + 1))
        except ValueError as why:
            raise forms.ValidationError(f"The logo {why}.") from why

    def save(self, *, by: Actor) -> Business:  # type: ignore[override]
        business = super().save(by=by)
        picture = self.cleaned_data["logo"]
        if picture or self.cleaned_data.get("remove_logo"):
            put_logo(business, picture, by=by)
        return business


class InvitationForm(GroupedForm[Invitation]):
    """Whom to invite, and as what."""

    groups: ClassVar = {"Invite somebody": ("email", "role", "first_name", "last_name")}
    spans: ClassVar = {"email": 6, "role": 6, "first_name": 6, "last_name": 6}

    class Meta:
        model = Invitation
        fields: ClassVar = ["email", "role", "first_name", "last_name"]
        labels: ClassVar = {"email": "Email"}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        members = self.instance.account.memberships.filter(user__email=email)
        if member := members.select_related("user").first():
            state = "is a member already" if member.active else "is a member who is switched off"
            raise forms.ValidationError(f"{member.user} {state}.")
        return email

    def issue(self, *, by: Actor) -> str:
        """Store the invitation of a valid form; its token, known from this answer alone."""
        assert by.member is not None  # noqa: S101 - the type's promise: a person invites
        self.instance.invited_by = by.member.user
        return invite(self.instance, by=by)
