"""What the run-time role may do with the tables that the owner's migrations made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from psycopg import sql

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

ON_THE_SCHEMA = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
)


def grant_runtime_role(owner: BaseDatabaseWrapper, role: str) -> None:
    """Let `role` use all tables, but only add to those whose model says `append_only`.

    Of a model with `may_change` it may change these columns alone, and remove nothing.
    """
    with owner.cursor() as cursor:
        for statement in ON_THE_SCHEMA:
            cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
        for model in apps.get_models():
            may_change = getattr(model, "may_change", ())
            if not (getattr(model, "append_only", False) or may_change):
                continue
            names = {
                "table": sql.Identifier(model._meta.db_table),
                "role": sql.Identifier(role),
                "columns": sql.SQL(", ").join(map(sql.Identifier, may_change)),
            }
            cursor.execute(sql.SQL("REVOKE UPDATE, DELETE ON {table} FROM {role}").format(**names))
            if may_change:
                granted = sql.SQL("GRANT UPDATE ({columns}) ON {table} TO {role}")
                cursor.execute(granted.format(**names))
