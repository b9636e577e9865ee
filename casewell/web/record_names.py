"""What records are called, many kinds of them in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import CharField, F, QuerySet, Value

from casewell.accounts.models import Business, Practitioner, User
from casewell.appointments.models import AppointmentType, UnavailableBlockType
from casewell.cases.models import PatientCase
from casewell.connections.models import AppLaunch
from casewell.contacts.models import Contact
from casewell.invoices.models import PaymentType
from casewell.letters.models import Letter, LetterTemplate
from casewell.patients.models import (
    ConcessionType,
    MedicalAlert,
    Patient,
    PatientAttachment,
    ReferralSourceType,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.models import Model

# The words for a record, by its model's label and its id.
Names = dict[tuple[str, int], str]
# By which columns a record is called; its own `str()` puts them together.
NAMED_BY: dict[type[Model], tuple[str, ...]] = {
    Contact: ("title", "first_name", "last_name", "company_name"),
    Patient: ("first_name", "last_name", "preferred_first_name"),
    User: ("first_name", "last_name"),
    Practitioner: ("first_name", "last_name"),
    Business: ("business_name",),
    PatientCase: ("name",),
    AppointmentType: ("name",),
    UnavailableBlockType: ("name",),
    ConcessionType: ("name",),
    ReferralSourceType: ("name",),
    PaymentType: ("name",),
    MedicalAlert: ("name",),
    PatientAttachment: ("filename",),
    AppLaunch: ("app_name",),
    Letter: ("title",),
    LetterTemplate: ("name",),
}
COLUMNS = max(len(columns) for columns in NAMED_BY.values())


def names_of(wanted: Mapping[type[Model], Collection[int]]) -> Names:
    """The names of those records, by their ids; models that have no name are left out."""
    parts = [_called(model, keys) for model, keys in wanted.items() if keys and model in NAMED_BY]
    if not parts:
        return {}
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return {(label, key): _name(label, texts) for label, key, *texts in rows}


def _name(label: str, texts: list[str]) -> str:
    model = apps.get_model(label)
    return str(model(**dict(zip(NAMED_BY[model], texts, strict=False))))


def _called(model: type[Model], keys: Collection[int]) -> QuerySet[Any, Any]:
    """The model's label, the id and the columns of the name, filled up to `COLUMNS`."""
    columns: list[Any] = [F(name) for name in NAMED_BY[model]]
    columns += [Value("", output_field=CharField())] * (COLUMNS - len(columns))
    parts = {f"part_{number}": column for number, column in enumerate(columns)}
    label = Value(model._meta.label_lower, output_field=CharField())
    rows: Any = model._default_manager.filter(pk__in=keys)
    named: QuerySet[Any, Any] = rows.annotate(of_model=label, **parts)
    return named.values_list("of_model", "pk", *parts)
