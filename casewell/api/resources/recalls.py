"""Recalls and their types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref, Text1To255
from casewell.api.bodies import Moment as MomentSent
from casewell.api.filters import Number
from casewell.api.resource import usual_filters
from casewell.api.rows import Day, Id, Link, Moment, Of, Row, SelfLink, To
from casewell.api.writing import Writable
from casewell.audit.archiving import archive
from casewell.recalls.forms import RecallAsSent, RecallTypeForm

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.recalls.models import Recall, RecallType


class RecallTypeRow(Row):
    id: Id
    name: str
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    links: SelfLink


class RecallTypeBody(Body):
    required = ("name",)

    name: Text1To255


class RecallTypes(Writable):
    name = "recall_types"
    row = RecallTypeRow
    body = RecallTypeBody
    form = RecallTypeForm
    reads = Permission.SEE_PATIENTS
    creates = changes = removes = Permission.EDIT_SETTINGS
    deletes = False
    filters: ClassVar = usual_filters(deleted=False)

    def queryset(self, account: Account) -> QuerySet[RecallType]:
        return account.recall_types.all()

    def records(self, account: Account) -> QuerySet[RecallType]:
        return account.recall_types.all()

    def archive_record(self, call: Call, record: RecallType) -> None:
        archive(record, by=call.actor)


class RecallRow(Row):
    id: Id
    note: str | None
    recall_at: Annotated[Day, Of("recall_date")]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    patient: Annotated[Link, To("patients", "patient_id")]
    recall_type: Annotated[Link, To("recall_types", "recall_type_id")]
    links: SelfLink


class RecallBody(Body):
    """A time is sent, and its day where the practice is comes back."""

    required = ("patient_id", "recall_at", "recall_type_id")
    into: ClassVar = {"recall_at": "recall_date"}

    note: str
    patient_id: Ref
    recall_at: MomentSent
    recall_type_id: Ref


class Recalls(Writable):
    name = "recalls"
    row = RecallRow
    body = RecallBody
    form = RecallAsSent
    reads = Permission.SEE_PATIENTS
    creates = changes = removes = Permission.EDIT_PATIENTS
    deletes = False
    filters: ClassVar = usual_filters(deleted=False, patient_id=Number())

    def queryset(self, account: Account) -> QuerySet[Recall]:
        return account.recalls.all()

    def records(self, account: Account) -> QuerySet[Recall]:
        return account.recalls.all()

    def saved(self, call: Call, record: Recall, values: dict[str, Any], **options: Any) -> Any:
        moment: datetime | None = values.get("recall_at")
        if moment:
            values = values | {"recall_at": moment.astimezone(call.account.zone).date()}
        return super().saved(call, record, values, **options)

    def update_record(self, call: Call, record: Recall, values: dict[str, Any]) -> Any:
        # Whose recall it is stays; the contract has it in new ones alone.
        kept = {name: value for name, value in values.items() if name != "patient_id"}
        return super().update_record(call, record, kept)
