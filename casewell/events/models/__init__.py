"""Receivers of a practice's events, the events, and what became of sending each to each."""

from __future__ import annotations

from casewell.events.models.delivery import WAITS, Delivery
from casewell.events.models.endpoint import TooManyEndpoints, WebhookEndpoint
from casewell.events.models.event import Event

__all__ = ["WAITS", "Delivery", "Event", "TooManyEndpoints", "WebhookEndpoint"]
