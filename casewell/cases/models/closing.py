"""Closing and archiving a case, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from casewell.audit.models import recorded
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from datetime import datetime

    from casewell.audit.actors import Actor


class Closable(TenantModel):
    """A case that is over for a reason, or out of the lists; both can be undone."""

    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_reason = models.CharField(max_length=255, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = True

    def close(self, reason: str = "", *, by: Actor) -> None:
        """Say that no more visits will join."""
        with recorded(self, "closed", by=by):
            self.closed_at = timezone.now()
            self.closed_by = by.member.user if by.member else None
            self.closed_reason = reason
            self.save(update_fields=["closed_at", "closed_by", "closed_reason", "updated_at"])

    def reopen(self, *, by: Actor) -> None:
        """Undo `close`."""
        with recorded(self, "reopened", by=by):
            self.closed_at, self.closed_by, self.closed_reason = None, None, ""
            self.save(update_fields=["closed_at", "closed_by", "closed_reason", "updated_at"])

    def archive(self, *, by: Actor) -> None:
        """Take this case out of lists and choices; its attendees stay linked."""
        self._set_archived_at(timezone.now(), "archived", by)

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`."""
        self._set_archived_at(None, "restored", by)

    def _set_archived_at(self, moment: datetime | None, verb: str, by: Actor) -> None:
        with recorded(self, verb, by=by):
            self.archived_at = moment
            self.save(update_fields=["archived_at", "updated_at"])
