"""Time that is not for patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from casewell.api.bodies import Body, Ref
from casewell.api.bodies import Moment as SentMoment
from casewell.api.filters import Moment, Number
from casewell.api.resource import Listing, hidden_list, usual_filters
from casewell.api.resources.booking_rows import BlockRow
from casewell.api.resources.booking_writing import (
    BookingResource,
    Note,
    moved,
    span_of,
)
from casewell.api.resources.repeat_rules import (
    REPEATED_FROM,
    RepeatRule,
    refuse_another_rule,
    repeat,
    rule_in,
)
from casewell.appointments.models import Booking, UnavailableBlockType
from casewell.appointments.models.blocking import set_reason

if TYPE_CHECKING:
    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.appointments.models import BookingQuerySet

REASON = "unavailable_block_type"
PLACES = ("business_id", "practitioner_id")


class BlockBody(Body):
    required = ("business_id", "ends_at", "practitioner_id", "starts_at")

    starts_at: SentMoment
    ends_at: SentMoment
    business_id: Ref
    practitioner_id: Ref
    unavailable_block_type_id: Ref | None
    notes: Note | None
    repeat_rule: RepeatRule | None


class UnavailableBlocks(BookingResource):
    name = "unavailable_blocks"
    row = BlockRow
    body = BlockBody
    lists = (Listing(), hidden_list("deleted"))
    filters: ClassVar = usual_filters(
        starts_at=Moment(),
        ends_at=Moment(),
        business_id=Number(),
        practitioner_id=Number(),
        unavailable_block_type_id=Number(),
        repeated_from_id=REPEATED_FROM,
    )
    kinds: ClassVar = {f"{REASON}_id": UnavailableBlockType.objects.filter(archived_at=None)}

    def queryset(self, account: Account) -> BookingQuerySet:
        rows: BookingQuerySet = account.bookings.filter(kind=Booking.Kind.BLOCK)
        return rows

    def records(self, account: Account) -> BookingQuerySet:
        return self.queryset(account).select_related("business", "practitioner")

    def create_record(self, call: Call, values: dict[str, Any]) -> Booking:
        rule = rule_in(values)
        chosen = self.chosen(without_nothing(values), {})
        span = span_of(values["starts_at"], values["ends_at"])
        notes = values.get("notes") or ""
        block = Booking(
            account=call.account, kind=Booking.Kind.BLOCK, notes=notes, **chosen, **span
        )
        if rule:
            repeat(call, block, rule)
        else:
            block.block(by=call.actor)
        return block

    def update_record(self, call: Call, record: Booking, values: dict[str, Any]) -> None:
        rule = refuse_another_rule(record, values)
        known = {name: getattr(record, name) for name in (*PLACES, f"{REASON}_id")}
        chosen = self.chosen(without_nothing(values), known)
        reason = chosen.pop(REASON, None)
        places = chosen | moved(record, values, record.ends_at - record.starts_at)
        if places:
            record.move(by=call.actor, **places)
        if reason or values.get(f"{REASON}_id", "") is None:
            set_reason(record, reason, by=call.actor)
        if "notes" in values:
            record.set_notes(values["notes"] or "", by=call.actor)
        if rule:
            repeat(call, record, rule)


def without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    """The properties without that of a reason that is none."""
    return {n: v for n, v in values.items() if n != f"{REASON}_id" or v is not None}
