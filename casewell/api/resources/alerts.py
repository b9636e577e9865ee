"""Medical alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref, Text1To255, key_of
from casewell.api.errors import Invalid
from casewell.api.filters import Number
from casewell.api.resource import Listing, hidden_list, usual_filters
from casewell.api.rows import Id, Link, Moment, Of, Row, SelfLink, To
from casewell.api.writing import Writable, errors_of, one_of
from casewell.patients.forms import AlertForm
from casewell.patients.models import MedicalAlert

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.patients.models import Patient

OF_PATIENT: Any = {
    "within": "patients",
    "of": "patient_id",
    "lacks": frozenset({"patient_id"}),
}


class MedicalAlertRow(Row):
    id: Id
    name: str
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    patient: Annotated[Link, To("patients", "patient_id")]
    links: SelfLink


class MedicalAlertBody(Body):
    required = ("name", "patient_id")

    name: Text1To255
    patient_id: Ref


class MedicalAlerts(Writable):
    name = "medical_alerts"
    row = MedicalAlertRow
    body = MedicalAlertBody
    reads = Permission.SEE_PATIENTS
    creates = changes = removes = Permission.EDIT_PATIENTS
    lists = (
        Listing(),
        hidden_list("deleted"),
        Listing(**OF_PATIENT),
        hidden_list("deleted", **OF_PATIENT),
    )
    filters: ClassVar = usual_filters(patient_id=Number())

    def queryset(self, account: Account) -> QuerySet[MedicalAlert]:
        return account.medical_alerts.all()

    def records(self, account: Account) -> QuerySet[MedicalAlert]:
        return account.medical_alerts.all()

    def create_record(self, call: Call, values: dict[str, Any]) -> MedicalAlert:
        patient, name = self._meant(call, values)
        return MedicalAlert.raise_for(patient, name, by=call.actor)

    def update_record(
        self, call: Call, record: MedicalAlert, values: dict[str, Any]
    ) -> MedicalAlert:
        sent = {"name": record.name, "patient_id": record.patient_id} | values
        patient, name = self._meant(call, sent, keeps=record.patient_id)
        record.put_right(name, patient, by=call.actor)
        return record

    def _meant(
        self, call: Call, values: dict[str, Any], keeps: int | None = None
    ) -> tuple[Patient, str]:
        """The patient, who may be archived where the alert is theirs already, and the words.

        Raises Invalid.
        """
        form = AlertForm(values)
        if not form.is_valid():
            raise Invalid(errors_of(form, self.body))
        patients = call.account.patients.all()
        if key_of(values["patient_id"]) != keeps:
            patients = patients.live()
        return one_of(patients, values["patient_id"], "patient_id"), form.cleaned_data["name"]
