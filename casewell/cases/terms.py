"""Dates in SQL: the local day of a visit, and the end of a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import DateField, F, Func, JSONField

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


class LocalDate(Func):
    """`LocalDate(instant, zone name)`: the calendar day there."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()


class ClockEnd(Func):
    """`ClockEnd(date, months, days)`: as `periods.clock_end`, in PostgreSQL."""

    output_field = DateField()

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, list[Any]]:
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        start, months, days = (sql for sql, _ in parts)
        text = f"({start} + make_interval(months => {months}, days => {days}))::date"
        return text, [value for _, params in parts for value in params]


class JSONBBuildArray(Func):
    """The values as one JSON array."""

    function = "jsonb_build_array"
    output_field = JSONField()


def local_date(booking: str = "booking__") -> LocalDate:
    """The day of a visit on the clocks of its business, seen from where `booking` leads."""
    return LocalDate(F(f"{booking}starts_at"), F(f"{booking}business__time_zone"))
