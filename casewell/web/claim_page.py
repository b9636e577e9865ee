"""What the page of a claim shows: each value, where it came from, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse

from casewell.accounts.roles import Permission
from casewell.claims.checks import day_of
from casewell.claims.gateways import HttpGateway, chosen_gateway
from casewell.claims.item_numbers import NO_ITEMS, items_of
from casewell.claims.particulars import (
    PATIENT,
    PROVIDER,
    REFERRAL,
    Field,
    Kind,
    Shape,
    Source,
    Value,
    fields_of,
    read,
)
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.forms import BoundField

    from casewell.claims.checks import Fault
    from casewell.claims.forms import ClaimForm
    from casewell.claims.models import Claim
    from casewell.web.requests import PracticeRequest

# What a record is called beside a value, the page where it is, and who may go there.
ORIGINS: dict[Source, tuple[str, str, Permission]] = {
    Source.PATIENT: ("the patient", "patient", Permission.SEE_PATIENTS),
    Source.CASE: ("the case", "case", Permission.SEE_PATIENTS),
    Source.REFERRER: ("the referrer", "contact", Permission.SEE_CONTACTS),
    Source.PRACTITIONER: ("the practitioner", "settings-practitioner", Permission.EDIT_SETTINGS),
    Source.VISIT: ("the appointment", "booking", Permission.SEE_CALENDAR),
    Source.INVOICE: ("the invoice", "invoice", Permission.SEE_INVOICES),
    Source.PRICE: ("the billable item", "settings-billable-item", Permission.EDIT_SETTINGS),
    Source.PROGRAMME: ("the programme", "settings-programme", Permission.EDIT_SETTINGS),
}


@dataclass(frozen=True)
class Origin:
    """Where a value came from, in words, with the record's page where there is one."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One value as the page draws it."""

    field: Field
    value: str
    origin: Origin
    faults: list[Fault]
    bound: BoundField | None = None


def groups_of(
    request: PracticeRequest,
    claim: Claim,
    faults: Iterable[Fault],
    form: ClaimForm | None = None,
) -> list[tuple[str, list[Row]]]:
    """The values by their groups; as fields of `form`, where one is given."""
    values, found = claim.values, list(faults)
    rows = [
        Row(
            field,
            shown(field, values.get(field.name, Value()).value),
            origin_of(request, claim, field, values.get(field.name, Value())),
            [fault for fault in found if fault.field == field.name],
            form[field.name] if form else None,
        )
        for field in fields_of(Kind(claim.kind))
    ]
    return [(name, list(part)) for name, part in groupby(rows, lambda row: row.field.group)]


def lodged_rows(claim: Claim, kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a lodgement said, as label and value."""
    values = read(kept)
    fields = fields_of(Kind(claim.kind))
    return [(f.label, shown(f, values[f.name].value)) for f in fields if f.name in values]


def shown(field: Field, text: str) -> str:
    """A value in the practice's formats; as it is where it is no date."""
    day = day_of(text) if field.shape is Shape.DATE else None
    return formats().day(day) if day else text


def origin_of(request: PracticeRequest, claim: Claim, field: Field, value: Value) -> Origin:
    """From where it is; for a value that nobody has, where it belongs."""
    if value.source is Source.TYPED:
        return Origin("typed")
    if value.source in ORIGINS:
        words, route, may = ORIGINS[value.source]
        return Origin(f"from {words}", _page(request, route, may, value.key))
    return _where_it_belongs(request, claim, field)


def _where_it_belongs(request: PracticeRequest, claim: Claim, field: Field) -> Origin:
    visit = claim.attendee
    owners: dict[str, tuple[Source, int | None]] = {
        PATIENT: (Source.PATIENT, claim.patient_id),
        PROVIDER: (Source.PRACTITIONER, visit.booking.practitioner_id),
        REFERRAL: (Source.CASE, visit.case_id),
    }
    if field.name == "item_number":
        programme = visit.case.programme if visit.case else None
        return Origin((items_of(programme.code) if programme else NO_ITEMS).otherwise)
    if field.name == "referrer_number" and visit.case and visit.case.contact_id:
        owners[REFERRAL] = (Source.REFERRER, visit.case.contact_id)
    source, key = owners.get(field.group, (Source.NOWHERE, None))
    if key is None:
        return Origin("the visit is in no case" if field.group == REFERRAL else "not known")
    words, route, may = ORIGINS[source]
    return Origin(f"not known; add it to {words}", _page(request, route, may, key))


def _page(request: PracticeRequest, route: str, may: Permission, key: int | None) -> str:
    if key is None or not request.member.may(may):
        return ""
    try:
        return reverse(route, args=[request.account.slug, key])
    except NoReverseMatch:
        return ""


def gateway_words() -> str:
    """What lodging does on this installation, as the screen says it."""
    gateway = chosen_gateway()
    if isinstance(gateway, HttpGateway):
        return (
            "Claims are sent to the address that this installation's operator has set. Whether it "
            "passes them on to Medicare or DVA is theirs to say."
        )
    return (
        "No gateway to Medicare or DVA is connected: lodging writes a file that you take along, "
        "and keeps it. Nothing is sent anywhere."
    )
