"""Indexes that tables of the practices' records have in common."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

ARCHIVED = ("archived_at",)


def by_time(name: str, *columns: str, seldom: tuple[str, ...] = ()) -> list[models.Index]:
    """What records are found by that were made, changed and the like within some time.

    `name` is what the records are called. Most rows have no value in a column of `seldom`, and
    are not in its index.
    """
    known: list[tuple[str, Q | None]] = [(column, None) for column in columns]
    known += [(column, Q(**{f"{column}__isnull": False})) for column in seldom]
    return [
        models.Index(
            fields=["account", column, "id"],
            name=f"{name}_by_{column.removesuffix('_at')}",
            condition=condition,
        )
        for column, condition in known
    ]
