"""Rows that are locked and read together with what they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model, QuerySet

ModelT = TypeVar("ModelT", bound="Model")


def one_held(rows: QuerySet[ModelT], pk: Any) -> ModelT:
    """The row with that key, out of `rows` that lock and join. Raises as `get` does.

    PostgreSQL joins before it waits. Who waited for a row that came to belong to another patient
    is told that there is none; asked again, it is there.
    """
    try:
        return rows.get(pk=pk)
    except ObjectDoesNotExist:
        return rows.get(pk=pk)


def all_held(rows: QuerySet[ModelT], keys: Collection[Any]) -> list[ModelT]:
    """As `one_held`, for many, in order of their ids."""
    wanted = rows.filter(pk__in=keys).order_by("pk")
    found = list(wanted)
    return found if len(found) == len(keys) else list(wanted.all())
