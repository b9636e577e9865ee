"""Archiving: out of the choices, in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.audit.models import recorded

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


def archive(record: Any, *, by: Actor) -> None:
    """Take a record with `archived_at` out of what can be chosen."""
    if record.archived_at is None:
        with recorded(record, "archived", by=by):
            record.archived_at = timezone.now()
            record.save(update_fields=["archived_at", "updated_at"])


def restore(record: Any, *, by: Actor) -> None:
    """Undo `archive`."""
    with recorded(record, "restored", by=by):
        record.archived_at = None
        record.save(update_fields=["archived_at", "updated_at"])
