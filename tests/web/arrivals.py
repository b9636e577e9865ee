"""The list of those who arrive on a day, as a browser reads it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.world import NOON, words_in

if TYPE_CHECKING:
    from django.test import Client

    from casewell.appointments.models import Attendee

TODAY = "/northside/today"
HOUR = timedelta(hours=1)
LATER = NOON + 4 * HOUR


def row_of(desk: Client, visit: Attendee, url: str = TODAY) -> str:
    """What the visit's row says, without its tags."""
    shown = desk.get(url).content.decode()
    found = re.search(rf'<tr id="arrival-{visit.pk}".*?</tr>', shown, re.DOTALL)
    return words_in(found[0]) if found else ""


def times_in(answer: Any) -> list[str]:
    return re.findall(r'arrivals__time".*?>([\d:]+ [ap]m)<', answer.content.decode(), re.DOTALL)
