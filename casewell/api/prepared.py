"""Querysets whose SQL is compiled once, by us and by PostgreSQL, and run with other values.

Compiling costs more than running where one row is read, so the hottest reads do it once for each
shape: the same columns, filters and order. The statement is then prepared on each connection, for
planning a case with its counts costs ten times what reading it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Expression, F, Field, QuerySet
from psycopg.sql import Literal
from psycopg.types.numeric import Int8

from casewell.tenancy.scope import account_id_in_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewell.tenancy.postgresql.base import DatabaseWrapper


@dataclass(frozen=True)
class Slot:
    """The place of a value that is known when the statement runs."""

    name: str


ACCOUNT = Slot("account")


class Given(Expression):
    """A value of that name, given to `Prepared.rows`, inside a queryset."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.slot = Slot(name)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "(%s)", [self.slot]


class AmongKeys(Expression):
    """That the id is among those of a page of `keys`, a queryset of ids in order.

    The page is said by the values `limit` and `offset`.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, keys: QuerySet[Any, Any], key: Any = None) -> None:
        super().__init__()
        self.keys, self.key = keys, key or F("pk")

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, exprs: Any) -> None:
        [self.key] = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        key, params = compiler.compile(self.key)
        inner, values = self.keys.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        page = [Slot("limit"), Slot("offset")]
        return f"{key} IN ({inner} LIMIT %s OFFSET %s)", [*params, *values, *page]


def with_names(sql: str, params: Sequence[Any]) -> str:
    """The statement with its slots by name and all other values written out."""
    return sql.replace("%%", "%%%%") % tuple(
        f"%({one.name})s" if type(one) is Slot else _written(one) for one in params
    )


def _written(value: Any) -> str:
    connection.ensure_connection()
    return Literal(value).as_string(connection.connection).replace("%", "%%")


def run(sql: str, values: dict[str, Any], *, once: bool = True) -> list[Any]:
    """The rows of a statement with named places; planned `once`, or for these values."""
    typed = {name: Int8(one) if type(one) is int else one for name, one in values.items()}
    ours = cast("DatabaseWrapper", connection)
    with ours.preparing_cursor() if once else connection.cursor() as cursor:
        cursor.execute(sql, typed)
        found: list[Any] = cursor.fetchall()
    return found


class Prepared:
    """A `values_list()` queryset as SQL. The account is always a value of the run.

    It is planned `once` for all values, or each time for the values that there are: how much a
    range or a part of a text finds differs too much.
    """

    def __init__(self, rows: QuerySet[Any, Any], *, once: bool = True) -> None:
        self.once = once
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        ours = account_id_in_scope()
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:  # the queryset itself says that there is none
            sql, params = "", ()
        self.sql = with_names(sql, [ACCOUNT if one == ours else one for one in params])
        columns = [column for column, _, _ in (compiler.select or ())[: compiler.col_count]]
        self._compiler, self._converters = compiler, compiler.get_converters(columns)

    def rows(self, values: dict[str, Any], *, limit: int | None = None, offset: int = 0) -> Any:
        """The rows, as tuples or lists of the columns; `values` are those of its slots."""
        if not self.sql:
            return []
        tail = "" if limit is None else f" LIMIT {int(limit)} OFFSET {int(offset)}"
        known = values | {ACCOUNT.name: account_id_in_scope()}
        found = run(self.sql + tail, known, once=self.once)
        if not self._converters:
            return found
        return list(self._compiler.apply_converters(found, self._converters))
