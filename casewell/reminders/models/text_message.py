"""Text messages of a practice: written down with what they tell of, handed over by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils import timezone

from casewell.letters.models import Communication
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from casewell.events.gateways import Verdict


class OutgoingText(TenantModel):
    """One text message: waiting, sent or failed. Its text is forgotten once it is either."""

    account = AccountField(related_name="outgoing_texts")
    communication = TenantForeignKey(Communication, models.PROTECT, related_name="texts")
    to = models.CharField(max_length=20)
    body = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "communication"], name="texts_of_communication")
        ]

    def __str__(self) -> str:
        return f"text message to {self.to}"

    @property
    def is_waiting(self) -> bool:
        return self.sent_at is None and self.failed_at is None

    def conclude(self, verdict: Verdict, *, last_try: bool) -> None:
        """Keep what became of it; one that is to be tried again goes on waiting."""
        self.reason = verdict.reason[:500]
        if verdict.taken:
            self.sent_at, self.body = timezone.now(), ""
        elif last_try or not verdict.try_again:
            self.failed_at, self.body = timezone.now(), ""
        self.save()
