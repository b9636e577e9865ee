"""Rows of every table that names a patient, made from the tables themselves: also of new ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db import models

from casewell.accounts.models import Business, Practitioner, User
from casewell.appointments.models import AppointmentType, Attendee, Booking
from casewell.cases.models import PatientCase
from casewell.connections.models import ApprovedApp, ConnectedApp
from casewell.patients.models import Patient
from casewell.records.keys import Key, moving_keys
from casewell.tenancy.fields import AccountField
from tests.connections.world import approved, button
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice

NUMBERS = count(1)
OF_TYPE: dict[str, Any] = {
    "DateField": date(2026, 3, 3),
    "DateTimeField": NOON,
    "TimeField": NOON.time(),
    "DecimalField": Decimal(0),
    "BooleanField": False,
    "JSONField": {},
    "DurationField": None,
}
# What a table's own checks want of a row.
WANTED: dict[str, dict[str, Any]] = {
    "invoices.payment": {"amount": Decimal(5)},
    "waiting.waitingentry": {"outcome": ""},
}
# A row that is only one with what it belongs to, though the column may be empty.
BELONGS: dict[str, tuple[str, ...]] = {"invoices.allocation": ("payment",)}


@dataclass
class Rows:
    """One row for each key that leads to a patient; `known` are records to refer to."""

    practice: Practice
    patient: Patient
    known: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        case = self.practice.case(patient=self.patient)
        visit = self.practice.attend(case)
        app = ApprovedApp.objects.first() or approved()
        self.known |= {
            Patient: self.patient,
            PatientCase: case,
            Attendee: visit,
            Booking: visit.booking,
            User: self.practice.member.user,
            Business: self.practice.business,
            Practitioner: self.practice.amy,
            AppointmentType: self.practice.standard,
            ApprovedApp: app,
            ConnectedApp: self.practice.account.connected_apps.first() or button(self.practice),
        }

    def make_all(self) -> dict[str, Any]:
        """A row by each key's name, in an order in which each finds what it belongs to."""
        return {name: self.of(key) for name, key in moving_keys().items()}

    def of(self, key: Key) -> Any:
        """The row of this patient by that key; other keys of the table lead to somebody else."""
        if key.model in (PatientCase, Attendee):  # are there from the start
            return self.known[key.model]
        others = {
            name: self.practice.patient("Some", "Body")
            for name in self._patients_in(key.model)
            if name != key.field.name
        }
        row = self.made(key.model, **others, **{key.field.name: self.patient})
        self.known.setdefault(key.model, row)
        return row

    def made(self, model: Any, **values: Any) -> Any:
        """A row of that model, whatever it needs made as well."""
        label = model._meta.label_lower
        values = WANTED.get(label, {}) | values
        for each in model._meta.local_fields:
            if each.name not in values and self._is_needed(each, label):
                values[each.name] = self._value(each)
        return model.objects.create(**values)

    def _is_needed(self, each: Any, label: str) -> bool:
        if each.name in BELONGS.get(label, ()):
            return True
        made = each.primary_key or isinstance(each, AccountField)
        made = made or getattr(each, "auto_now", False) or getattr(each, "auto_now_add", False)
        return not (made or each.null or each.has_default())

    def _value(self, each: Any) -> Any:
        if each.is_relation:
            model = each.related_model
            if model not in self.known:
                self.known[model] = self.made(model)
            return self.known[model]
        if each.choices:
            return each.flatchoices[0][0]
        kind = each.get_internal_type()
        if kind in OF_TYPE:
            return OF_TYPE[kind]
        number = next(NUMBERS)
        return number if isinstance(each, models.IntegerField) else f"x{number}"

    def _patients_in(self, model: Any) -> list[str]:
        """The keys of that model which lead to patients and may not be empty."""
        keys = [key for key in moving_keys().values() if key.model is model]
        return [key.field.name for key in keys if not key.field.null]


def owned_by(patient: Patient) -> dict[str, set[int]]:
    """The ids of all rows that lead to this patient, by the names of their keys."""
    found = {
        name: set(key.rows(patient.pk).values_list("pk", flat=True))
        for name, key in moving_keys().items()
    }
    return {name: ids for name, ids in found.items() if ids}


def contents_of(*patients: Patient) -> dict[str, list[Any]]:
    """All that the rows of these patients say, but for when they were changed last."""
    found = {}
    for name, key in moving_keys().items():
        rows = key.rows(*(one.pk for one in patients)).order_by("pk").values()
        found[name] = [{k: v for k, v in row.items() if k != "updated_at"} for row in rows]
    return found
