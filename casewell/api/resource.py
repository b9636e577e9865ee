"""A resource: what is declared of it, and the reading that follows from that."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q
from django.utils import timezone

from casewell.api.calls import Answer
from casewell.api.errors import BadRequest, NotThere
from casewell.api.filters import Moment, Number, asked_in, values_of
from casewell.api.layouts import Layout
from casewell.api.statements import Selecting, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.accounts.roles import Permission
    from casewell.api.calls import Call
    from casewell.api.filters import Kind
    from casewell.api.prepared import Given
    from casewell.api.rows import Row

OLDER_LISTS = ("archived", "cancelled", "deleted")


@dataclass(frozen=True)
class Listing:
    """A list of a resource: the usual one, `/archived`, or one inside another resource.

    `where` chooses its rows. `shows` are the columns that its rows are not hidden by. `within`
    names the collection whose id stands in front of it; `of` is the column that holds that id, or
    `through` gives the condition for it. `lacks` are filters that it does not have. A filter by
    `unless` takes the place of `where`.
    """

    word: str = ""
    where: Q = field(default_factory=Q)
    shows: frozenset[str] = frozenset()
    within: str = ""
    of: str = ""
    through: Callable[[Given], Any] | None = None
    lacks: frozenset[str] = frozenset()
    unless: str = ""
    older: bool | None = None  # where the rest of it does not tell

    @property
    def is_older(self) -> bool:
        """Whether the contract has a newer way to the same rows."""
        if self.older is not None:
            return self.older
        return bool(self.within and self.lacks) or self.word in OLDER_LISTS


def hidden_list(word: str, column: str = "archived_at", **inside: Any) -> Listing:
    """The list of what the usual one hides by that column; `inside` another resource, if any."""
    return Listing(word, Q(**{f"{column}__isnull": False}), frozenset({column}), **inside)


class Resource(Selecting):
    """What the API gives of one kind of record.

    `row` are its fields. `filters` its filterable ones, `hides` the columns that hide a record
    from lists and single reads where they are set, unless a filter names them. `lists` beside the
    usual one. `reads` is what a key's user must be allowed.
    """

    name: ClassVar[str]
    item: ClassVar[str] = ""  # what one is called, where that is not the name without its s
    row: ClassVar[type[Row]]
    reads: ClassVar[Permission]
    hides: ClassVar[tuple[str, ...]] = ("archived_at",)
    filters: ClassVar[dict[str, Kind]] = {}
    lists: ClassVar[tuple[Listing, ...]] = (Listing(),)
    # Columns that no field gives; `completed` may need them.
    beside: ClassVar[tuple[str, ...]] = ()
    # What it has beside the contract: names of fields, filters and properties.
    additions: ClassVar[frozenset[str]] = frozenset()
    # Columns to sort by that are not filterable ones.
    sorted_by: ClassVar[dict[str, str]] = {}
    # Filters, and columns of lists inside others, that only the rows' own queryset knows.
    joined: ClassVar[frozenset[str]] = frozenset()
    has_items = True
    is_older: ClassVar[bool] = False  # the contract has a newer name for it
    item_by: ClassVar[str] = "pk"  # the column of the id in the path of a single read
    made_by: ClassVar[str] = "pk"  # in whose order records are made; ids mostly are

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.row, self.name, self.beside)

    @cached_property
    def _whole(self) -> Listing:
        """A single record, hidden or not."""
        return Listing("hidden item", shows=frozenset(self.hides))

    @property
    def row_types(self) -> tuple[type[Row], ...]:
        """The types of its rows; more than one where records are of several kinds."""
        return (self.row,)

    # Lists

    def list(self, call: Call, listing: Listing) -> Answer:
        """A page of a list, with the number of all."""
        call.require(self.reads)
        known = {n: kind for n, kind in self.filters.items() if n not in listing.lacks}
        asked = asked_in(call.filters, known)
        shape = Shape(listing, tuple(one.shape for one in asked), self._order(call))
        values = self.values(call) | values_of(asked)
        values["parent"] = call.ids[0] if call.ids else None
        rows, total = self._page(call, shape, values)
        return Answer(200, self._envelope(call, rows, total))

    def _page(self, call: Call, shape: Shape, values: dict[str, Any]) -> tuple[Any, int]:
        """The rows of the page that is asked for, and how many there are on all pages."""
        statements = self.statements(call.account, shape)
        size, before = call.per_page, (call.page - 1) * call.per_page
        if before or shape.order[0].lstrip("-") != self.made_by:
            rows = statements.page.rows(values | {"limit": size, "offset": before})
        else:
            rows = statements.first.rows(values, limit=size)
        if not rows and not before:
            self._require_parent(call, shape.listing)
            return rows, 0
        if rows and len(rows) < size:
            return rows, before + len(rows)  # the last page tells
        return rows, statements.total.rows(values)[0][0]

    def _require_parent(self, call: Call, listing: Listing) -> None:
        """An empty list inside a record that is not there is not there either."""
        if not listing.within:
            return
        if not parents(call.account, listing.within).filter(pk=call.ids[0]).exists():
            raise NotThere

    def _envelope(self, call: Call, rows: Any, total: int) -> dict[str, Any]:
        page, size = call.page, call.per_page
        links = {"self": call.page_address(page)}
        if page * size < total:
            links["next"] = call.page_address(page + 1)
        if page > 1:
            links["previous"] = call.page_address(page - 1)
        made = self.layout.made(self.completed(call, rows), call.base)
        return {self.name: made, "total_entries": total, "links": links}

    def values(self, call: Call) -> dict[str, Any]:
        """The values of the slots in `queryset`."""
        return {"now": timezone.now()}

    def completed(self, call: Call, rows: Any) -> Any:
        """Rows of columns, before they become an answer."""
        return rows

    def _order(self, call: Call) -> tuple[str, ...]:
        """The order that is asked for, as columns; always one that leaves nothing to chance."""
        usual = "-" if call.last("order").lower() == "desc" else ""
        columns = []
        for part in filter(None, call.last("sort").split(",")):
            name, _, way = part.strip().partition(":")
            minus = {"asc": "", "desc": "-"}.get(way.lower(), usual)
            columns.append(minus + self._sort_column(name))
        columns = columns or [usual + self.made_by]
        if columns[-1].lstrip("-") != "pk":
            columns.append(columns[-1][: -len(columns[-1].lstrip("-"))] + "pk")
        return tuple(columns)

    def _sort_column(self, name: str) -> str:
        if name in ("created_at", "id"):
            return self.made_by if name == "created_at" else "pk"
        if name in self.sorted_by:
            return self.sorted_by[name]
        kind = self.filters.get(name)
        column = kind and (kind.column or name)
        if not kind or not kind.has_order or not isinstance(column, str):
            raise BadRequest(f"{name} is not sortable")
        return column

    def further(self) -> Iterator[Any]:
        """Routes of its own, beside those that follow from the declaration."""
        yield from ()

    # Single records

    def read(self, call: Call) -> Answer:
        """One record."""
        call.require(self.reads)
        return Answer(200, self.one(call, call.ids[-1]))

    def one(self, call: Call, key: int, *, hidden: bool = False) -> Row:
        """The answer for the record with that id; `hidden` also where it is. Raises NotThere."""
        asked = () if hidden else tuple(asked_in(call.filters, self.of_items()))
        shape = Shape(self._whole if hidden else ITEM, tuple(one.shape for one in asked), ())
        values = self.values(call) | values_of(asked)
        values["key"] = key
        found = self.item_statement(call.account, shape).rows(values)
        if not found:
            return self.missing(call, key)
        [made] = self.layout.made(self.completed(call, found), call.base)
        return made

    def missing(self, call: Call, key: int) -> Row:
        """What there is in place of a record that is not there."""
        raise NotThere

    def of_items(self) -> dict[str, Kind]:
        """The filters of single reads: those that show what is hidden."""
        return {n: k for n, k in self.filters.items() if self.column_of(n) in self.hides}


ITEM = Listing("item")


def parents(account: Account, collection: str) -> QuerySet[Any, Any]:
    """The records of a collection that other lists are inside of."""
    name, which = PARENTS.get(collection, (collection, {}))
    rows: QuerySet[Any, Any] = getattr(account, name).filter(**which)
    return rows


# Collections whose records are kept under another name, and which those are.
PARENTS: dict[str, tuple[str, dict[str, str]]] = {
    "appointments": ("bookings", {"kind": "individual"}),
    "individual_appointments": ("bookings", {"kind": "individual"}),
    "group_appointments": ("bookings", {"kind": "group"}),
}
# What most records are filtered by.
USUAL_FILTERS: dict[str, Kind] = {
    "id": Number(),
    "created_at": Moment(),
    "updated_at": Moment(),
    "archived_at": Moment(),
}


def usual_filters(*, deleted: bool = True, **more: Kind) -> dict[str, Kind]:
    """The usual filters and `more`; `deleted_at` is the older name of `archived_at`."""
    older: dict[str, Kind] = {"deleted_at": Moment("archived_at")} if deleted else {}
    return USUAL_FILTERS | older | more
