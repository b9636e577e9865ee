"""Communications: messages as they were sent, and memos, which alone are written and changed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from django.db.models import Case, Q, Value, When

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref
from casewell.api.filters import Number
from casewell.api.layouts import ByKind
from casewell.api.resource import usual_filters
from casewell.api.rows import Id, Link, Moment, Of, Row, SelfLink, To
from casewell.api.writing import Writable
from casewell.letters.memos import MemoForm, refuse_unless_memo
from casewell.letters.models import Communication

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call

WAYS: dict[int, str] = {code: str(word) for code, word in Communication.Way.choices}
DIRECTIONS: dict[int, str] = {code: str(word) for code, word in Communication.Direction.choices}
CATEGORIES: dict[int, str] = {code: str(word) for code, word in Communication.Category.choices}
MEMO = Communication.Category.MEMO.value
IS_MEMO = Q(category_code=None) | Q(category_code=MEMO)


class MemoRow(Row):
    """What somebody noted by hand."""

    id: Id
    category: Annotated[str | None, Of("category_code", CATEGORIES.get)]
    category_code: int | None
    type: Annotated[str | None, Of("type_code", WAYS.get)]
    type_code: int | None
    direction_code: int | None
    direction_description: Annotated[str | None, Of("direction_code", DIRECTIONS.get)]
    from_: Annotated[str | None, Of("sender")]
    to: Annotated[str | None, Of("recipient")]
    content: str | None
    confidential: bool | None
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    patient: Annotated[Link, To("patients", "patient_id")]
    links: SelfLink


class SmsRow(Row):
    """A text message."""

    id: Id
    category: Annotated[str | None, Of("category_code", CATEGORIES.get)]
    category_code: int | None
    type: Annotated[str | None, Of("type_code", WAYS.get)]
    type_code: int | None
    direction_code: int | None
    direction_description: Annotated[str | None, Of("direction_code", DIRECTIONS.get)]
    from_: Annotated[str | None, Of("sender")]
    to: Annotated[str | None, Of("recipient")]
    content: str | None
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    attendee: Annotated[Link | None, To("attendees", "attendee_id")]
    booking: Annotated[Link | None, To("bookings", "attendee__booking_id")]
    invoice: Annotated[Link | None, To("invoices", "invoice_id")]
    letter: Annotated[Link | None, To("letters", "letter_id")]
    patient: Annotated[Link, To("patients", "patient_id")]
    payment: Annotated[Link | None, To("payments", "payment_id")]
    links: SelfLink


class EmailRow(SmsRow):
    """An e-mail."""

    content_subject: Annotated[str | None, Of("subject")]


class CommunicationBody(Body):
    """A memo."""

    required = (
        *("patient_id", "type_code", "direction_code"),
        *("from", "to", "content", "confidential"),
    )
    into: ClassVar = {"from": "sender", "to": "recipient"}

    patient_id: Ref
    category_code: Literal[12] | None
    type_code: Literal[1, 2, 3, 4] | None
    direction_code: Literal[1, 2] | None
    from_: str | None
    to: str | None
    content: str | None
    confidential: bool | None


ROWS: dict[str, type[Row]] = {"memo": MemoRow, "email": EmailRow, "sms": SmsRow}


class Communications(Writable):
    name = "communications"
    body = CommunicationBody
    form = MemoForm
    reads = Permission.SEE_LETTERS
    creates = changes = removes = Permission.WRITE_LETTERS
    deletes = False
    filters: ClassVar = usual_filters(
        category_code=Number(),
        letter_id=Number(),
        patient_id=Number(),
        type_code=Number(),
    )

    @cached_property
    def layout(self) -> ByKind:
        return ByKind(ROWS, "kind", self.name)

    @property
    def row_types(self) -> tuple[type[Row], ...]:
        return tuple(ROWS.values())

    def queryset(self, account: Account) -> QuerySet[Communication]:
        kinds = (
            When(IS_MEMO, then=Value("memo")),
            When(type_code=Communication.Way.SMS, then=Value("sms")),
        )
        return self.counted(account).annotate(kind=Case(*kinds, default=Value("email")))

    def counted(self, account: Account) -> QuerySet[Communication]:
        return account.communications.all()

    def records(self, account: Account) -> QuerySet[Communication]:
        return account.communications.all()

    def new(self, call: Call, values: dict[str, Any]) -> Communication:
        return Communication(account=call.account, category_code=MEMO)

    def update_record(self, call: Call, record: Communication, values: dict[str, Any]) -> Any:
        refuse_unless_memo(record)
        return super().update_record(call, record, values)
