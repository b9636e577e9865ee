"""Settings of businesses: their hours, and how one is archived and comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from casewell.accounts.models import Business
from casewell.audit.models import Change
from tests.web.pages import said

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

BUSINESS = {
    "business_name": "Beach Road",
    "time_zone": "Australia/Perth",
    "country_code": "AU",
    "opening_hours_monday_0_from": "08:30",
    "opening_hours_monday_0_to": "12:00",
    "opening_hours_monday_1_from": "13:00",
    "opening_hours_monday_1_to": "00:00",
}


def test_a_business_is_added_with_its_hours_and_edited(northside: Practice, admin: Client) -> None:
    admin.post("/northside/settings/businesses/new", BUSINESS)

    beach = Business.objects.get(business_name="Beach Road")
    assert beach.opening_hours == {"monday": [["08:30", "12:00"], ["13:00", "24:00"]]}
    shown = admin.get(f"/northside/settings/businesses/{beach.pk}").content.decode()
    assert 'name="opening_hours_monday_1_to" type="time" value="00:00"' in shown
    admin.post(f"/northside/settings/businesses/{beach.pk}", BUSINESS | {"city": "Fremantle"})
    beach.refresh_from_db()
    assert beach.city == "Fremantle"
    assert [change.verb for change in Change.objects.of(beach)] == ["edited", "created"]


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ({"0_to": "08:00"}, "Monday: closes at 08:00, before it opens at 08:30."),
        ({"0_to": ""}, "Monday: give both times, when it opens and when it closes."),
        ({"1_from": "11:00"}, "Monday: opens again at 11:00, before it closed at 12:00."),
        ({"0_from": "25:99"}, "Monday: a time is written 08:30."),
    ],
)
def test_hours_that_cannot_be_are_said_of_their_day(
    northside: Practice, admin: Client, hours: dict[str, str], sentence: str
) -> None:
    changed = {f"opening_hours_monday_{name}": value for name, value in hours.items()}

    answer = admin.post("/northside/settings/businesses/new", BUSINESS | changed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'role="group" aria-label="Monday"' in answer.content.decode()
    assert Business.objects.count() == 1


def test_a_business_with_bookings_to_come_stays_and_one_without_is_archived_and_restored(
    northside: Practice, admin: Client
) -> None:
    here = f"/northside/settings/businesses/{northside.business.pk}"
    visit = northside.attend(at=timezone.now() + timedelta(days=1))

    refused = admin.post(f"{here}/archive")
    visit.booking.archive(by=northside.by)
    archived = admin.post(f"{here}/archive")

    assert "Hill Street has 1 booking to come. Move or cancel them, then archive it." in said(
        refused
    )
    assert said(archived)[-1] == "Hill Street is archived."
    assert (
        "Hill Street" in admin.get("/northside/settings/businesses?archived=yes").content.decode()
    )
    admin.post(f"{here}/restore")
    assert Business.objects.live().count() == 1


def test_a_double_click_makes_one_business(northside: Practice, admin: Client) -> None:
    for _ in range(2):
        admin.post("/northside/settings/businesses/new", BUSINESS | {"once": "same"})

    assert Business.objects.filter(business_name="Beach Road").count() == 1
