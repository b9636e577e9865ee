"""The pages answer, in few statements, and only to those who may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client

UNCOUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET LOCAL")


def statements_of(client: Client, url: str) -> int:
    """How many statements the page takes, as docs/architecture.md counts them."""
    caches["moment"].clear()  # nobody else has asked for it just now
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200, answer.content[:2000]
    return sum(not q["sql"].startswith(UNCOUNTED) for q in captured.captured_queries)


def fill(northside: Practice, n: int) -> Any:
    """n visits of n patients on one day, all of Ada's in one case; the case."""
    knee = northside.case(max_sessions=10, contact=northside.doctor())
    for i in range(n):
        northside.attend(knee, NOON + timedelta(hours=i))
        other = northside.patient(last_name=f"Wu{i}")
        northside.attend(northside.case(f"Back {i}", patient=other), NOON + timedelta(hours=i))
    return knee


PAGES = ("calendar", "day", "feed", "patients", "patient", "cases", "case", "contacts", "contact")


@pytest.mark.parametrize(
    "name",
    [
        *PAGES,
        "booking",
        "booking-new",
        "today",
        "today-arrivals",
        "appointments",
        "search",
        "search-found",
    ],
)
def test_a_page_takes_the_same_few_statements_for_one_row_and_for_many(
    northside: Practice, desk: Client, name: str
) -> None:
    counts = []
    for n in (1, 3):
        knee = fill(northside, n)
        slug, visit = northside.account.slug, knee.attendees.first()
        day = NOON.date()
        urls = {
            "calendar": reverse("calendar", args=[slug]),
            "day": reverse("calendar-day", args=[slug, day]),
            "feed": reverse("calendar-bookings", args=[slug, day])
            + f"?business={northside.business.pk}",
            "patients": reverse("patients", args=[slug]) + "?q=wu",
            "patient": reverse("patient", args=[slug, knee.patient_id]),
            "cases": reverse("cases", args=[slug]),
            "case": reverse("case", args=[slug, knee.pk]),
            "contacts": reverse("contacts", args=[slug]),
            "contact": reverse("contact", args=[slug, knee.contact_id]),
            "today": reverse("today-day", args=[slug, day]),
            "today-arrivals": reverse("today-day-arrivals", args=[slug, day]),
            "search": reverse("search", args=[slug]) + "?q=back",
            "search-found": reverse("search-found", args=[slug]) + "?q=wu",
            "appointments": reverse("appointments", args=[slug])
            + "?when=dates&case=some&sort=patient",
            "booking": reverse("booking", args=[slug, visit.booking_id]),
            "booking-new": reverse("booking-new", args=[slug]) + f"?patient={knee.patient_id}",
        }
        desk.get(urls[name])
        counts.append(statements_of(desk, urls[name]))
    assert counts[0] == counts[1]
    assert counts[0] <= 10
