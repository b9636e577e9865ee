"""How much of each kind two patients have, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import CharField, Count, Q, Value
from django.utils.text import capfirst

from casewell.appointments.models import Attendee
from casewell.records.keys import moving_keys

if TYPE_CHECKING:
    from casewell.patients.models import Patient
    from casewell.records.keys import Key

# What people call them, where that is not the table's own name.
CALLED = {
    "cases.patientcase.patient": "Cases",
    "appointments.attendee.patient": "Appointments",
    "patients.patientattachment.patient": "Files",
    "patients.relationship.patient": "Relatives",
    "invoices.draftinvoice.patient": "Draft invoices",
    "connections.applaunch.patient": "Opened in other apps",
    "letters.communication.patient": "Messages and calls",
}
# What is a part of one of these, or is there the other way round.
UNTOLD = {
    "cases.caseattachment.patient",
    "invoices.allocation.patient",
    "patients.patientredirect.patient",
    "patients.relationship.related_patient",
    "patients.referralsource.referrer_patient",
}
FIRST = tuple(CALLED)[:3]


class Pair(NamedTuple):
    """So many of one kind that the one has who stays, and the one who goes."""

    label: str
    kept: int
    gone: int


def counts_of(kept: Patient, gone: Patient) -> list[Pair]:
    """What each has of each kind, without kinds of which neither has any; one statement."""
    told = {name: key for name, key in moving_keys().items() if name not in UNTOLD}
    parts = []
    for name, key in told.items():
        ours, theirs = (
            Count("pk", filter=Q(**{key.field.attname: one.pk})) for one in (kept, gone)
        )
        rows = key.rows(kept.pk, gone.pk).order_by().values("account")
        named = rows.annotate(
            of_key=Value(name, output_field=CharField()), ours=ours, theirs=theirs
        )
        parts.append(named.values_list("of_key", "ours", "theirs"))
    found = {name: (a, b) for name, a, b in parts[0].union(*parts[1:], all=True)}
    order = [*FIRST, *sorted(set(told) - set(FIRST), key=lambda name: _label(told[name]))]
    return [Pair(_label(told[name]), *found[name]) for name in order if name in found]


def twins_of(kept: Patient, gone: Patient) -> int:
    """In how many bookings both are."""
    live = Attendee.objects.filter(archived_at=None)
    return live.filter(
        patient=gone, booking__in=live.filter(patient=kept).values("booking")
    ).count()


def _label(key: Key) -> str:
    return CALLED.get(key.name) or capfirst(str(key.model._meta.verbose_name_plural))
