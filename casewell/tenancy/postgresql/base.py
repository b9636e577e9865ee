"""Django's PostgreSQL backend, made to write composite keys and row-level security.

Ordinary migrations of a tenant model become `PRIMARY KEY (account_id, id)`, composite foreign keys
that fail at the statement, and the policy that is the net under every query.
"""

from __future__ import annotations

from typing import Any, Self, cast

from django.db import models
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base, features, operations, schema
from psycopg import Cursor

from casewell.tenancy.fields import TenantForeignKey, is_tenant, tenant_foreign_keys
from casewell.tenancy.postgresql.pool import HealingPool

ON_DELETE = {models.CASCADE: "CASCADE"}

ROW_LEVEL_SECURITY = (
    "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    "CREATE POLICY of_the_account ON {table} USING "
    "(account_id = nullif(current_setting('app.account_id', true), '')::bigint)",
)


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Writes tenant tables; every other table is Django's own affair."""

    # One command a message, as Citus wants it: no "ADD COLUMN …; SET CONSTRAINTS … IMMEDIATE".
    sql_create_column_inline_fk = None  # type: ignore[assignment]

    def table_sql(self, model: type[models.Model]) -> tuple[str, list[Any]]:
        sql, params = super().table_sql(model)
        if not is_tenant(model):
            return sql, params
        key = self.quote_name(model._meta.pk.column)
        single = f"{key} bigint NOT NULL PRIMARY KEY"
        if single not in sql:
            raise AssertionError(f"no primary key to widen in {sql}")
        sql = sql.replace(single, f"{key} bigint NOT NULL")
        composite = f", PRIMARY KEY ({self.quote_name('account_id')}, {key}))"
        sql = sql.rstrip().removesuffix(")") + composite
        self.deferred_sql.extend(self._composite(model, f) for f in tenant_foreign_keys(model))
        return sql, params

    def create_model(self, model: type[models.Model]) -> None:
        super().create_model(model)
        if is_tenant(model):
            for statement in ROW_LEVEL_SECURITY:
                self.execute(statement.format(table=self.quote_name(model._meta.db_table)))

    def add_field(self, model: type[models.Model], field: models.Field[Any, Any]) -> None:
        super().add_field(model, field)
        if isinstance(field, TenantForeignKey):
            self.deferred_sql.append(self._composite(model, field))

    def _create_fk_sql(self, model: type[models.Model], field: Any, suffix: str) -> Any:
        statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        if statement is not None and is_tenant(model):
            # A broken reference is refused at its statement, not at COMMIT.
            statement.parts["deferrable"] = ""
        return statement

    def _composite(self, model: type[models.Model], field: TenantForeignKey[Any, Any]) -> str:
        quote, target = self.quote_name, field.remote_field.model
        shared = [_column(model, name) for name in field.together]
        theirs = [_column(target, name) for name in field.together]
        name = self._create_index_name(  # type: ignore[attr-defined]
            model._meta.db_table, ["account_id", field.column], suffix="_tfk"
        )
        action = ON_DELETE.get(field.remote_field.on_delete, "NO ACTION")
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(name)} "
            f"FOREIGN KEY ({', '.join(map(quote, ['account_id', str(field.column), *shared]))}) "
            f"REFERENCES {quote(target._meta.db_table)} "
            f"({', '.join(map(quote, ['account_id', 'id', *theirs]))}) ON DELETE {action}"
        )


def _column(model: type[models.Model], name: str) -> str:
    return str(cast("Any", model._meta.get_field(name)).column)


class DatabaseFeatures(features.DatabaseFeatures):
    """What differs because the database's key is composite."""

    def allows_group_by_selected_pks_on_model(self, model: type[models.Model]) -> bool:
        return not is_tenant(model) and super().allows_group_by_selected_pks_on_model(model)


ALWAYS = 0  # uses of a statement before it is prepared


class PreparingCursor(Cursor[Any]):
    """psycopg's cursor that prepares each statement the first time."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        return super().execute(query, params, prepare=True, **options)


class DatabaseOperations(operations.DatabaseOperations):
    """Logs a prepared statement with its values, as it could be sent by hand."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        if isinstance(cursor, PreparingCursor):
            return str(cast("Any", self).compose_sql(sql, params))
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """The `ENGINE` of this project's databases."""

    SchemaEditorClass = SchemaEditor
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        """Django's, but that a cursor may prepare its statements; Django's own cursors do not."""
        params: dict[str, Any] = super().get_connection_params()
        return params | {"prepare_threshold": ALWAYS}

    def preparing_cursor(self) -> Any:
        """A cursor whose statements PostgreSQL plans once for each connection.

        It is logged and watched as Django's own are. Values go apart from the text, so that the
        text stays the same.
        """
        self.ensure_connection()
        return cast("Any", self)._prepare_cursor(PreparingCursor(self.connection))

    @property
    def pool(self) -> HealingPool | None:
        """Django's own, but of the kind that heals: Django leaves no choice of the class."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        django = cast("Any", self)
        pools: dict[str, HealingPool] = django._connection_pools  # of the process
        if self.alias not in pools:
            made = HealingPool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                open=False,  # threads may make it at the same moment: one of them is kept
                configure=django._configure_connection,
                **options,
            )
            pools.setdefault(self.alias, made)
        return pools[self.alias]
