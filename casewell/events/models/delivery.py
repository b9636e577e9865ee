"""A delivery: one event to one receiver, with every try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from casewell.audit.models import record_change
from casewell.events.models.endpoint import WebhookEndpoint
from casewell.events.models.event import Event
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.audit.actors import Actor
    from casewell.events.sending import Outcome

# After each try that failed, as the specification of Standard Webhooks has it: three days in all.
WAITS = [
    *(timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
]
MOST_TOLD = 30  # tries that are kept, with those of sending again


@dataclass(frozen=True)
class Try:
    """What came of one call, as it is shown."""

    at: datetime
    words: str
    milliseconds: int

    @classmethod
    def of(cls, one: dict[str, Any]) -> Try:
        """From an entry of the log."""
        at, status = datetime.fromisoformat(one["at"]), one["status"]
        return cls(at, f"answered {status}" if status else one["reason"], one["ms"])


class DeliveryQuerySet(TenantQuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        return self.filter(next_try_at__isnull=False)

    def due(self, now: datetime) -> DeliveryQuerySet:
        return self.filter(next_try_at__lte=now)

    def failed(self) -> DeliveryQuerySet:
        return self.filter(failed_at__isnull=False)

    def in_state(self, state: str) -> DeliveryQuerySet:
        """Those that are waiting, delivered or failed; all of them for another word."""
        columns = {"waiting": "next_try_at", "delivered": "done_at", "failed": "failed_at"}
        return self.filter(**{f"{columns[state]}__isnull": False}) if state in columns else self

    def again(self) -> int:
        """Have these sent anew, from the first try on; how many they are."""
        now = timezone.now()
        return self.update(next_try_at=now, tries=0, done_at=None, failed_at=None, updated_at=now)


DeliveryManager = TenantManager.from_queryset(DeliveryQuerySet)


class Delivery(TenantModel):
    """Waiting for its next try, done or failed. `log` holds its tries, the last one last."""

    account = AccountField(related_name="deliveries")
    endpoint = TenantForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    event = TenantForeignKey(Event, models.CASCADE, related_name="deliveries")
    tries = models.PositiveSmallIntegerField(default=0)
    log = models.JSONField(default=list)
    next_try_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[DeliveryManager] = DeliveryManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["account", "endpoint", "next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="deliveries_waiting",
            ),
            models.Index(fields=["account", "endpoint", "id"], name="deliveries_of_endpoint"),
            models.Index(fields=["account", "event"], name="deliveries_of_event"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=False, done_at=None, failed_at=None)
                | Q(next_try_at=None, done_at__isnull=False, failed_at=None)
                | Q(next_try_at=None, done_at=None, failed_at__isnull=False),
                name="delivery_waits_or_is_over",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"

    @property
    def state(self) -> str:
        return "delivered" if self.done_at else "failed" if self.failed_at else "waiting"

    @property
    def said(self) -> list[Try]:
        """The tries that are kept, the latest first."""
        return [Try.of(one) for one in reversed(self.log)]

    def note(self, outcome: Outcome, now: datetime, *, for_good: bool = False) -> None:
        """Keep what came of a try, and when the next one is: none after a success or the last."""
        said = {"at": now.isoformat(), "status": outcome.status, "reason": outcome.reason}
        self.log = [*self.log, said | {"ms": outcome.milliseconds}][-MOST_TOLD:]
        self.tries += 1
        self.next_try_at = None
        if outcome.is_success:
            self.done_at = now
        elif for_good or self.tries > len(WAITS):
            self.failed_at = now
        else:
            self.next_try_at = now + WAITS[self.tries - 1]
        self.save()

    def send_again(self, *, by: Actor) -> None:
        """Send it anew, whatever came of it; it has the same message id."""
        record_change(self.endpoint, "sent again", {"deliveries": [None, 1]}, by=by)
        type(self).objects.filter(pk=self.pk).again()
        self.endpoint.call_soon()

    @classmethod
    def send_failed_again(cls, endpoint: WebhookEndpoint, since: datetime, *, by: Actor) -> int:
        """Send anew what has failed there since that moment; how many they are."""
        count = endpoint.deliveries.failed().filter(failed_at__gte=since).again()
        if count:
            record_change(endpoint, "sent again", {"deliveries": [None, count]}, by=by)
            endpoint.call_soon()
        return count
