"""Typed rows: what a resource answers, field by field, and where each value comes from.

A row is a msgspec struct. A field's value is the column of its name; `Of`, `To`, `At`,
`Path` and `Always` in its annotation say otherwise. Its JSON schema is that of its type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from django.db.models import F, Func, TextField

Column = Callable[[Any], Any]  # a field's value, from the tuple of a row's columns
Id = Annotated[str, msgspec.Meta(pattern="^[0-9]+$", description="An id: a number as text.")]
Moment = Annotated[
    datetime, msgspec.Meta(extra_json_schema={"format": "date-time"}, description="UTC.")
]
Day = Annotated[date, msgspec.Meta(extra_json_schema={"format": "date"})]
Money = Annotated[Decimal, msgspec.Meta(description="A decimal number as text.")]
KINDS: tuple[Any, ...] = (Id, Moment, Day, Money)


class SelfLink(msgspec.Struct):
    """An absolute address."""

    self_: str = msgspec.field(name="self")


class Link(msgspec.Struct):
    """A related resource, or a list."""

    links: SelfLink


class Row(msgspec.Struct, gc=False):
    """What one record is in an answer."""


@dataclass(frozen=True)
class Of:
    """The value of another column, changed by `by` where given, which gets None too."""

    column: str
    by: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class To:
    """A link to the record of that collection whose id is in that column."""

    collection: str
    column: str


@dataclass(frozen=True)
class At:
    """A link to an address in which `{id}` is the value of a column, the record's own id at first.

    What the address asks by is written as it must be sent: `?q%5B%5D=patient_id%3A%3D{id}`.
    """

    path: str
    column: str = "pk"


@dataclass(frozen=True)
class Path:
    """A link to the address below the API's that a column is, or that `by` makes of it."""

    column: str
    by: Callable[[Any], str | None] | None = None


@dataclass(frozen=True)
class Always:
    """The same value in every row: what Casewell has no record of."""

    value: Any = None


class Written(Func):
    """A moment as the contract writes it: in UTC, without a fraction."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
    output_field = TextField()

    def __init__(self, column: str) -> None:
        super().__init__(F(column))


Source = Of | To | At | Path | Always
BY_ID = "?q%5B%5D={}_id%3A%3D{{id}}"


def by_id(name: str) -> str:
    """The query of a list that is filtered by the id of a `name`, for `At`.

    >>> by_id("patient")
    '?q%5B%5D=patient_id%3A%3D{id}'
    """
    return BY_ID.format(name)


class Layout:
    """How rows of a kind are read: which columns, and what is made of them.

    `collection` is where its records live: a row's `links.self`. `beside` are columns that no
    field gives, and that the resource makes something of.
    """

    def __init__(self, row: type[Row], collection: str, beside: tuple[str, ...] = ()) -> None:
        self.row, self.collection = row, collection
        known = get_type_hints(row, include_extras=True)
        hints = {name: known[name] for name in row.__struct_fields__}  # as they are given
        self.sources = {name: _source_of(name, hint) for name, hint in hints.items()}
        self.kinds = {name: kind_of(hint) for name, hint in hints.items()}
        columns = [one.column for one in self.sources.values() if not isinstance(one, Always)]
        self.columns = list(dict.fromkeys(["pk", *columns, *beside]))
        self.moments = _moments(self.sources, self.kinds) - set(beside)

    @property
    def selected(self) -> list[Any]:
        """The columns as they are read: of moments what the contract writes, made by the database,
        for reading moments is half of the work of a list.
        """
        return [Written(one) if one in self.moments else one for one in self.columns]

    def made(self, rows: Any, base: str) -> list[Row]:
        """The rows of an answer. `base` is the address of the API, as the client wrote it."""
        columns = self.columns_at(base, self.columns)
        row = self.row
        return [row(*[column(one) for column in columns]) for one in rows]

    def columns_at(self, base: str, known: list[str]) -> list[Column]:
        """What makes each field's value of a tuple of the `known` columns."""
        place = {column: at for at, column in enumerate(known)}
        return [self._column(name, source, place, base) for name, source in self.sources.items()]

    def _column(self, name: str, source: Source, place: dict[str, int], base: str) -> Column:
        if isinstance(source, Always):
            return lambda _: source.value
        if name == "links":
            path = source.path if isinstance(source, At) else f"/{self.collection}/{{id}}"
            return _self_link(base + path, place[source.column])
        at = place[source.column]
        if isinstance(source, To):
            return _link(f"{base}/{source.collection}/", "", at)
        if isinstance(source, At):
            before, _, after = source.path.partition("{id}")
            return _link(base + before, after, at)
        if isinstance(source, Path):
            return _link_to(base, source.by or str, at)
        if source.by:
            by = source.by
            return lambda row: by(row[at])
        change = CHANGES.get(self.kinds[name])
        return _changed(change, at) if change else itemgetter(at)


