"""A record edited, as whoever does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.audit.models import recorded

if TYPE_CHECKING:
    from django.db.models import Model

    from casewell.audit.actors import Actor


def edit(record: Model, by: Actor, **values: object) -> None:
    with recorded(record, "edited", by=by):  # type: ignore[arg-type]
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
