"""The settings of a practice as the contract has them: groups of values.

Of what Casewell has no part yet – booking online, text messages, payments, accounts in other
software – the values are those of a practice that has it switched off.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from casewell.api.rows import Id, Row

NAME_FORMATS = ("first_name", "full_name", "initials", "anonymous", "semi_anonymous")
NameFormat = Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(NAME_FORMATS)})]
Address = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uri"})]


class Group(msgspec.Struct):
    """Values that belong together."""


class PublicAccount(Group):
    id: Id
    name: str
    subdomain: str
    country: str
    country_code: str
    currency_symbol: str
    has_time_travelers: bool
    time_zone_support: bool = True


class Compliance(Group):
    has_hipaa_compliance_conflicts: bool = False
    messages: list[str] = msgspec.field(name="hipaa_compliance-conflict_messages", default=[])


class AccountSettings(PublicAccount):
    first_name: str = ""
    last_name: str = ""
    email_from: str = ""
    compliance: Compliance = msgspec.field(default_factory=Compliance)


class CalendarSettings(Group):
    start_hour: int
    end_hour: int
    timeslot_size_in_minutes: int
    timeslot_height_in_pixels: int = 20
    multiple_appointments_gap: bool = False
    show_current_time_indicator: bool = True


class Papers(Group):
    logo_height: int
    logo_url: Address | None


class Switch(Group):
    enabled: bool = False


class PublicIntegrations(Group):
    mail_chimp: Switch
    xero: Switch


class Integrations(PublicIntegrations):
    medipass: Switch


class PublicOnlineBookings(Group):
    enabled: bool = False
    allow_bookings_days_in_advance: int = 0
    allow_online_bookings_time_zone_choice: bool = False
    booking_reservation_minutes: int = 0
    calendar_info: str | None = None
    daily_bookings_limit: int = 0
    disabled_text: str | None = None
    disabled_title: str | None = None
    logo_url: Address | None = None
    max_appointments_per_day_segment: int = 0
    min_hours_advance_required_to_book: int = 0
    min_hours_notice_for_patient_cancellation: int = 0
    notice_enabled: bool = False
    notice_text: str | None = None
    notice_title: str | None = None
    notify_practitioner_by_email: bool = False
    notify_practitioner_by_sms: bool = False
    policy: str | None = None
    practitioner_order: list[Id] | None = None
    privacy_policy_url: Address | None = None
    require_patient_address: bool = False
    show_appointment_duration: bool = False
    show_prices: bool = False


class Adroll(Group):
    advertiser_id: str | None = None
    pixel_id: str | None = None


class Analytics(Group):
    tracking_id: str | None = None


class TagManager(Group):
    container_id: str | None = None


class OnlineBookings(PublicOnlineBookings):
    adroll: Adroll = msgspec.field(default_factory=Adroll)
    google_analytics: Analytics = msgspec.field(default_factory=Analytics)
    google_tag_manager: TagManager = msgspec.field(default_factory=TagManager)


class OnlinePayments(Group):
    activated: bool = False


class CustomFields(Group):
    sections: list[dict[str, Any]] = []


class PublicPrivacy(Group):
    browser_title_name_format: NameFormat = "full_name"
    ical_patient_name_option: NameFormat = "full_name"
    prevent_sending_financial_data_by_email: bool = False
    requires_hipaa_compliance: bool = False


class Privacy(PublicPrivacy):
    anonymise_appointments_on_deletion: bool = False
    anonymise_booking_notifications: bool = False
    anonymise_invoices_and_payments_on_deletion: bool = False
    baa_requested: bool = False


class Reminders(Group):
    default_reminder_type: Annotated[
        str, msgspec.Meta(extra_json_schema={"enum": ["None", "SMS", "Email", "SMS & Email"]})
    ] = "None"


class TextMessages(Group):
    alphanumeric_source_number_required: bool = False
    default_alphanumeric_source_number: str = ""
    max_message_length: int | None = None
    number_of_usable_characters_per_message: int = 0
    replies_supported: bool = False


class Terminology(Group):
    patient: Annotated[str, msgspec.Meta(extra_json_schema={"enum": ["patient", "client"]})] = (
        "patient"
    )
    titles: list[str] = []


class WaitList(Group):
    default_wait_list_expiry_period: int = 0


class PublicSettingsRow(Row):
    account: PublicAccount
    calendar: CalendarSettings
    documents_and_printing: Papers
    integrations: PublicIntegrations
    online_bookings: PublicOnlineBookings
    online_payments: OnlinePayments
    patient_custom_fields_definition: CustomFields
    patient_privacy: PublicPrivacy
    reminders: Reminders
    sms: TextMessages
    terminology: Terminology
    wait_list: WaitList


class SettingsRow(Row):
    account: AccountSettings
    calendar: CalendarSettings
    documents_and_printing: Papers
    integrations: Integrations
    online_bookings: OnlineBookings
    online_payments: OnlinePayments
    patient_custom_fields_definition: CustomFields
    patient_privacy: Privacy
    reminders: Reminders
    sms: TextMessages
    terminology: Terminology
    wait_list: WaitList
