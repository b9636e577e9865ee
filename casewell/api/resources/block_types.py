"""Types of unavailable blocks: why time is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Text255
from casewell.api.resource import usual_filters
from casewell.api.rows import Always, Id, Moment, Row, SelfLink
from casewell.api.writing import Writable
from casewell.appointments.setting_up import BlockTypeForm
from casewell.audit.archiving import archive

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.appointments.models import UnavailableBlockType


class BlockTypeRow(Row):
    id: Id
    name: str
    color: str
    duration_in_minutes: int
    # A practice may change and archive each of its reasons.
    system_controlled: Annotated[bool, Always(value=False)]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    links: SelfLink


class BlockTypeBody(Body):
    required = ("color", "duration_in_minutes", "name")

    name: Text255
    color: str
    duration_in_minutes: int


class UnavailableBlockTypes(Writable):
    name = "unavailable_block_types"
    row = BlockTypeRow
    body = BlockTypeBody
    form = BlockTypeForm
    reads = Permission.SEE_CALENDAR
    creates = changes = removes = Permission.EDIT_SETTINGS
    deletes = False
    filters: ClassVar = usual_filters(deleted=False)

    def queryset(self, account: Account) -> QuerySet[UnavailableBlockType]:
        return account.unavailable_block_types.all()

    def records(self, account: Account) -> QuerySet[UnavailableBlockType]:
        return account.unavailable_block_types.all()

    def archive_record(self, call: Call, record: Any) -> None:
        archive(record, by=call.actor)
