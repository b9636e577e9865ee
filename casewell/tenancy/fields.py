"""Fields of a tenant table: its id, its account, and relations that stay inside the account."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.db.models.sql.where import WhereNode

from casewell.tenancy.ids import new_id
from casewell.tenancy.scope import account_id_in_scope

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)


class CrossAccountError(ValueError):
    """A record of one account was given to a record of another."""


class IdField(models.BigIntegerField):  # type: ignore[type-arg]
    """An id from `new_id`, never from a sequence: it survives a move between databases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", new_id)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


@IdField.register_lookup
class AnyOf(models.Lookup):  # type: ignore[type-arg]
    """`pk__any_of=[…]`: as `pk__in`, but one parameter, which thousands of keys do not slow."""

    lookup_name = "any_of"

    def get_prep_lookup(self) -> Any:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        if not self.rhs:
            raise EmptyResultSet  # nothing is asked of the database, as with `pk__in`
        sql, params = self.process_lhs(compiler, connection)
        # As text, which is written much quicker than a list.
        return f"{sql} = ANY(%s::bigint[])", [*params, "{" + ",".join(map(str, self.rhs)) + "}"]


class AccountField(models.ForeignKey[_ST, _GT]):
    """Marks a model as a tenant table. The column is always `account_id`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("to", "accounts.Account")
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs.setdefault("editable", False)
        kwargs["db_index"] = False  # the primary key starts with it
        super().__init__(*args, **kwargs)


class _InsideTheAccount(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    def __set__(self, instance: Any, value: Any) -> None:
        theirs = getattr(value, "account_id", None)
        ours = instance.__dict__.get("account_id")
        if theirs is not None and ours is not None and theirs != ours:
            raise CrossAccountError(f"{self.field}: account {theirs} is not {ours}")
        super().__set__(instance, value)


class TenantForeignKey(models.ForeignKey[_ST, _GT]):
    """One column to Django; `(account_id, x_id) -> (account_id, id)` to the database.

    `together` names relations that both sides have and that must agree, such as the patient of
    an attendee and of its case; they become part of the database's key.
    """

    forward_related_accessor_class = _InsideTheAccount

    def __init__(self, *args: Any, together: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.together = together
        kwargs["db_constraint"] = False  # the schema editor writes the composite one
        kwargs["db_index"] = False  # indexes are declared, with the account first
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        kwargs.pop("db_index", None)
        if self.together:
            kwargs["together"] = self.together
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        """Tie both sides of a join to one account: `a.account_id = b.account_id`."""
        if not related_alias:
            return None
        ours: Any = self.model._meta.get_field("account")
        where = WhereNode()
        if not alias:
            # The subquery of an exclude() has lost its first join: there is no outer alias to
            # tie to, so the inner table is pinned to the account in scope.
            where.add(models.lookups.Exact(_InScope(ours.get_col(related_alias)), True), "AND")
            return where
        theirs: Any = self.remote_field.model._meta.get_field("account")
        where.add(
            ours.get_lookup("exact")(ours.get_col(related_alias), theirs.get_col(alias)), "AND"
        )
        return where

    def get_extra_descriptor_filter(self, instance: models.Model) -> Any:
        return {"account_id": instance.account_id}  # type: ignore[attr-defined]


class _InScope(models.Func):
    """`account_id = <the account in scope when the SQL is compiled>`.

    Nothing is captured when the queryset is built, so querysets and form classes made at import
    time, or in another scope, are safe.
    """

    conditional = True
    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return f"{sql} = %s", [*params, account_id_in_scope()]


def in_scope() -> _InScope:
    """The condition that every query of a tenant table carries."""
    return _InScope(models.F("account_id"))


def is_tenant(model: type[models.Model]) -> bool:
    """Whether the rows of this model belong to one account."""
    return any(isinstance(field, AccountField) for field in model._meta.local_fields)


def tenant_foreign_keys(model: type[models.Model]) -> list[TenantForeignKey[Any, Any]]:
    """The model's relations to other tenant tables."""
    return [f for f in model._meta.local_fields if isinstance(f, TenantForeignKey)]
