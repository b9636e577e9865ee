"""Who on the waiting list fits into what was freed, in the panel and on the list; giving it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.waiting.world import LATER, wait, wait_with_visit
from tests.web.pages import said, text_of
from tests.world import NOON, Practice, words_in

if TYPE_CHECKING:
    from django.test import Client

    from casewell.appointments.models import Booking

pytestmark = pytest.mark.usefixtures("at_noon")
HERE = "/northside/waiting"
TWO = NOON + timedelta(hours=2)


def slot(practice: Practice, at: Any = TWO, **fields: Any) -> dict[str, Any]:
    """What a click on “here” sends."""
    given = {"practitioner": practice.amy.pk, "business": practice.business.pk}
    return given | {"starts_at": at.isoformat()} | fields


def fits_in(answer: Any) -> str:
    """What the part about who fits says."""
    shown = answer.content.decode().partition('<div id="fits">')[2]
    return words_in(shown.partition('<p class="no-print">')[0])


def test_after_a_cancellation_the_panel_shows_who_fits_and_gives_them_the_time(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend(at=TWO, patient=northside.patient())
    entry = wait_with_visit(northside, urgency=1, note="Works nights")
    panel = f"/northside/bookings/{visit.booking_id}"
    assert f"{panel}/fits" not in desk.get(panel).content.decode()

    cancelled = desk.post(f"{panel}/cancellation", {"reason": "30"}, follow=True)
    assert f'hx-get="{panel}/fits"' in cancelled.content.decode()
    shown = desk.get(f"{panel}/fits")
    assert "1 on the waiting list fits Tue 3 Mar 2026, 2:00 pm – 6:00 pm with" in fits_in(shown)
    assert "Urgent · Standard · waits since today" in fits_in(shown)
    assert "instead of Tue 10 Mar 2026, 12:00 pm Works nights Move here 2:00 pm" in fits_in(shown)

    given = desk.post(f"{HERE}/{entry.pk}/place", slot(northside))
    moved = entry.attendee.booking_id  # type: ignore[union-attr]
    assert given["Location"] == f"/northside/bookings/{moved}?waited={entry.pk}"
    assert said(given) == ["Ada Rossi comes earlier: Tue 3 Mar 2026, 2:00 pm with Amy Shaw."]
    assert "Given from the waiting list. Undo" in text_of(desk.get(given["Location"]))
    assert "Nobody on the waiting list fits." in fits_in(desk.get(f"{panel}/fits"))

    back = desk.post(f"{HERE}/{entry.pk}/return")
    assert back["Location"] == f"/northside/bookings/{moved}"
    assert "Tue 10 Mar 2026" in text_of(desk.get(back["Location"]))
    assert "1 on the waiting list fits" in fits_in(desk.get(f"{panel}/fits"))


def test_a_moved_visit_says_who_fits_in_the_panel_and_after_a_drag(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    wait(northside, northside.patient())
    form = {"date": "2026-03-05", "time": "10:00", "minutes": "45", "practitioner": 0}
    form |= {"business": northside.business.pk, "practitioner": northside.amy.pk}
    panel = f"/northside/bookings/{visit.pk}"

    moved = desk.post(f"{panel}/time", form)
    assert moved["Location"] == f"{panel}?freed=yes"
    assert f'hx-get="{panel}/fits"' in desk.get(moved["Location"]).content.decode()
    dragged = desk.post(f"{panel}/place", {"start": "2026-03-04T11:00"}).json()

    assert dragged["fits"] == {
        "words": "1 on the waiting list fits into the freed time",
        "url": f"{panel}/fits",
    }
    # The former place is noon today and that of the drag is on Thursday.
    shown = fits_in(desk.get(f"{panel}/fits"))
    assert shown.count("Book here") == 2
    back = desk.post(f"{panel}/place", {"start": "2026-03-05T10:00", "undo": "yes"}).json()
    assert back["fits"] is None


def test_a_move_says_nothing_where_nobody_waits(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    moved = desk.post(f"/northside/bookings/{visit.pk}/place", {"start": "2026-03-04T11:00"})
    assert moved.json()["fits"] is None


def test_free_time_that_is_pointed_at_shows_who_fits(northside: Practice, desk: Client) -> None:
    wait(northside, northside.patient())
    where = f"practitioner={northside.amy.pk}&business={northside.business.pk}"

    clicked = desk.get(f"{HERE}/fits?{where}&start=2026-03-03T14:00")
    typed = desk.get(f"{HERE}/fits?{where}&date=2026-03-03&time=14:00")

    assert "1 on the waiting list fits" in fits_in(clicked) == fits_in(typed)
    assert "Book here 2:00 pm" in fits_in(clicked)
    assert "Nobody" in fits_in(desk.get(f"{HERE}/fits?{where}&date=2026-03-03&time=25:00"))
    assert "Nobody" in fits_in(desk.get(f"{HERE}/fits"))
    assert f"{HERE}/fits" in desk.get("/northside/bookings/new").content.decode()


def test_the_list_shows_what_was_freed_since_yesterday_and_who_fits(
    northside: Practice, desk: Client
) -> None:
    northside.attend(at=TWO, patient=northside.patient()).cancel(30, by=northside.by)
    wait(northside)

    assert f'hx-get="{HERE}/freed"' in desk.get(HERE).content.decode()
    assert "Tue 3 Mar 2026, 2:00 pm – 6:00 pm with Amy Shaw" in fits_in(desk.get(f"{HERE}/freed"))


def test_who_is_slower_is_told_who_was_faster_and_sees_who_fits_now(
    northside: Practice, desk: Client
) -> None:
    first, second = wait(northside), wait(northside, northside.patient())
    desk.post(f"{HERE}/{first.pk}/place", slot(northside))

    late = desk.post(f"{HERE}/{second.pk}/place", slot(northside))
    again = desk.post(f"{HERE}/{first.pk}/place", slot(northside, TWO + timedelta(hours=1)))

    assert (late.status_code, again.status_code) == (422, 422)
    assert "Somebody was faster. Amy Shaw has Ada Rossi 2:00 – 2:45 pm." in text_of(late)
    assert "Rita Desk was faster: they booked a visit to Tue 3 Mar 2026, 2:00 pm." in text_of(again)
    assert "Wu, Ben" in fits_in(again)
    assert northside.account.bookings.count() == 1


def test_a_full_case_leads_to_the_ways_on(northside: Practice, desk: Client) -> None:
    knee = northside.case(max_sessions=1, limit_action="block")
    northside.attend(knee, at=LATER)
    entry = wait(northside, case=knee)

    stuck = desk.post(f"{HERE}/{entry.pk}/place", slot(northside))
    assert stuck.status_code == 422
    assert "Book without a case" in text_of(stuck)
    sent = slot(northside, full_case=knee.pk, why="case_full", way="none")
    given = desk.post(f"{HERE}/{entry.pk}/place", sent)

    assert said(given) == ["Ada Rossi is booked: Tue 3 Mar 2026, 2:00 pm with Amy Shaw."]
    assert northside.account.attendees.get(booking__starts_at=TWO).case is None
    back = desk.post(f"{HERE}/{entry.pk}/return")
    assert back["Location"] == f"{HERE}/{entry.pk}"


def test_a_place_that_is_none_is_not_there(northside: Practice, desk: Client) -> None:
    entry = wait(northside)
    assert desk.post(f"{HERE}/{entry.pk}/place", {"practitioner": "1"}).status_code == 404
