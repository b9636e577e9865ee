"""The calendar's feed as its script reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.world import NOON

if TYPE_CHECKING:
    from datetime import date

    from django.test import Client

TUESDAY = NOON.date()


def feed(desk: Client, day: date = TUESDAY, **asked: Any) -> Any:
    answer = desk.get(reverse("calendar-bookings", args=["northside", day]), asked)
    assert answer.status_code == 200
    return answer.json()
