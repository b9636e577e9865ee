"""A practitioner's calendar as other programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import vobject
from django.test import Client

from casewell.appointments.models import CalendarFeed

if TYPE_CHECKING:
    from tests.world import Practice


def address_of(practice: Practice, **fields: Any) -> str:
    """A new address of Amy's calendar."""
    maker = practice.member.user
    _, text = CalendarFeed.make(practice.amy, maker, by=practice.by, **fields)
    return f"/calendars/{practice.account.pk}/{text}.ics"


def events(address: str, **headers: str) -> list[Any]:
    answer = Client().get(address, headers=headers)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = vobject.readOne(answer.content.decode())
    return list(getattr(calendar, "vevent_list", []))


def told(address: str) -> list[str]:
    return [event.summary.value for event in events(address)]
