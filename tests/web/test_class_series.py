"""A class that repeats: booked so from its page, moved, noted, cancelled and archived in part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.roles import Role
from casewell.appointments.models import Booking
from tests.appointments.a_class import filled, inside
from tests.web.pages import SLUG, said, text_of
from tests.web.series import dates_in, weekly
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
NEW = f"{SLUG}/classes/new"


@pytest.fixture
def sent(northside: Practice) -> dict[str, Any]:
    """What the form of a class sends that is held four Mondays."""
    pilates = northside.account.appointment_types.create(
        name="Pilates", duration_in_minutes=50, max_attendees=8
    )
    return weekly(northside, 4, appointment_type=pilates.pk, places="")


@pytest.fixture
def four(desk: Client, sent: dict[str, Any]) -> list[Booking]:
    """Those classes, in order of time."""
    assert desk.post(NEW, sent).status_code == 302
    return list(Booking.objects.filter(kind=Booking.Kind.GROUP).order_by("starts_at"))


def test_a_class_repeats_from_its_page_without_the_dates_that_are_left_out(
    desk: Client, sent: dict[str, Any]
) -> None:
    assert "Does not repeat" in text_of(desk.get(NEW))
    shown = desk.post(NEW, sent | {"look": "yes"})
    assert shown.status_code == 200
    assert 'role="alert"' not in shown.content.decode()
    assert "4 classes, Mon 16 Mar 2026 – Mon 6 Apr 2026." in text_of(shown)
    assert len(dates_in(shown)) == 4
    assert not Booking.objects.exists()

    made = desk.post(NEW, sent | {"dates": ["2026-03-23:skip"]})

    classes = Booking.objects.order_by("starts_at")
    assert [f"{one.local_start:%d %b %H:%M}" for one in classes] == [
        "16 Mar 09:00",
        "30 Mar 09:00",
        "06 Apr 09:00",
    ]
    assert {(one.kind, one.max_attendees, one.minutes) for one in classes} == {("group", 8, 50)}
    assert made["Location"] == f"{SLUG}/bookings/{classes[0].pk}"
    assert "1st of 3, weekly" in text_of(desk.get(made["Location"]))


def test_a_class_and_those_that_follow_are_cancelled_with_everybody_in_them(
    northside: Practice, desk: Client, four: list[Booking]
) -> None:
    for one in four:
        filled(northside, one, "Cy", "Di")
    page = f"{SLUG}/bookings/{four[1].pk}"

    form = {"reason": 30, "note": "", "reach": "following"}
    answer = desk.post(f"{page}/cancellation", form)

    assert said(answer) == ["3 classes are cancelled: Mon 23 Mar 2026 – Mon 6 Apr 2026."]
    assert [inside(one) for one in four] == [["Cy", "Di"], [], [], []]
    off = Booking.objects.exclude(cancelled_at=None).order_by("starts_at")
    assert list(off) == four[1:]


def test_a_class_is_moved_noted_and_archived_as_far_as_is_said(
    desk: Client, four: list[Booking]
) -> None:
    page = f"{SLUG}/bookings/{four[2].pk}"
    desk.post(f"{page}/note", {"notes": "Bring a mat", "reach": "all"})
    desk.post(f"{page}/archive", {"reach": "one"})
    move = {"date": "2026-03-17", "time": "10:00", "minutes": "50", "reach": "all"}
    move |= {"business": four[0].business_id, "practitioner": four[0].practitioner_id}
    desk.post(f"{SLUG}/bookings/{four[0].pk}/time", move)

    now = Booking.objects.order_by("starts_at")
    assert {one.notes for one in now} == {"Bring a mat"}
    assert [(f"{one.local_start:%a %d %H:%M}", bool(one.archived_at)) for one in now] == [
        ("Tue 17 10:00", False),
        ("Tue 24 10:00", False),
        ("Mon 30 09:00", True),
        ("Tue 07 10:00", False),
    ]


def test_the_page_of_a_class_asks_how_far_only_where_it_repeats(
    desk: Client, four: list[Booking]
) -> None:
    page = f"{SLUG}/bookings/{four[0].pk}"
    asked = desk.get(page).content.decode()
    assert asked.count("<legend>Of the series</legend>") == 5

    desk.post(f"{page}/cancellation", {"reason": 30, "note": "", "reach": "one"})

    assert "Archive" in text_of(desk.get(page))
    assert "Of the series" not in text_of(desk.get(page))


def test_the_page_of_a_class_of_a_series_takes_ten_statements(
    northside: Practice, desk: Client, four: list[Booking]
) -> None:
    filled(northside, four[0], "Cy", "Di")
    page = f"{SLUG}/bookings/{four[0].pk}"

    assert [statements_of(desk, page) for _ in range(2)][1] == 10


def test_the_page_of_one_patient_in_a_class_of_a_series_acts_on_that_patient_alone(
    northside: Practice, desk: Client, four: list[Booking]
) -> None:
    northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR)
    filled(northside, four[0], "Cy")
    visit = four[0].attendees.get()
    page = f"{SLUG}/bookings/{four[0].pk}?visit={visit.pk}"

    shown = desk.get(page)

    assert "Take out" in text_of(shown)
    assert "Of the series" not in text_of(shown)
    sent_to = {*re.findall(r'action="([^"?]*/archive)([^"]*)"', shown.content.decode())}
    assert {more for _, more in sent_to} == {f"?visit={visit.pk}"}
