"""A round of calls to one receiver: what is due there, one after the other, by one worker alone.

Each call lies between two transactions: one says who calls and what, the other what came of it. A
worker that is killed between them leaves a claim that ends by itself, and the call is made again
with the same message id.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.utils import timezone
from standardwebhooks import Webhook

from casewell.audit.actors import Actor
from casewell.events.models import Delivery, WebhookEndpoint
from casewell.events.models.endpoint import GONE, LEASE, LOCKED, UNANSWERED
from casewell.events.sending import Outcome, Parcel, post
from casewell.lib.sealing import NotOpened
from casewell.tenancy.ids import new_id
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from datetime import datetime

MOST_CALLS, MOST_SECONDS = 50, 20.0
SLOW = 2_000  # milliseconds
HTTP_GONE = 410
# Answers by which a server says that it cannot take more now.
OVERLOADED = frozenset({429, 502, 503, 504})
BY = Actor(job="webhooks")


@dataclass(eq=False)
class Round:
    """What one job does for one receiver; `is_slow` is what became known of it."""

    account_id: int
    endpoint_id: int
    is_slow: bool = False
    is_anothers: bool = field(default=False, init=False)
    claim: int = field(default_factory=new_id, init=False)

    async def run(self) -> datetime | None:
        """Make the calls that are due; when a job is to look again, None where one will.

        To a slow receiver one call is made at a time, so that others have their turn.
        """
        began, calls = time.monotonic(), 0
        while calls < MOST_CALLS and time.monotonic() - began < MOST_SECONDS:
            taken = await sync_to_async(self.take)()
            if taken is None:
                break
            delivery_id, parcel = taken
            outcome = await post(parcel)
            await sync_to_async(self.keep)(delivery_id, outcome)
            calls += 1
            if self.is_slow:
                break
        return None if self.is_anothers else await sync_to_async(self.leave)()

    def take(self) -> tuple[int, Parcel] | None:
        """Claim the receiver and its next call; None where there is none to make, or not now.

        Who finds another's claim leaves: what is committed by then, the other will still see.
        """
        now = timezone.now()
        with account_scope(self.account_id):
            endpoint = self._held()
            if endpoint is None:
                return None
            self.is_anothers = self._is_anothers(endpoint, now)
            rests = endpoint.rests_until is not None and endpoint.rests_until > now
            if self.is_anothers or rests or not endpoint.is_live:
                return None
            due = endpoint.deliveries.due(now).select_related("event")
            delivery = due.order_by("next_try_at", "id").first()
            if delivery is None:
                return None
            try:
                call = parcel(delivery, endpoint, now)
            except NotOpened:
                endpoint.give_up(LOCKED, by=BY)
                return None
            endpoint.claim, endpoint.claimed_until = self.claim, now + LEASE
            endpoint.save(update_fields=["claim", "claimed_until"])
            return delivery.pk, call

    def keep(self, delivery_id: int, outcome: Outcome) -> None:
        """Write down what came of a call."""
        now = timezone.now()
        with account_scope(self.account_id):
            endpoint = self._held()
            delivery = Delivery.objects.waiting().filter(pk=delivery_id).first()
            if endpoint is None or delivery is None:
                return  # removed, or told by a second caller, whose claim came after ours
            gone = outcome.status == HTTP_GONE
            delivery.note(outcome, now, for_good=gone)
            slowly = outcome.milliseconds > SLOW
            if outcome.is_success:
                endpoint.answered(slowly=slowly)
            else:
                reached = outcome.status is not None and outcome.status not in OVERLOADED
                endpoint.failed(now, is_reached=reached, slowly=slowly)
            endpoint.save(update_fields=WebhookEndpoint.NOTED_OF_CALLS)
            self.is_slow = endpoint.is_slow
            if endpoint.is_live and (gone or endpoint.is_given_up(now)):
                endpoint.give_up(GONE if gone else UNANSWERED, by=BY)

    def leave(self) -> datetime | None:
        """Give the claim back; when a job is to look here again.

        Under the receiver's lock, so who was turned away before has committed what it came for.
        """
        now = timezone.now()
        with account_scope(self.account_id):
            endpoint = self._held()
            if endpoint is None or self._is_anothers(endpoint, now):
                return None
            waiting = endpoint.deliveries.waiting().order_by("next_try_at")
            first = waiting.first() if endpoint.is_live else None
            again_at = endpoint.wake(first.next_try_at if first else None, now)
            endpoint.claimed_until = None
            endpoint.save(update_fields=["claimed_until", "wakes_at"])
            return again_at

    def _held(self) -> WebhookEndpoint | None:
        rows = WebhookEndpoint.objects.kept().select_for_update(no_key=True)
        return rows.filter(pk=self.endpoint_id).first()

    def _is_anothers(self, endpoint: WebhookEndpoint, now: datetime) -> bool:
        claimed = endpoint.claimed_until is not None and endpoint.claimed_until > now
        return claimed and endpoint.claim != self.claim


def parcel(delivery: Delivery, endpoint: WebhookEndpoint, now: datetime) -> Parcel:
    """The call for a delivery, signed for this moment."""
    event = delivery.event
    body = event.payload
    signed = [
        Webhook(secret).sign(event.message_id, now, body.decode())
        for secret in endpoint.secrets_at(now)
    ]
    headers = {
        "webhook-id": event.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }
    return Parcel(endpoint.url, headers, body)
