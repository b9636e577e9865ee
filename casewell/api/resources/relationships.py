"""Relationships between patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from django import forms

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref
from casewell.api.filters import Number
from casewell.api.resource import usual_filters
from casewell.api.rows import Id, Link, Moment, Of, Row, SelfLink, To
from casewell.api.writing import Writable
from casewell.audit.forms import RecordForm
from casewell.patients.models import Patient, Relationship

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account

UNKNOWN: Any = {"invalid_choice": "must exist"}


def described(relation: int) -> str:
    """The contract's word for a relation."""
    return str(Relationship.Relation(relation).label)


class RelationshipRow(Row):
    id: Id
    relation: int
    relation_description: Annotated[str, Of("relation", described)]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    patient: Annotated[Link, To("patients", "patient_id")]
    related_patient: Annotated[Link, To("patients", "related_patient_id")]
    links: SelfLink


class RelationshipBody(Body):
    required = ("patient_id", "related_patient_id", "relation")

    patient_id: Ref
    related_patient_id: Ref
    relation: Literal[10, 20, 30, 40, 50, 60, 70]


class RelationshipAsSent(RecordForm[Relationship]):
    """Two patients who are here, and what the second is to the first."""

    patient = forms.ModelChoiceField(Patient.objects.live(), error_messages=UNKNOWN)
    related_patient = forms.ModelChoiceField(Patient.objects.live(), error_messages=UNKNOWN)

    class Meta:
        model = Relationship
        fields: ClassVar = ["patient", "related_patient", "relation"]


class Relationships(Writable):
    name = "relationships"
    row = RelationshipRow
    body = RelationshipBody
    form = RelationshipAsSent
    reads = Permission.SEE_PATIENTS
    creates = changes = removes = Permission.EDIT_PATIENTS
    deletes = False
    filters: ClassVar = usual_filters(deleted=False, patient_id=Number())

    def queryset(self, account: Account) -> QuerySet[Relationship]:
        return account.relationships.all()

    def records(self, account: Account) -> QuerySet[Relationship]:
        return account.relationships.all()