class ByKind(Layout):
    """How rows of several kinds are read at once: which kind one is, a column says.

    `sources` are those of all kinds; where kinds differ, those of the first.
    """

    def __init__(self, rows: dict[str, type[Row]], column: str, collection: str) -> None:
        self.row, self.collection, self.column = next(iter(rows.values())), collection, column
        self.layouts = {kind: Layout(row, collection) for kind, row in rows.items()}
        self.sources, self.kinds, columns = {}, {}, [column]
        for one in self.layouts.values():
            self.sources = one.sources | self.sources
            self.kinds = one.kinds | self.kinds
            columns += one.columns
        self.moments = frozenset[str]().union(*(one.moments for one in self.layouts.values()))
        self.columns = list(dict.fromkeys(columns))

    def made(self, rows: Any, base: str) -> list[Row]:
        makers = {
            kind: (one.row, one.columns_at(base, self.columns))
            for kind, one in self.layouts.items()
        }
        kind = itemgetter(self.columns.index(self.column))
        found = []
        for values in rows:
            row, columns = makers[kind(values)]
            found.append(row(*[column(values) for column in columns]))
        return found


def _moments(sources: dict[str, Source], kinds: dict[str, Any]) -> frozenset[str]:
    """The columns of which fields want to know no more than when it was, or whether it was."""
    told = {"": set[str](), "moment": set[str]()}
    for name, one in sources.items():
        if isinstance(one, Of) and one.by is not bool:
            told["moment" if kinds[name] == Moment and not one.by else ""].add(one.column)
    return frozenset(told["moment"] - told[""])


def _source_of(name: str, hint: Any) -> Source:
    """What the annotation says, else the column of the field's name."""
    for one in getattr(hint, "__metadata__", ()):
        if isinstance(one, (Of, To, At, Path, Always)):
            return one
    return Of("pk" if name in ("id", "links") else name)


def kind_of(hint: Any) -> Any:
    """The type that a field's values are of, for telling how they are changed."""
    if get_origin(hint) is Annotated:
        # Python makes one of an annotation inside another.
        ours = (kind for kind in KINDS if kind.__metadata__[0] in hint.__metadata__)
        return next(ours, None) or kind_of(hint.__origin__)
    if get_origin(hint) in (Union, UnionType):
        [first, *_] = (one for one in get_args(hint) if one is not NoneType)
        kind = kind_of(first)
        return (kind, None) if kind is str else kind
    return hint


def _changed(change: Callable[[Any], Any], at: int) -> Column:
    def column(row: Any) -> Any:
        value = row[at]
        return None if value is None else change(value)

    return column


def _link(before: str, after: str, at: int) -> Column:
    def column(row: Any) -> Any:
        key = row[at]
        return None if key is None else {"links": {"self": f"{before}{key}{after}"}}

    return column


def _link_to(base: str, path_of: Callable[[Any], str | None], at: int) -> Column:
    def column(row: Any) -> Any:
        path = path_of(row[at]) if row[at] else None
        return None if path is None else {"links": {"self": base + path}}

    return column


def _self_link(address: str, at: int) -> Column:
    before, _, after = address.partition("{id}")
    return lambda row: {"self": f"{before}{row[at]}{after}"}


def or_none(text: str) -> str | None:
    """The contract's word for an empty text."""
    return text or None


# By the kind of a field, what makes its value of what the database keeps.
CHANGES: dict[Any, Callable[[Any], Any]] = {
    Id: str,
    (str, None): or_none,
}
