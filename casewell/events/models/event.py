"""An event: that something became of a record. Whoever is told of it reads the record itself."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any, ClassVar

from django.db import models

from casewell.events.kinds import ADDRESS
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantModel


class Event(TenantModel):
    """Written by the change itself, in its transaction; `created_at` is when it happened.

    It holds ids and nothing personal: its copy lies with receivers, in their logs and queues.
    """

    account = AccountField(related_name="events")
    type = models.CharField(max_length=50)
    path = models.CharField(max_length=50, blank=True)  # of its kind of record in the API
    target_id = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["account", "created_at"], name="events_by_age")]

    def __str__(self) -> str:
        return f"{self.type} {self.target_id}"

    @property
    def message_id(self) -> str:
        """By which a receiver knows a message that comes again."""
        return f"evt_{self.pk}"

    @property
    def payload(self) -> bytes:
        """What is sent: the same bytes at every try.

        The link has no host, for a practice's clients reach the API by several.
        """
        here = f"{ADDRESS}/{self.path}/{self.target_id}"
        told: dict[str, Any] = {
            "type": self.type,
            "timestamp": self.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "data": {"id": str(self.target_id), "links": {"self": here} if self.path else {}},
        }
        return json.dumps(told, separators=(",", ":")).encode()
