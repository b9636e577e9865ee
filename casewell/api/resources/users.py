"""Users: the members of a practice, as people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from django.db.models import Case, F, Q, Value, When

from casewell.accounts.models import User
from casewell.accounts.roles import Permission
from casewell.api.calls import Answer
from casewell.api.phones import PhoneNumber
from casewell.api.resource import USUAL_FILTERS, Resource
from casewell.api.routes import Route
from casewell.api.rows import Always, Id, Moment, Of, Row, SelfLink
from casewell.lib.zone_names import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call


class UserRow(Row):
    id: Id
    title: str | None
    first_name: str
    last_name: str
    email: str
    role: str | None
    active: Annotated[bool, Of("user_active")]
    user_active: bool
    phone_numbers: Annotated[list[PhoneNumber], Always([])]
    time_zone: Annotated[str, Of("zone", short_name)]
    time_zone_identifier: Annotated[str | None, Of("zone")]
    created_at: Moment
    updated_at: Moment
    links: SelfLink


class Users(Resource):
    name = "users"
    row = UserRow
    reads = Permission.SEE_CALENDAR
    hides = ()
    filters: ClassVar = {n: k for n, k in USUAL_FILTERS.items() if n != "archived_at"}

    def queryset(self, account: Account) -> QuerySet[User]:
        comes_in = Q(memberships__active=True, is_active=True)
        return self.counted(account).annotate(
            role=F("memberships__role"),
            zone=F("memberships__account__time_zone"),
            user_active=Case(When(comes_in, Value(True)), default=Value(False)),
        )

    def counted(self, account: Account) -> QuerySet[User]:
        return User.objects.filter(memberships__account=account)

    def further(self) -> Iterator[Route]:
        yield Route("GET", "user", self.own, self, "read")

    def own(self, call: Call) -> Answer:
        """The key's own user."""
        return Answer(200, self.one(call, call.member.user_id))
