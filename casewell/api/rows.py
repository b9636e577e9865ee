"""Typed rows: what a resource answers, field by field, and where each value comes from.

A row is a msgspec struct. A field's value is the column of its name; `Of`, `To`, `At`,
`Path`, `Always` and the like in its annotation say otherwise. Its JSON schema is that of its type.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

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


def plain_name(name: str) -> str:
    """A field's name without the `_` at the end of one that is a word of Python.

    >>> plain_name("from_"), plain_name("to")
    ('from', 'to')
    """
    return name.removesuffix("_")


class Row(msgspec.Struct, gc=False, rename=plain_name):
    """What one record is in an answer."""


@dataclass(frozen=True)
class Of:
    """The value of another column, changed by `by` where given, which gets None too."""

    column: str
    by: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class From:
    """What `by` makes of several columns, given to it in order."""

    columns: tuple[str, ...]
    by: Callable[..., Any]


@dataclass(frozen=True)
class To:
    """A link to the record of that collection whose id is in that column."""

    collection: str
    column: str


@dataclass(frozen=True)
class ToEach:
    """Links to the records of that collection whose ids a column lists."""

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
    """A link to the address below the API's that a column is, or that `by` makes of it and of
    those `beside`.
    """

    column: str
    by: Callable[..., str | None] | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Always:
    """The same value in every row: what Casewell has no record of."""

    value: Any = None


Source = Of | From | To | ToEach | At | Path | Always
BY_ID = "?q%5B%5D={}_id%3A%3D{{id}}"


def by_id(name: str) -> str:
    """The query of a list that is filtered by the id of a `name`, for `At`.

    >>> by_id("patient")
    '?q%5B%5D=patient_id%3A%3D{id}'
    """
    return BY_ID.format(name)


def exactly(number: Decimal | None) -> Decimal | None:
    """The same number with no more places than it needs, and one at least.

    >>> exactly(Decimal("10.0000")), exactly(Decimal("2.5000")), exactly(None)
    (Decimal('10.0'), Decimal('2.5'), None)
    """
    if number is None:
        return None
    written = f"{number.normalize():f}"
    return Decimal(written if "." in written else f"{written}.0")


def columns_of(source: Source) -> tuple[str, ...]:
    """The columns that a field's value is made of."""
    if isinstance(source, Always):
        return ()
    if isinstance(source, From):
        return source.columns
    return (source.column, *source.beside) if isinstance(source, Path) else (source.column,)


def source_of(name: str, hint: Any) -> Source:
    """What the annotation says, else the column of the field's name."""
    for one in getattr(hint, "__metadata__", ()):
        if isinstance(one, (Of, From, To, ToEach, At, Path, Always)):
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
