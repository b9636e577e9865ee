"""Patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec
from django import forms
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref, Text255
from casewell.api.bodies import Day as SentDay
from casewell.api.filters import Day as DayFilter
from casewell.api.filters import Flag, Text
from casewell.api.phones import PhoneNumber, PhonesAsSent
from casewell.api.resource import Listing, hidden_list, usual_filters
from casewell.api.rows import At, Day, Id, Link, Moment, Of, Row, SelfLink, To, by_id
from casewell.api.writing import Writable
from casewell.lib.countries import countries
from casewell.patients.forms import PatientForm
from casewell.patients.word import PatientWord

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.audit.actors import Actor
    from casewell.patients.models import Patient


class Pronouns(msgspec.Struct):
    """The five forms of a pronoun."""

    nominative: str = ""
    accusative: str = ""
    pronominal_possessive: str = ""
    predicative_possessive: str = ""
    reflexive: str = ""


def all_forms(known: dict[str, str] | None) -> dict[str, str] | None:
    """The five forms, empty where only some are known; None where none is."""
    return {form: known.get(form, "") for form in Pronouns.__struct_fields__} if known else None


class PatientRow(Row):
    id: Id
    title: str | None
    first_name: str
    last_name: str
    preferred_first_name: str | None
    label: str | None
    date_of_birth: Day | None
    sex: str | None
    gender: Annotated[str | None, Of("gender_identity")]
    gender_identity: str | None
    pronouns: Annotated[Pronouns | None, Of("pronouns", all_forms)]
    email: str | None
    patient_phone_numbers: Annotated[list[PhoneNumber], Of("phone_numbers")]
    address_1: str | None
    address_2: str | None
    address_3: str | None
    city: str | None
    state: str | None
    post_code: str | None
    country: str | None
    country_code: str | None
    time_zone: str | None
    occupation: str | None
    emergency_contact: str | None
    medicare: str | None
    medicare_reference_number: str | None
    dva_card_number: str | None
    referral_source: str | None
    old_reference_id: str | None
    appointment_notes: str | None
    notes: str | None
    reminder_type: str | None
    invoice_default_to: str | None
    invoice_email: str | None
    invoice_extra_information: str | None
    receives_confirmation_emails: bool
    receives_cancellation_emails: bool
    accepted_privacy_policy: bool | None
    accepted_email_marketing: bool | None
    accepted_sms_marketing: bool | None
    custom_fields: dict[str, Any] | None
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    merged_at: Moment | None
    concession_type: Annotated[Link | None, To("concession_types", "concession_type_id")]
    referring_doctor: Annotated[Link | None, To("contacts", "referring_doctor_id")]
    merged_with_patient: Annotated[Link | None, To("patients", "merged_with_id")]
    latest_booking: Annotated[Link | None, To("bookings", "latest_booking")]
    appointments: Annotated[Link, At("/patients/{id}/appointments")]
    attendees: Annotated[Link, At("/attendees" + by_id("patient"))]
    invoices: Annotated[Link, At("/patients/{id}/invoices")]
    medical_alerts: Annotated[Link, At("/patients/{id}/medical_alerts")]
    patient_attachments: Annotated[Link, At("/patients/{id}/patient_attachments")]
    relationships: Annotated[Link, At("/relationships" + by_id("patient"))]
    links: SelfLink


class PatientBody(Body):
    required = ("first_name", "last_name")
    into: ClassVar = {"patient_phone_numbers": "phone_numbers"}

    title: Text255 | None
    first_name: Text255
    last_name: Text255
    preferred_first_name: Text255 | None
    date_of_birth: SentDay | None
    sex: str | None
    gender_identity: str | None
    pronouns: Pronouns | None
    email: Text255 | None
    patient_phone_numbers: list[PhoneNumber] | None
    address_1: Text255 | None
    address_2: Text255 | None
    address_3: Text255 | None
    city: Text255 | None
    state: str | None
    post_code: str | None
    country: str | None
    country_code: str | None
    time_zone: str | None
    occupation: Text255 | None
    emergency_contact: Text255 | None
    medicare: Text255 | None
    medicare_reference_number: Text255 | None
    dva_card_number: str | None
    concession_type_id: Ref | None
    referring_doctor_id: Ref | None
    referral_source: Text255 | None
    old_reference_id: Text255 | None
    appointment_notes: str | None
    notes: str | None
    reminder_type: Literal["None", "SMS", "Email", "SMS & Email"] | None
    invoice_default_to: str | None
    invoice_email: str | None
    invoice_extra_information: str | None
    receives_confirmation_emails: bool | None
    receives_cancellation_emails: bool | None
    accepted_privacy_policy: bool | None
    accepted_email_marketing: bool | None
    unsubscribe_sms_marketing: bool
    custom_fields: dict[str, Any] | None


class PatientAsSent(PatientForm):
    """The form of the pages, and what only the API sets; lists come whole."""

    phone_numbers: Any = PhonesAsSent()
    pronouns: Any = forms.JSONField(required=False)
    # Whoever unsubscribes cannot be subscribed by the same property.
    unsubscribe_sms_marketing = forms.BooleanField(required=False)

    class Meta(PatientForm.Meta):
        fields: ClassVar = [
            *PatientForm.Meta.fields,
            *("address_3", "country", "country_code", "time_zone", "custom_fields"),
            *("invoice_default_to", "invoice_email", "invoice_extra_information"),
            *("receives_confirmation_emails", "receives_cancellation_emails"),
            *("accepted_privacy_policy", "accepted_email_marketing"),
        ]

    def clean_phone_numbers(self) -> list[dict[str, str]]:
        numbers: list[dict[str, str]] = self.cleaned_data["phone_numbers"]
        return numbers

    def save(self, *, by: Actor) -> Patient:  # type: ignore[override]
        if self.cleaned_data["unsubscribe_sms_marketing"]:
            self.instance.accepted_sms_marketing = False
        self._settle_country()
        return super().save(by=by)

    def _settle_country(self) -> None:
        """Where only the name or only the code of the country is another now, the other follows."""
        changed = {"country", "country_code"} & set(self.changed_data)
        if changed == {"country_code"}:
            code = self.instance.country_code.upper()
            self.instance.country = dict(countries()).get(code, "")
        elif changed == {"country"}:
            codes = {str(name).lower(): code for code, name in countries()}
            self.instance.country_code = codes.get(self.instance.country.strip().lower(), "")


class Patients(Writable):
    name = "patients"
    row = PatientRow
    body = PatientBody
    form = PatientAsSent
    reads = Permission.SEE_PATIENTS
    creates = changes = Permission.EDIT_PATIENTS
    removes = restores = Permission.ARCHIVE_PATIENTS
    lists = (Listing(), hidden_list("archived"), hidden_list("deleted"))
    filters: ClassVar = usual_filters(
        deleted=False,
        first_name=Text(words=PatientWord),
        last_name=Text(words=PatientWord),
        preferred_first_name=Text(words=PatientWord),
        email=Text(words=PatientWord),
        old_reference_id=Text(words=PatientWord),
        date_of_birth=DayFilter(),
        accepted_privacy_policy=Flag(),
    )

    def queryset(self, account: Account) -> QuerySet[Patient]:
        visits = account.attendees.filter(patient=OuterRef("pk"), archived_at=None)
        latest = visits.order_by("-booking__starts_at").values("booking_id")[:1]
        called = Coalesce(NullIf("preferred_first_name", Value("")), "first_name")
        return self.counted(account).annotate(
            latest_booking=Subquery(latest), label=Concat(called, Value(" "), "last_name")
        )

    def counted(self, account: Account) -> QuerySet[Patient]:
        return account.patients.all()

    def records(self, account: Account) -> QuerySet[Patient]:
        return account.patients.all()

    def missing(self, call: Call, key: int) -> Row:
        """A patient that was merged still answers, and says where it went."""
        if call.account.patients.filter(pk=key, merged_with__isnull=False).exists():
            return self.one(call, key, hidden=True)
        moved = call.account.patient_redirects.filter(former_id=key).first()
        if moved is None:
            return super().missing(call, key)
        return self.one(call, moved.patient_id, hidden=True)
