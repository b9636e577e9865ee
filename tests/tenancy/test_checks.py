"""Each rule of the system checks refuses a model made to break it, and lets a good one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from casewell.accounts.models import Account, User
from casewell.patients.models import Patient
from casewell.tenancy.checks import problems_of
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from collections.abc import Mapping

MANAGERS = {"base_manager_name": "objects", "default_manager_name": "objects"}


def model(
    base: type[models.Model] = TenantModel,
    meta: Mapping[str, Any] | None = None,
    **fields: Any,
) -> type[models.Model]:
    """A model called Bad, of this app, with these fields and options."""
    kind = MANAGERS if base is TenantModel else {}
    names: dict[str, Any] = {
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "tenancy", **kind, **(meta or {})}),
    }
    if base is TenantModel:
        names["account"] = AccountField(to=Account, related_name="+")
    made: type[models.Model] = type("Bad", (base,), names | fields)
    return made


def of_patient(**changed: Any) -> dict[str, Any]:
    """A relation to a tenant table, with the index that it needs."""
    options: dict[str, Any] = {"on_delete": models.CASCADE, "related_name": "+"} | changed
    return {
        "patient": TenantForeignKey(to=Patient, **options),
        "meta": {"indexes": [models.Index(fields=["account", "patient"], name="by_patient")]},
    }


def plain(to: Any, on_delete: Any = models.PROTECT, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(to, on_delete, related_name="+", db_index=False, **options)


def unique(**options: Any) -> dict[str, Any]:
    return {"constraints": [models.UniqueConstraint(name="unique_bad", **options)]}


def excluding(*names: str) -> dict[str, Any]:
    pairs: list[tuple[str | models.F, str]] = [(models.F(name), "=") for name in names]
    return {"constraints": [ExclusionConstraint(name="apart", expressions=pairs)]}


def broken() -> dict[str, tuple[str, dict[str, Any]]]:
    """What is wrong, the number of its refusal, and how to make such a model."""
    text, number = models.CharField, models.IntegerField
    indexes = {"indexes": [models.Index(fields=["name"], name="by_name")]}
    pointing = {"base": models.Model, "id": models.BigIntegerField(primary_key=True)}
    loose = {"base_manager_name": "objects", "default_manager_name": "others"}
    return {
        "a table of no kind": ("E001", pointing),
        "a shared table that points in": ("E002", pointing | {"patient": plain(Patient)}),
        "an account that may be absent": (
            "E003",
            {"account": AccountField(to=Account, related_name="+", null=True)},
        ),
        "an id from a sequence": ("E004", {"id": models.BigAutoField(primary_key=True)}),
        "a relation of many to many": (
            "E006",
            {"patients": models.ManyToManyField(Patient, related_name="+")},
        ),
        "a column unique by itself": ("E007", {"name": text(max_length=5, unique=True)}),
        "a plain key to a tenant table": ("E008", {"patient": plain(Patient)}),
        "nulled with its target": (
            "E009",
            of_patient(on_delete=models.SET_NULL, null=True),
        ),
        "a key to a local table": ("E010", {"kind": plain(ContentType)}),
        "a cascade from a shared table": ("E011", {"user": plain(User, models.CASCADE)}),
        "together without the account": (
            "E012",
            {"a": number(), "b": number(), "meta": {"unique_together": [("a", "b")]}},
        ),
        "unique without the account": ("E012", {"a": number(), "meta": unique(fields=["a"])}),
        "excluding across accounts": ("E012", {"a": number(), "meta": excluding("a")}),
        "a constraint that waits": (
            "E013",
            {
                "a": number(),
                "meta": unique(fields=["account", "a"], deferrable=models.Deferrable.DEFERRED),
            },
        ),
        "an index without the account": ("E014", {"name": text(max_length=5), "meta": indexes}),
        "an indexed column": ("E014", {"a": number(db_index=True)}),
        "a manager without the scope": ("E015", {"others": models.Manager(), "meta": loose}),
        "a key of any kind": (
            "E016",
            {
                "content_type": number(),
                "object_id": number(),
                "target": GenericForeignKey("content_type", "object_id"),
            },
        ),
        "a relation without an index": ("E017", of_patient() | {"meta": {}}),
    }


def numbers(bad: type[models.Model]) -> set[str]:
    return {str(each.id).removeprefix("tenancy.") for each in problems_of(bad)}


@isolate_apps("casewell.tenancy")
@pytest.mark.parametrize("wrong", broken())
def test_a_model_that_would_not_distribute_is_refused(wrong: str) -> None:
    number, parts = broken()[wrong]

    assert number in numbers(model(**parts))


@isolate_apps("casewell.tenancy")
def test_a_model_in_two_tables_is_refused() -> None:
    base = model()
    child: type[models.Model] = type(
        "Child",
        (base,),
        {
            "__module__": __name__,
            "account_again": AccountField(to=Account, related_name="+"),
            "Meta": type("Meta", (), {"app_label": "tenancy"}),
        },
    )

    assert "E005" in numbers(child)


@isolate_apps("casewell.tenancy")
def test_a_model_that_keeps_the_rules_passes() -> None:
    relation = of_patient()
    relation["meta"] |= unique(fields=["account", "a"])

    assert numbers(model(a=models.IntegerField(), user=plain(User), **relation)) == set()


@isolate_apps("casewell.tenancy")
def test_an_exclusion_inside_the_account_passes() -> None:
    assert numbers(model(a=models.IntegerField(), meta=excluding("account", "a"))) == set()


def test_the_projects_own_tables_pass_every_check() -> None:
    assert [str(each) for each in run_checks(databases=[])] == []
