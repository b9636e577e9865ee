"""A booking of a series in its panel and in the calendar: which it is, how far an act goes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.appointments.models import Attendee, Booking, CancellationReason
from casewell.appointments.models.repeating import book_series, occurrences
from casewell.lib.recurrence import Frequency, Rule
from tests.web.moving import sent
from tests.web.pages import SLUG, said, text_of
from tests.web.test_pages import statements_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
WEEK = timedelta(weeks=1)


@pytest.fixture
def series(northside: Practice) -> list[Booking]:
    """Ada's five Wednesdays at noon, from tomorrow on, in a case of ten."""
    rule = Rule(Frequency.WEEKLY, times=5)
    bookings = occurrences(northside.booking(NOON + timedelta(days=1)), rule)
    knee = northside.case(max_sessions=10)
    book_series(bookings, rule, northside.ada, knee, by=northside.by)
    return bookings


def starts(series: list[Booking]) -> list[str]:
    rows = Booking.objects.filter(pk__in=[one.pk for one in series]).select_related("business")
    return [f"{one.local_start:%d %b %H:%M}" for one in rows.order_by("id")]


def act(desk: Client, one: Booking, path: str, **form: Any) -> Any:
    answer = desk.post(f"{SLUG}/bookings/{one.pk}/{path}", form)
    assert answer.status_code == 302, text_of(answer)
    return answer


def test_the_panel_says_which_of_how_many_it_is_and_leads_to_the_others(
    desk: Client, series: list[Booking]
) -> None:
    page = desk.get(f"{SLUG}/bookings/{series[2].pk}")

    assert "Repeats 3rd of 5, weekly" in text_of(page)
    part = page.content.decode().split('class="series-dates"')[1].split("</details>")[0]
    linked = re.findall(r'href="/northside/bookings/(\d+)"', part)
    assert linked == [str(one.pk) for one in series]
    assert "Wed 1 Apr 2026, 12:00 pm" in part


def test_what_does_not_repeat_asks_for_no_reach(northside: Practice, desk: Client) -> None:
    alone = northside.attend()

    page = desk.get(f"{SLUG}/bookings/{alone.booking_id}").content.decode()

    assert "Repeats" not in page
    assert 'name="reach"' not in page


def test_the_panel_of_a_long_series_takes_few_statements(
    northside: Practice, desk: Client, series: list[Booking]
) -> None:
    rule = Rule(Frequency.WEEKLY, times=50)
    long = occurrences(northside.booking(NOON + timedelta(hours=2)), rule)
    book_series(long, rule, northside.ada, by=northside.by)
    pages = [f"{SLUG}/bookings/{one.pk}" for one in (series[0], series[0], long[0])]

    assert [statements_of(desk, page) for page in pages][1:] == [10, 10]


def test_the_panel_moves_this_one_or_those_that_follow_too(
    desk: Client, series: list[Booking]
) -> None:
    one = Booking.objects.get(pk=series[2].pk)
    place = {"business": one.business_id, "practitioner": one.practitioner_id, "minutes": "45"}
    place |= {"date": "2026-03-19", "time": "12:00"}

    answer = act(desk, one, "time", reach="following", **place)

    assert starts(series) == [
        "04 Mar 12:00",
        "11 Mar 12:00",
        "19 Mar 12:00",
        "26 Mar 12:00",
        "02 Apr 12:00",
    ]
    assert said(answer) == ["3 appointments are moved: Thu 19 Mar 2026 – Thu 2 Apr 2026."]
    assert "1st of 3, weekly" in text_of(desk.get(f"{SLUG}/bookings/{one.pk}"))
    act(desk, series[0], "time", **place | {"date": "2026-03-03", "time": "15:00"})
    assert starts(series)[:2] == ["03 Mar 15:00", "11 Mar 12:00"]


def test_moved_together_each_tells_what_it_now_clashes_with(
    northside: Practice, desk: Client, series: list[Booking]
) -> None:
    at = series[3].starts_at + timedelta(days=1)
    northside.attend(at=at, patient=northside.patient())
    one = Booking.objects.get(pk=series[2].pk)
    place = {"business": one.business_id, "practitioner": one.practitioner_id, "minutes": "45"}

    answer = act(desk, one, "time", reach="all", date="2026-03-19", time="12:00", **place)

    assert said(answer)[1:] == ["Thu 26 Mar 2026: Amy Shaw has Ben Wu 12:00 – 12:45 pm."]


