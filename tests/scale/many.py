"""Many rows of one: each stored record again and again, made inside the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import DateField, DateTimeField, ForeignKey, GeneratedField
from psycopg import sql

if TYPE_CHECKING:
    import psycopg

FIRST = 10**12  # the ids of the rows count on from here, and so do the ids that they name
RARE = 200  # every so many is archived, cancelled and the like
STARTED = ("created_at", "updated_at", "starts_at")


def multiply(admin: psycopg.Connection[Any], model: Any, rows: int, **columns: str) -> None:
    """Add that many of the first row, one a minute back from now; `columns` are SQL of `n`.

    By the cluster's superuser, since the rows name one another before they are all there.
    """
    admin.execute("SET session_replication_role = replica")
    fields = [f for f in model._meta.local_concrete_fields if not isinstance(f, GeneratedField)]
    made = [columns.get(field.name) or _made(field) for field in fields]
    table = sql.Identifier(model._meta.db_table)
    admin.execute(
        sql.SQL(
            "INSERT INTO {table} ({names}) SELECT {made} "
            "FROM (SELECT * FROM {table} LIMIT 1) AS one, generate_series(1, {rows}) AS n"
        ).format(
            table=table,
            names=sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
            made=sql.SQL(", ").join(map(sql.SQL, made)),
            rows=sql.Literal(rows),
        )
    )
    admin.execute(sql.SQL("ANALYZE {}").format(table))


def _made(field: Any) -> str:
    column = f'one."{field.column}"'
    if field.primary_key:
        return f"{FIRST} + n"
    if isinstance(field, ForeignKey) and field.name != "account":
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE {FIRST} + n END"
    if isinstance(field, DateTimeField):
        usual = field.name in STARTED or not field.null
        later = " + interval '30 minutes'" if field.name == "ends_at" else ""
        when = f"now() - n * interval '1 minute'{later}"
        return when if usual else f"CASE WHEN n % {RARE} = 0 THEN {when} END"
    if isinstance(field, DateField):
        return "current_date - n"
    return column
