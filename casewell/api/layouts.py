"""How rows of a kind are read: which columns, and what is made of them."""

from __future__ import annotations

from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, get_type_hints

from django.db.models import TextField
from django.db.models.functions import Cast

from casewell.api.making import WRITTEN, Text, maker_of
from casewell.api.rows import (
    Always,
    At,
    From,
    Id,
    Moment,
    Of,
    Path,
    Row,
    Source,
    To,
    ToEach,
    columns_of,
    kind_of,
    source_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

MOST_ADDRESSES = 50


class Layout:
    """How rows of a kind are read: which columns, and what is made of them.

    `collection` is where its records live: a row's `links.self`. `beside` are columns that no
    field gives, and that the resource makes something of.
    """

    def __init__(self, row: type[Row], collection: str, beside: tuple[str, ...] = ()) -> None:
        self.row, self.collection = row, collection
        known = get_type_hints(row, include_extras=True)
        named = zip(row.__struct_encode_fields__, row.__struct_fields__, strict=True)
        hints = {name: known[field] for name, field in named}  # as they are given
        self.sources = {name: source_of(name, hint) for name, hint in hints.items()}
        self.kinds = {name: kind_of(hint) for name, hint in hints.items()}
        columns = [name for one in self.sources.values() for name in columns_of(one)]
        self.beside = beside
        self._makers: dict[str, Callable[[Any], Row]] = {}
        self.columns = list(dict.fromkeys(["pk", *columns, *beside]))

    @property
    def selected(self) -> list[Any]:
        """The columns as they are asked of the database: moments as text, which is quicker."""
        return [
            Cast(column, TextField()) if column in self.as_text else column
            for column in self.columns
        ]

    @cached_property
    def as_text(self) -> frozenset[str]:
        """Columns that nothing but fields with moments are made of."""
        uses = [
            (column, self.kinds[name] == Moment and type(source) is Of and not source.by)
            for name, source in self.sources.items()
            for column in columns_of(source)
        ]
        others = {column for column, is_moment in uses if not is_moment}
        return frozenset({column for column, _ in uses} - others - set(self.beside))

    def made(self, rows: Any, base: str) -> list[Row]:
        """The rows of an answer. `base` is the address of the API, as the client wrote it."""
        make = self.maker(base, self.columns)
        return [make(one) for one in rows]

    def maker(self, base: str, known: list[str]) -> Callable[[Any], Row]:
        """What makes a row; kept for each address. Those are few, but clients name them."""
        make = self._makers.get(base) or maker_of(self, base, known)
        if len(self._makers) < MOST_ADDRESSES:
            self._makers[base] = make
        return make

    def written(
        self, name: str, source: Source, place: dict[str, int], base: str, text: Text
    ) -> str:
        """The text by which a field's value is made of a row `r` with columns in those places."""
        if isinstance(source, Always):
            return text.named(source.value)
        if isinstance(source, From):
            given = ", ".join(f"r[{place[column]}]" for column in source.columns)
            return f"{text.named(source.by)}({given})"
        at = place[source.column]
        if name == "links":
            path = source.path if isinstance(source, At) else f"/{self.collection}/{{id}}"
            return f'{text.link(base + path, at)}["links"]'
        if isinstance(source, (To, At, ToEach)):
            return _linked(source, at, base, text)
        if isinstance(source, Path):
            given = ", ".join(f"r[{place[column]}]" for column in columns_of(source))
            return f"{text.named(_link_to(base, source.by or str))}({given})"
        if source.by:
            return f"{text.named(source.by)}(r[{at}])"
        word = WORDS.get(self.kinds[name], "")
        if word == "moment" and source.column not in self.as_text:
            return f"{text.named(whole_second)}(r[{at}])"
        return WRITTEN[word].format(at=at)


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
        self.columns = list(dict.fromkeys(columns))
        self.beside = ()
        shared = frozenset.intersection(
            *(one.as_text | self._not_in(one) for one in self.layouts.values())
        )
        for one in self.layouts.values():
            one.__dict__["as_text"] = shared
        self.__dict__["as_text"] = shared

    def _not_in(self, one: Layout) -> frozenset[str]:
        return frozenset(self.columns) - set(one.columns)

    def made(self, rows: Any, base: str) -> list[Row]:
        makers = {kind: one.maker(base, self.columns) for kind, one in self.layouts.items()}
        kind = itemgetter(self.columns.index(self.column))
        return [makers[kind(values)](values) for values in rows]


def _linked(source: To | At | ToEach, at: int, base: str, text: Text) -> str:
    """The text of a link to the record in that column, or of one to each of those in it."""
    path = source.path if isinstance(source, At) else f"/{source.collection}/{{id}}"
    if isinstance(source, ToEach):
        return f"[{text.link(base + path, at, of='k')} for k in r[{at}]]"
    return f"None if r[{at}] is None else {text.link(base + path, at)}"


def _link_to(base: str, path_of: Callable[..., str | None]) -> Callable[..., Any]:
    def link(value: Any, *beside: Any) -> Any:
        path = path_of(value, *beside) if value else None
        return None if path is None else {"links": {"self": base + path}}

    return link


def whole_second(moment: datetime | None) -> datetime | None:
    """The moment as the contract writes it: without a fraction."""
    return moment and moment.replace(microsecond=0)


# By the kind of a field, how its value is written (`making.WRITTEN`).
WORDS: dict[Any, str] = {Id: "id", Moment: "moment", (str, None): "text"}