def test_cancel_type_note_and_archive_go_as_far_as_they_are_meant(
    northside: Practice, admin: Client, series: list[Booking]
) -> None:
    long = northside.account.appointment_types.create(name="Long", duration_in_minutes=60)
    sick = str(CancellationReason.SICK)

    act(admin, series[2], "cancellation", reason=sick, note="Flu", reach="one")
    act(admin, series[3], "type", appointment_type=long.pk, minutes="", reach="following")
    act(admin, series[0], "note", notes="Brings scans", reach="all")
    answer = act(admin, series[3], "archive", reach="following")

    rows = list(Booking.objects.filter(pk__in=[one.pk for one in series]).order_by("id"))
    assert [bool(one.cancelled_at) for one in rows] == [False, False, True, False, False]
    assert [one.minutes for one in rows] == [45, 45, 45, 60, 60]
    assert [one.notes for one in rows] == ["Brings scans"] * 2 + [""] + ["Brings scans"] * 2
    assert [bool(one.archived_at) for one in rows] == [False] * 3 + [True] * 2
    assert said(answer)[-1] == "2 appointments are archived: Wed 25 Mar 2026 – Wed 1 Apr 2026."
    assert Attendee.objects.live().count() == 2
    assert "2nd of 3, weekly" in text_of(admin.get(f"{SLUG}/bookings/{series[1].pk}"))
    called_off = f"{SLUG}/bookings/{series[2].pk}"
    assert f'action="{called_off}/archive"' in admin.get(called_off).content.decode()


def test_a_refused_cancellation_keeps_how_far_it_was_meant(
    desk: Client, series: list[Booking]
) -> None:
    answer = desk.post(
        f"{SLUG}/bookings/{series[2].pk}/cancellation", {"reason": "", "reach": "following"}
    )

    assert answer.status_code == 422
    assert 'id="cancel-reach-following" checked' in answer.content.decode()


def test_a_drag_moves_one_then_those_that_follow_and_takes_both_back(
    desk: Client, series: list[Booking]
) -> None:
    one = Booking.objects.get(pk=series[2].pk)

    status, moved = sent(desk, one, start="2026-03-19T12:00", seen=one.version)
    assert (status, moved["too"]["label"]) == (200, "The 2 that follow too")
    assert starts(series)[2:] == ["19 Mar 12:00", "25 Mar 12:00", "01 Apr 12:00"]

    status, too = sent(desk, one, start="2026-03-19T12:00", **moved["too"]["form"])
    assert status == 200, too
    assert too["said"].endswith("12:00 pm with Amy Shaw, and 2 more of the series")
    assert starts(series)[2:] == ["19 Mar 12:00", "26 Mar 12:00", "02 Apr 12:00"]

    status, back = sent(desk, one, undo="yes", **too["undo"])
    assert status == 200, back
    assert starts(series)[2:] == ["18 Mar 12:00", "25 Mar 12:00", "01 Apr 12:00"]


def test_a_drag_of_the_last_one_offers_nothing_more(desk: Client, series: list[Booking]) -> None:
    _, moved = sent(desk, series[4], start="2026-04-02T12:00")

    assert moved["too"] is None


def test_where_it_was_before_must_be_a_place(desk: Client, series: list[Booking]) -> None:
    status, refused = sent(
        desk, series[1], former_start="soon", former_business="1", reach="following"
    )

    assert (status, refused["refusal"]) == (422, "Nobody knows where it was before.")


def test_tiles_mark_what_repeats(northside: Practice, desk: Client, series: list[Booking]) -> None:
    northside.attend(at=NOON + timedelta(days=1, hours=2))
    business = northside.business.pk

    feed = desk.get(f"{SLUG}/calendar/2026-03-04/bookings?business={business}").json()

    marked = {tile["id"]: "repeats" in tile["marks"] for tile in feed["bookings"]}
    assert sorted(marked.values()) == [False, True]
    assert marked[str(series[0].pk)]
