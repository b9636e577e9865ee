"""What tests of pages share: what a page says, and what its commonest form sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.messages import get_messages

from tests.world import words_in

if TYPE_CHECKING:
    from tests.world import Practice

SLUG = "/northside"
LONG = "Ü" * 300


def text_of(answer: Any) -> str:
    """What a page says, without its tags and what frames it."""
    return words_in(answer.content.decode().split("<main", 1)[-1].split("</main>")[0])


def said(answer: Any) -> list[str]:
    """The messages that the answer leaves for the next page."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def booked(practice: Practice, **fields: Any) -> dict[str, Any]:
    """What the form of a new appointment sends: Ada's, without a case."""
    return {
        "patient": practice.ada.pk,
        "practitioner": practice.amy.pk,
        "business": practice.business.pk,
        "appointment_type": practice.standard.pk,
        "date": "2026-03-05",
        "time": "10:00",
        "case": "none",
    } | fields
