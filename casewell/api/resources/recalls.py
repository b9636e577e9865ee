"""Recalls and their types."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref, Text1To255
from casewell.api.errors import Invalid
from casewell.api.filters import Number
from casewell.api.resource import usual_filters
from casewell.api.rows import Day, Id, Link, Moment, Of, Row, SelfLink, To
from casewell.api.values import moment_in
from casewell.api.writing import Writable
from casewell.audit.archiving import archive
from casewell.recalls.forms import RecallAsSent, RecallTypeForm

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

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


# A program that sends back what it read sends a day.
MomentOrDay = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]


class RecallBody(Body):
    """A time is sent, and its day where the practice is comes back."""

    required = ("patient_id", "recall_at", "recall_type_id")
    into: ClassVar = {"recall_at": "recall_date"}

    note: str
    patient_id: Ref
    recall_at: MomentOrDay
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
        if sent := values.get("recall_at"):
            values = values | {"recall_at": day_of(sent, call.account.zone)}
        return super().saved(call, record, values, **options)

    def update_record(self, call: Call, record: Recall, values: dict[str, Any]) -> Any:
        # Whose recall it is stays; the contract has it in new ones alone.
        kept = {name: value for name, value in values.items() if name != "patient_id"}
        return super().update_record(call, record, kept)


def day_of(sent: str, zone: ZoneInfo) -> date:
    """The day itself or, of a time, the day that it is there. Raises Invalid."""
    try:
        if len(sent) == len("2026-03-03"):
            return date.fromisoformat(sent)
        return moment_in(sent).astimezone(zone).date()
    except (ValueError, OverflowError) as error:
        raise Invalid({"recall_at": "must be a date and time in ISO 8601"}) from error
