"""The outbox: an event for each change that a receiver asked for, stored with the change.

Nothing is sent here. A change that is undone takes its events, and the jobs to send them, with it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from casewell.events.kinds import TEST, EventType, Happening, happening
from casewell.events.models import Delivery, Event, WebhookEndpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from casewell.audit.models import Recordable
    from casewell.tenancy.scope import HasKey


class Listener(NamedTuple):
    """A live receiver, as much of it as is needed here."""

    id: int
    types: list[str]
    is_slow: bool


class Outbox:
    """Hears of every Change row of a practice that has a live receiver."""

    question = (
        'SELECT "id", "types", "is_slow" FROM "events_webhookendpoint"'
        ' WHERE "events_webhookendpoint"."account_id" = %s'
        ' AND "disabled_at" IS NULL AND "archived_at" IS NULL'
    )

    def hear(self, answers: list[Any], records: Sequence[Recordable], verb: str) -> None:
        found = [happening(record, verb) for record in records]
        listeners = [Listener(pk, _list(types), slow) for pk, types, slow in answers]
        _put_out(records[0].account_id, [one for one in found if one], listeners)


def tell(account: HasKey, kind: EventType, path: str, ids: Iterable[int]) -> None:
    """Put out events that no one Change row is: that a case is full, or nears its end."""
    rows = WebhookEndpoint.objects.filter(account_id=account.pk).live()
    listeners = [Listener(*row) for row in rows.values_list("id", "types", "is_slow")]
    _put_out(account.pk, [Happening(kind, path, one) for one in ids], listeners)


def put_out_test(endpoint: WebhookEndpoint) -> None:
    """Have one receiver called with an event that tells of nothing but the receiver itself."""
    listener = Listener(endpoint.pk, [TEST], endpoint.is_slow)
    _put_out(endpoint.account_id, [Happening(TEST, "", endpoint.pk)], [listener])


def _put_out(account_id: int, found: list[Happening], listeners: list[Listener]) -> None:
    """Three statements where anybody wants any of it, and one more for each further receiver."""
    from casewell.events.tasks import call_soon

    wanted = {kind for listener in listeners for kind in listener.types}
    events = [
        Event(account_id=account_id, type=one.type, path=one.path, target_id=one.target_id)
        for one in found
        if one.type in wanted
    ]
    if not events:
        return
    Event.objects.bulk_create(events)
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(account_id=account_id, endpoint_id=listener.id, event=event, next_try_at=now)
        for listener in listeners
        for event in events
        if event.type in listener.types
    )
    types = {event.type for event in events}
    for listener in listeners:
        if types.intersection(listener.types):
            call_soon(account_id, listener.id, is_slow=listener.is_slow)


def _list(types: Any) -> list[str]:
    found: list[str] = json.loads(types) if isinstance(types, str) else types
    return found
