"""Which columns of the practice's tables name a patient, and what becomes of each in a merge.

They are found, not listed, so that no table is forgotten; what is listed are the decisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, UniqueConstraint

from casewell.patients.models import Patient
from casewell.tenancy.fields import TenantForeignKey, is_tenant, tenant_foreign_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

# What does not move, and why: the table of docs/architecture.md#merging.
STAYS = {
    "patients.patientword.record": "each of the two is found by its own words",
    "patients.patient.merged_with": "who was merged into whom stays as it was",
    "records.merge.kept": "who was merged into whom stays as it was",
    "records.merge.gone": "who was merged into whom stays as it was",
}
# What is unique for each patient, where both have such a row: then the other one's stays where it
# is, unless it is put away before. Each says what the practice sees of it.
PUT_AWAY = {"patient_once_in_booking", "candidate_once_in_class"}
COLLISIONS = {
    "patient_once_in_booking": "of two places in one booking, one is archived",
    "candidate_once_in_class": "nobody waits for a class twice, or for one they are in",
    "one_source_of_patient": "how the one that stays came is kept",
}


@dataclass(frozen=True)
class Key:
    """A column by which the rows of a table belong to a patient, or name one."""

    model: Any
    field: TenantForeignKey[Any, Any]

    @property
    def name(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field.name}"

    @property
    def column(self) -> str:
        return str(self.field.column)

    @property
    def parents(self) -> list[TenantForeignKey[Any, Any]]:
        """Relations to records that must be of the same patient, by the database's own keys."""
        keys = tenant_foreign_keys(self.model)
        return [field for field in keys if self.field.name in field.together]

    @property
    def constraints(self) -> list[UniqueConstraint]:
        """What may be there once for each patient; its key, which names the row itself, apart."""
        unique = [c for c in self.model._meta.constraints if isinstance(c, UniqueConstraint)]
        return [one for one in unique if self.field.name in one.fields and "id" not in one.fields]

    def rows(self, *patients: int) -> QuerySet[Any]:
        found: QuerySet[Any] = self.model.objects.filter(**{f"{self.field.attname}__in": patients})
        return found

    def moving(self, kept: int, gone: int) -> QuerySet[Any]:
        """The rows of `gone` that can be those of `kept`."""
        rows = self.rows(gone)
        for other in keys_of(self.model):
            if other != self:  # nobody is their own relative
                rows = rows.exclude(**{other.field.attname: kept})
        for constraint in self.constraints:
            if constraint.name not in PUT_AWAY:
                rows = rows.exclude(self._there_already(constraint, kept))
        return rows

    def _there_already(self, constraint: UniqueConstraint, kept: int) -> Q:
        others = set(constraint.fields) - {"account", self.field.name}
        same = {name: OuterRef(name) for name in others}
        condition = constraint.condition or Q()
        return condition & Q(Exists(self.rows(kept).filter(condition, **same)))


@cache
def all_keys() -> tuple[Key, ...]:
    """Each column of a tenant table that refers to a patient."""
    return tuple(_found())


def _found() -> Iterator[Key]:
    for model in apps.get_models():
        if is_tenant(model):
            for field in tenant_foreign_keys(model):
                if field.remote_field.model is Patient:
                    yield Key(model, field)


@cache
def moving_keys() -> dict[str, Key]:
    """Those whose rows move, by their names."""
    return {key.name: key for key in all_keys() if key.name not in STAYS}


def keys_of(model: Any) -> list[Key]:
    return [key for key in moving_keys().values() if key.model is model]


def key_of(parent: TenantForeignKey[Any, Any], key: Key) -> str:
    """The name of the key by which the record that `parent` leads to has its patient."""
    return f"{parent.remote_field.model._meta.label_lower}.{key.field.name}"


@cache
def parent_keys() -> frozenset[str]:
    """The names of keys whose rows others are of."""
    keys = moving_keys().values()
    return frozenset(key_of(field, key) for key in keys for field in key.parents)
