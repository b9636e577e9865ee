"""Concession types."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Text255
from casewell.api.resource import usual_filters
from casewell.api.rows import Id, Moment, Row, SelfLink
from casewell.api.writing import Writable
from casewell.patients.forms import ConcessionTypeForm

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.patients.models import ConcessionType


class ConcessionTypeRow(Row):
    id: Id
    name: str
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    links: SelfLink


class ConcessionTypeBody(Body):
    required = ("name",)

    name: Text255


class ConcessionTypes(Writable):
    name = "concession_types"
    row = ConcessionTypeRow
    body = ConcessionTypeBody
    form = ConcessionTypeForm
    reads = Permission.SEE_PATIENTS
    creates = changes = Permission.EDIT_SETTINGS
    filters: ClassVar = usual_filters(deleted=False)

    def queryset(self, account: Account) -> QuerySet[ConcessionType]:
        return account.concession_types.all()

    def records(self, account: Account) -> QuerySet[ConcessionType]:
        return account.concession_types.all()
