"""Querysets whose SQL is compiled once and run again and again with other values.

Compiling costs more than running where one row is read, so the hottest reads do it once for each
shape: the same columns, filters and order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Expression, F, Field, QuerySet

from casewell.tenancy.scope import account_id_in_scope


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


def filled(params: list[Any], values: dict[str, Any]) -> list[Any]:
    """The parameters of a statement, its slots filled."""
    return [values[one.name] if type(one) is Slot else one for one in params]


class Prepared:
    """A `values_list()` queryset as SQL. The account is always a value of the run."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        ours = account_id_in_scope()
        try:
            self.sql, params = compiler.as_sql()
        except EmptyResultSet:  # the queryset itself says that there is none
            self.sql, params = "", ()
        self.params = [ACCOUNT if param == ours else param for param in params]
        columns = [column for column, _, _ in (compiler.select or ())[: compiler.col_count]]
        self._compiler, self._converters = compiler, compiler.get_converters(columns)

    def rows(self, values: dict[str, Any], *, limit: int | None = None, offset: int = 0) -> Any:
        """The rows, as tuples or lists of the columns; `values` are those of its slots."""
        if not self.sql:
            return []
        tail = "" if limit is None else f" LIMIT {int(limit)} OFFSET {int(offset)}"
        known = values | {ACCOUNT.name: account_id_in_scope()}
        with connection.cursor() as cursor:
            cursor.execute(self.sql + tail, filled(self.params, known))
            found = cursor.fetchall()
        if not self._converters:
            return found
        return list(self._compiler.apply_converters(found, self._converters))
