"""When practitioners are there: each week's hours, and extra hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Ref
from casewell.api.bodies import Moment as SentMoment
from casewell.api.errors import Forbidden, Invalid
from casewell.api.filters import Kind, Moment, Number
from casewell.api.resource import USUAL_FILTERS, Listing, Resource
from casewell.api.rows import From, Id, Link, Of, Row, SelfLink, To
from casewell.api.rows import Moment as MomentOf
from casewell.api.writing import Writable
from casewell.availability.forms import BlockForm
from casewell.availability.models import MOST, AvailabilityBlock
from casewell.lib.zone_names import short_name

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.availability.models import DailyAvailability

STAYS: dict[str, Kind] = {n: k for n, k in USUAL_FILTERS.items() if n != "archived_at"}
OF_SOMEBODY: dict[str, Kind] = {"business_id": Number(), "practitioner_id": Number()}


class TimesOfDay(msgspec.Struct):
    """From one time of day to another, on the business's clocks."""

    starts_at: str
    ends_at: str


def times_of(spans: list[list[str]]) -> list[TimesOfDay]:
    """The spans of a day as the contract has them."""
    return [TimesOfDay(start, end) for start, end in spans]


class DailyAvailabilityRow(Row):
    id: Id
    day_of_week: Annotated[int, msgspec.Meta(ge=0, le=6, description="Sunday is 0.")]
    availabilities: Annotated[list[TimesOfDay], Of("spans", times_of)]
    time_zone: Annotated[str, Of("business__time_zone", short_name)]
    time_zone_identifier: Annotated[str, Of("business__time_zone")]
    created_at: MomentOf
    updated_at: MomentOf
    business: Annotated[Link, To("businesses", "business_id")]
    practitioner: Annotated[Link, To("practitioners", "practitioner_id")]
    links: SelfLink


class DailyAvailabilities(Resource):
    """The days of each practitioner's own week at a business; none where opening hours hold."""

    name = "daily_availabilities"
    item = "daily_availability"
    row = DailyAvailabilityRow
    reads = Permission.SEE_CALENDAR
    hides = ()
    lists = (
        Listing(),
        Listing(
            within="businesses",
            of="business_id",
            lacks=frozenset({"business_id"}),
            older=False,
        ),
        Listing(
            within="practitioners",
            of="practitioner_id",
            lacks=frozenset({"practitioner_id"}),
            older=False,
        ),
    )
    filters: ClassVar = STAYS | OF_SOMEBODY

    def queryset(self, account: Account) -> QuerySet[DailyAvailability]:
        return account.daily_availabilities.all()


class RepeatRule(msgspec.Struct):
    """How extra hours come again: after so many days, weeks or months, so many times."""

    repeat_type: str
    repeating_interval: int
    number_of_repeats: int


def rule_of(kind: str, every: int, times: int) -> RepeatRule | None:
    """The rule of a block; None where it comes once."""
    return RepeatRule(kind, every, times) if kind else None


class AvailabilityBlockRow(Row):
    id: Id
    starts_at: MomentOf
    ends_at: MomentOf
    repeat_rule: Annotated[
        RepeatRule | None,
        From(("repeat_type", "repeating_interval", "number_of_repeats"), rule_of),
    ]
    created_at: MomentOf
    updated_at: MomentOf
    business: Annotated[Link, To("businesses", "business_id")]
    practitioner: Annotated[Link, To("practitioners", "practitioner_id")]
    links: SelfLink


class AvailabilityBlockBody(Body):
    required = ("business_id", "ends_at", "practitioner_id", "starts_at")

    starts_at: SentMoment
    ends_at: SentMoment
    business_id: Ref
    practitioner_id: Ref
    repeat_rule: dict[str, Any] | None


class AvailabilityBlocks(Writable):
    """Extra hours. They are taken back on the page of availability; then they are here no more."""

    name = "availability_blocks"
    row = AvailabilityBlockRow
    body = AvailabilityBlockBody
    form = BlockForm
    reads = Permission.SEE_CALENDAR
    creates = Permission.OWN_AVAILABILITY
    hides = ()
    filters: ClassVar = STAYS | OF_SOMEBODY | {"starts_at": Moment()}

    def queryset(self, account: Account) -> QuerySet[AvailabilityBlock]:
        rows: Any = account.availability_blocks
        live: QuerySet[AvailabilityBlock] = rows.live()
        return live

    def records(self, account: Account) -> QuerySet[AvailabilityBlock]:
        return self.queryset(account)

    def create_record(self, call: Call, values: dict[str, Any]) -> Any:
        self._refuse_others(call, values)
        record = self.new(call, values)
        for name, value in rule_in(values.pop("repeat_rule", None)).items():
            setattr(record, name, value)
        return self.saved(call, record, values)

    def _refuse_others(self, call: Call, values: dict[str, Any]) -> None:
        """Raise Forbidden for another's hours, where the key's user may change their own."""
        if call.member.may(Permission.EDIT_AVAILABILITY):
            return
        mine = call.account.practitioners.filter(user_id=call.member.user_id)
        if not mine.filter(pk=int(values["practitioner_id"])).exists():
            raise Forbidden(Permission.EDIT_AVAILABILITY.label)


def rule_in(sent: dict[str, Any] | None) -> dict[str, Any]:
    """The rule that was sent, as the model's fields; an empty one is none. Raises Invalid."""
    if not sent or not any(sent.values()):
        return {"repeating_interval": 1, "number_of_repeats": 0, "repeat_type": ""}
    kind, every, times = (
        sent.get(name) for name in ("repeat_type", "repeating_interval", "number_of_repeats")
    )
    if kind not in AvailabilityBlock.Repeat.values:
        raise Invalid({"repeat_rule": "repeat_type must be Daily, Weekly or Monthly"})
    for name, number in (("repeating_interval", every or 1), ("number_of_repeats", times)):
        if type(number) is not int or not 0 < number <= MOST:
            raise Invalid({"repeat_rule": f"{name} must be a number from 1 to {MOST}"})
    return {"repeat_type": kind, "repeating_interval": every or 1, "number_of_repeats": times}
