"""Receivers, and rounds of calls, as the tests of webhooks have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync

from casewell.events.kinds import EventType
from casewell.events.models import Event, WebhookEndpoint
from casewell.events.rounds import Round

if TYPE_CHECKING:
    from datetime import datetime

    from tests.world import Practice

ALL = [kind.value for kind in EventType]
NOWHERE = "https://receiver.example/hook"


def listen(
    practice: Practice, url: str = NOWHERE, types: list[str] | None = None, **fields: Any
) -> tuple[WebhookEndpoint, str]:
    """A receiver of a practice, and its secret."""
    types = ALL if types is None else types
    endpoint = WebhookEndpoint(account=practice.account, url=url, types=types, **fields)
    secret = endpoint.new_secret()
    endpoint.save(force_insert=True)
    return endpoint, secret


def call(endpoint: WebhookEndpoint, *, is_slow: bool = False) -> datetime | None:
    """A round of calls, in this process."""
    again_at: datetime | None = async_to_sync(
        Round(endpoint.account_id, endpoint.pk, is_slow).run
    )()
    return again_at


def happened() -> list[str]:
    """The types of all events, in their order."""
    return list(Event.objects.order_by("created_at", "id").values_list("type", flat=True))
