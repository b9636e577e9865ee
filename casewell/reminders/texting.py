"""Handing text messages to the gateway: once each, and with no lock held in the call."""

from __future__ import annotations

from casewell.events.gateways import Verdict
from casewell.reminders.gateways import chosen_gateway
from casewell.reminders.models import OutgoingText
from casewell.tenancy.scope import account_scope

NO_GATEWAY = Verdict(
    taken=False, reason="No gateway for text messages is connected.", try_again=True
)


def send(account_id: int, text_id: int, *, last_try: bool) -> Verdict:
    """Hand one message over, unless that was done, and keep what became of it.

    A worker that is killed in the call makes it again under the same key, by which the gateway
    knows it.
    """
    with account_scope(account_id):
        text = OutgoingText.objects.get(pk=text_id)
        if not text.is_waiting:
            return Verdict(taken=True)
    gateway = chosen_gateway()
    verdict = gateway.send(text.pk, text.to, text.body) if gateway else NO_GATEWAY
    with account_scope(account_id):
        held = OutgoingText.objects.select_for_update(no_key=True).get(pk=text_id)
        if held.is_waiting:
            held.conclude(verdict, last_try=last_try)
    return verdict
