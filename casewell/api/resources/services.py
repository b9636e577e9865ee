"""Services: what can be had where, and with whom. No records: they follow from what is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, OuterRef, Q

from casewell.accounts.roles import Permission
from casewell.api.resource import Listing, Resource
from casewell.api.resources.businesses import Among
from casewell.api.rows import Link, Row, To, ToEach

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.api.statements import Shape

OFFERED = "practitioner__appointment_type_links__appointment_type"


class ServiceRow(Row):
    appointment_type: Annotated[Link, To("appointment_types", "type_id")]
    business: Annotated[Link, To("businesses", "business_id")]
    practitioners: Annotated[list[Link], ToEach("practitioners", "practitioner_ids")]


class Services(Resource):
    """Each type at each business where somebody who offers it works, in the order of types."""

    name = "services"
    row = ServiceRow
    reads = Permission.SEE_CALENDAR
    hides = ()
    has_items = False
    lists = (Listing(), Listing(within="businesses", of="business_id"))
    filters: ClassVar = {}

    def queryset(self, account: Account) -> QuerySet[Any, Any]:
        places = account.practitioner_businesses.filter(
            Q(business__appointment_type_ids=None)
            | Q(Among(F(OFFERED), F("business__appointment_type_ids"))),
            business__archived_at=None,
            practitioner__active=True,
            **{f"{OFFERED}__isnull": False, f"{OFFERED}__archived_at": None},
        )
        named = account.appointment_type_businesses.filter(appointment_type=OuterRef(OFFERED))
        offered_there = ~Exists(named) | Exists(named.filter(business=OuterRef("business")))
        rows = places.filter(offered_there).values("business_id", type_id=F(OFFERED))
        return rows.annotate(
            practitioner_ids=ArrayAgg("practitioner_id", order_by="practitioner_id")
        ).order_by("type_id", "business_id")

    def _page(self, call: Call, shape: Shape, values: dict[str, Any]) -> tuple[Any, int]:
        """All of them are found in one statement: a practice has as many as it sets up."""
        rows = self.queryset(call.account)
        if call.ids:
            rows = rows.filter(business=call.ids[0])
        found = list(rows.values_list(*self.layout.columns[1:]))
        if not found:
            self._require_parent(call, shape.listing)
        before = (call.page - 1) * call.per_page
        page = found[before : before + call.per_page]
        return [(None, *row) for row in page], len(found)
