"""A booking dragged in the calendar: what is sent, and where it then is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

    from casewell.appointments.models import Booking


def sent(desk: Client, one: Booking, **to: Any) -> tuple[int, dict[str, Any]]:
    """The answer's status and what it says."""
    answer = desk.post(f"/northside/bookings/{one.pk}/place", to)
    return answer.status_code, answer.json()


def span_of(one: Booking) -> tuple[datetime, datetime]:
    one.refresh_from_db()
    return one.starts_at, one.ends_at
