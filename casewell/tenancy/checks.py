"""System checks that classify each table and refuse what would not distribute by account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core import checks
from django.db import models

from casewell.tenancy.fields import AccountField, IdField, TenantForeignKey, is_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

# Copied to every node: small, without hot counters.
REFERENCE_TABLES = frozenset(
    {
        "accounts.account",
        "accounts.user",
        "accounts.membership",
        "accounts.invitation",
        "accounts.apikey",
        "connections.approvedapp",
        "connections.apppattern",
        "connections.appdecision",
        "connections.launchkey",
    }
)
# Libraries' own tables; they stay on one node.
LOCAL_APPS = frozenset({"auth", "contenttypes", "account", "procrastinate"})
# Ours that are written at every turn; they stay on one node as well.
LOCAL_TABLES = frozenset({"accounts.session", "api.keyminute"})


def problem(number: int, sentence: str, model: type[models.Model]) -> checks.CheckMessage:
    return checks.Error(sentence, obj=model, id=f"tenancy.E{number:03}")


@checks.register(checks.Tags.models)
def tables_distribute_by_account(app_configs: Any, **_: Any) -> list[checks.CheckMessage]:
    """Every managed table is a tenant, reference or local one, and keeps its kind's rules."""
    found = apps.get_models(include_auto_created=True)
    return [e for m in found if m._meta.managed and not m._meta.proxy for e in problems_of(m)]


def problems_of(model: type[models.Model]) -> Iterator[checks.CheckMessage]:
    """The rules of data-layer design that this one model breaks."""
    if not is_tenant(model):
        yield from _of_a_shared_table(model)
        return
    yield from _of_its_keys(model)
    for field in model._meta.local_fields:
        yield from _of_a_field(model, field)
    yield from _of_its_indexes(model)


def _of_a_shared_table(model: type[models.Model]) -> Iterator[checks.CheckMessage]:
    label = model._meta.label_lower
    known = label in REFERENCE_TABLES | LOCAL_TABLES or model._meta.app_label in LOCAL_APPS
    if not known:
        yield problem(1, "say what it is: tenant, reference or local table", model)
    for field in model._meta.local_fields:
        if field.is_relation and is_tenant(cast("type[models.Model]", field.related_model)):
            yield problem(2, f"{field.name}: a shared table cannot point at a tenant table", model)


def _of_its_keys(model: type[models.Model]) -> Iterator[checks.CheckMessage]:
    from casewell.tenancy.models import TenantManager

    account = next(f for f in model._meta.local_fields if isinstance(f, AccountField))
    if account.column != "account_id" or account.null:
        yield problem(3, "the account is in account_id, NOT NULL", model)
    if not isinstance(model._meta.pk, IdField):
        yield problem(4, "the primary key is an IdField", model)
    if model._meta.parents:
        yield problem(5, "multi-table inheritance needs a key across tables", model)
    for field in model._meta.local_many_to_many:
        if field.remote_field.through._meta.auto_created:  # type: ignore[union-attr]
            yield problem(6, f"{field.name}: write a through model, which has an account", model)
    managers = (model._default_manager, model._base_manager)
    if not all(isinstance(manager, TenantManager) for manager in managers):
        yield problem(15, "default and base manager are TenantManagers", model)
    if any(type(field).__name__ == "GenericForeignKey" for field in model._meta.private_fields):
        yield problem(16, "a generic foreign key cannot be composite", model)


def _of_a_field(model: type[models.Model], field: Any) -> Iterator[checks.CheckMessage]:
    name = field.name
    if field.unique and not field.primary_key:
        yield problem(7, f"{name}: unique only together with the account", model)
    if isinstance(field, models.AutoField):
        yield problem(4, f"{name}: ids are made in the application", model)
    if field.db_index and not field.primary_key and not field.unique:
        yield problem(14, f"{name}: an index starts with the account", model)
    if field.is_relation and field.related_model and not isinstance(field, AccountField):
        yield from _of_a_relation(model, field)


def _of_a_relation(model: type[models.Model], field: Any) -> Iterator[checks.CheckMessage]:
    target, on_delete = field.related_model, field.remote_field.on_delete
    if is_tenant(target):
        if not isinstance(field, TenantForeignKey):
            yield problem(8, f"{field.name}: use TenantForeignKey", model)
        if on_delete in (models.SET_NULL, models.SET_DEFAULT):
            yield problem(9, f"{field.name}: SET NULL would null the account as well", model)
    elif target._meta.label_lower not in REFERENCE_TABLES:
        yield problem(10, f"{field.name}: no foreign key from a tenant to a local table", model)
    elif on_delete is models.CASCADE:
        yield problem(11, f"{field.name}: a cascade from a shared table meets every shard", model)


def _of_its_indexes(model: type[models.Model]) -> Iterator[checks.CheckMessage]:
    for together in model._meta.unique_together:
        if "account" not in together:
            yield problem(12, f"unique_together {together} without the account", model)
    for constraint in model._meta.constraints:
        yield from _of_a_constraint(model, constraint)
    for index in model._meta.indexes:
        if [name.lstrip("-") for name in index.fields][:1] != ["account"]:
            yield problem(14, f"{index.name}: an index starts with the account", model)
    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey) and not _is_led_by(model, field.name):
            yield problem(17, f"{field.name}: needs an index (account, {field.name}, …)", model)


def _of_a_constraint(
    model: type[models.Model], constraint: models.BaseConstraint
) -> Iterator[checks.CheckMessage]:
    if isinstance(constraint, models.UniqueConstraint):
        named = {e.name for e in constraint.expressions if isinstance(e, models.F)}
        if "account" not in named | set(constraint.fields):
            yield problem(12, f"{constraint.name}: unique without the account", model)
        if constraint.deferrable:
            yield problem(13, f"{constraint.name}: a deferrable constraint", model)
    if isinstance(constraint, ExclusionConstraint):
        parts = [expression for expression, _ in constraint.expressions]
        if not {"account", models.F("account")} & {
            p for p in parts if isinstance(p, str | models.F)
        }:
            yield problem(12, f"{constraint.name}: excludes across accounts", model)


def _is_led_by(model: type[models.Model], name: str) -> bool:
    unique = (c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint))
    led = [list(i.fields)[:2] for i in model._meta.indexes] + [list(c.fields)[:2] for c in unique]
    return ["account", name] in led
