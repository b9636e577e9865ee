"""What is asked of the database for a list or a single record: statements, compiled by shape."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.db.models import Field, Func, IntegerField

from casewell.api.filters import condition_of
from casewell.api.prepared import AmongKeys, Given, Prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.filters import Asked, Kind
    from casewell.api.layouts import Layout
    from casewell.api.resource import Listing

MOST_SHAPES = 300  # compiled statements of a resource; rarer ones are compiled each time
MOST_KEPT_FILTERS = 4


class CountAll(Func):
    """How many rows there are; no aggregate, so that nothing is grouped."""

    template = "COUNT(*)"
    output_field = IntegerField()


class Shape(NamedTuple):
    """What decides the SQL of a list, values apart."""

    listing: Listing
    filters: tuple[Asked, ...]  # without values
    order: tuple[str, ...]


class Statements(NamedTuple):
    """A list's statements: its first page in the order of ids, any page, how many rows it has.

    Of a page further on, or in another order, the ids are found first: what a row answers may
    cost more than to find it, and need not be known of the rows before it.
    """

    first: Prepared
    page: Prepared
    total: Prepared


class Selecting:
    """Which records a resource has, and how they are read."""

    hides: ClassVar[tuple[str, ...]]
    filters: ClassVar[dict[str, Kind]]
    joined: ClassVar[frozenset[str]]
    item_by: ClassVar[str]

    def __init__(self) -> None:
        self._known: dict[Shape, Statements] = {}

    @cached_property
    def layout(self) -> Layout:
        """How its rows are read."""
        raise NotImplementedError

    def queryset(self, account: Account) -> QuerySet[Any, Any]:
        """All records of this kind, with what the row's columns need."""
        raise NotImplementedError

    def counted(self, account: Account) -> QuerySet[Any, Any] | None:
        """The same records without what only rows need, where that is less; filters find their
        columns here too.
        """
        return None

    def statements(self, account: Account, shape: Shape) -> Statements:
        known = self._known.get(shape)
        if known is None:
            known = self._compiled(account, shape)
            if len(self._known) < MOST_SHAPES and len(shape.filters) <= MOST_KEPT_FILTERS:
                self._known[shape] = known
        return known

    def _compiled(self, account: Account, shape: Shape) -> Statements:
        needs = {one.field for one in shape.filters} | {shape.listing.of}
        ordering = needs | {one.lstrip("-") for one in shape.order}
        # To build a queryset of many columns costs more than all that follows from it.
        rows = self.queryset(account)
        fewer = self.counted(account)
        bare, keys = (
            self._chosen(rows if fewer is None or named & self.joined else fewer, shape)
            for named in (needs, ordering)
        )
        keys = keys.order_by(*shape.order)
        paged = rows.filter(AmongKeys(keys.values("pk")))
        # A value that is looked for finds about as many rows as another; a range may find all.
        once = all(one.operator == "=" for one in shape.filters)
        return Statements(
            self._read(self._chosen(rows, shape).order_by(*shape.order), once=once),
            self._read(paged.order_by(*shape.order), once=once),
            Prepared(bare.order_by().values_list(CountAll()), once=once),
        )

    def _read(self, rows: QuerySet[Any, Any], *, once: bool = True) -> Prepared:
        return Prepared(rows.values_list(*self.layout.selected), once=once)

    def _chosen(self, rows: QuerySet[Any, Any], shape: Shape) -> QuerySet[Any, Any]:
        listing = shape.listing
        if not listing.unless or all(one.field != listing.unless for one in shape.filters):
            rows = rows.filter(listing.where)
        if listing.of:
            rows = rows.filter(**{listing.of: Given("parent")})
        if listing.through:
            rows = rows.filter(listing.through(Given("parent")))
        return self.filtered(rows, shape.filters, listing.shows)

    def filtered(
        self, rows: QuerySet[Any, Any], asked: tuple[Asked, ...], shows: frozenset[str]
    ) -> QuerySet[Any, Any]:
        """Those that fulfil the filters; what is hidden at first only where one asks for it."""
        for number, one in enumerate(asked):
            condition = condition_of(number, one, self.filters)
            if condition is not None:
                rows = rows.filter(condition)
        named = {self.column_of(one.field) for one in asked} | shows
        return rows.filter(**{f"{c}__isnull": True for c in self.hides if c not in named})

    def column_of(self, name: str) -> Any:
        column = self.filters[name].column
        return name if column is None else column

    def item_statement(self, account: Account, shape: Shape) -> Prepared:
        known = self._known.get(shape)
        if known is None:
            key: Field[Any, Any] = IntegerField()
            rows = self.queryset(account).filter(**{self.item_by: Given("key", key)}).order_by()
            chosen = self.filtered(rows, shape.filters, shape.listing.shows)
            statement = self._read(chosen)
            known = Statements(statement, statement, statement)
            if len(self._known) < MOST_SHAPES and len(shape.filters) <= MOST_KEPT_FILTERS:
                self._known[shape] = known
        return known.first
