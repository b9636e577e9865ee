"""The pages of the waiting list, and who fits in the panel of what was freed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from casewell.accounts.roles import Role
from casewell.waiting.models import WaitingEntry
from tests.waiting.world import LATER, wait, wait_with_visit
from tests.web.pages import said, text_of
from tests.web.test_pages import statements_of
from tests.world import NOON, Practice, signed_in, words_in

if TYPE_CHECKING:
    from django.test import Client

    from casewell.accounts.models import Practitioner
    from casewell.appointments.models import Booking

pytestmark = pytest.mark.usefixtures("at_noon")
HERE = "/northside/waiting"
TWO = NOON + timedelta(hours=2)


def wish(practice: Practice, **fields: Any) -> dict[str, Any]:
    """What the form sends: any time and anybody."""
    return {"appointment_type": practice.standard.pk, "urgency": "2", "note": ""} | fields


def slot(practice: Practice, at: Any = TWO, **fields: Any) -> dict[str, Any]:
    """What a click on “here” sends."""
    given = {"practitioner": practice.amy.pk, "business": practice.business.pk}
    return given | {"starts_at": at.isoformat()} | fields


def fits_in(answer: Any) -> str:
    """What the part about who fits says."""
    shown = answer.content.decode().partition('<div id="fits">')[2]
    return words_in(shown.partition('<p class="no-print">')[0])


def test_somebody_is_put_on_the_list_from_their_appointment(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case()
    visit = northside.attend(knee, at=LATER)
    panel = f"/northside/bookings/{visit.booking_id}"
    assert f'href="{HERE}/new?visit={visit.pk}"' in desk.get(panel).content.decode()

    form = desk.get(f"{HERE}/new?visit={visit.pk}")
    initial = form.context["form"].initial
    assert initial["practitioners"] == [northside.amy.pk]
    assert initial["businesses"] == [northside.business.pk]
    sent = wish(
        northside,
        attendee=visit.pk,
        case=knee.pk,
        urgency="1",
        weekdays=["0", "1"],
        from_time="09:00",
        until_time="12:00",
        practitioners=[northside.amy.pk],
    )
    answer = desk.post(f"{HERE}/new?visit={visit.pk}", sent)

    entry = WaitingEntry.objects.get()
    assert answer["Location"] == f"{HERE}/{entry.pk}"
    assert said(answer) == ["Ada Rossi is on the waiting list."]
    assert (entry.patient, entry.attendee, entry.case) == (northside.ada, visit, knee)
    assert (entry.urgency, entry.weekdays) == (1, [0, 1])
    assert entry.practitioner_links.get().practitioner == northside.amy
    assert "Waits for an earlier time" in text_of(desk.get(panel))
    listed = text_of(desk.get(HERE))
    assert "Rossi, Ada Urgent Standard Left knee Mon, Tue · 9:00 am – 12:00 pm" in listed
    assert "has Tue 10 Mar 2026, 12:00 pm Amy Shaw today" in listed


def test_somebody_is_put_on_the_list_from_their_page_and_stands_there(
    northside: Practice, desk: Client
) -> None:
    page = f"/northside/patients/{northside.ada.pk}"
    assert f'href="{HERE}/new?patient={northside.ada.pk}"' in desk.get(page).content.decode()
    assert "On the waiting list" not in text_of(desk.get(page))

    desk.post(f"{HERE}/new?patient={northside.ada.pk}", wish(northside))

    assert "On the waiting list: Standard" in text_of(desk.get(page))
    assert "Rossi, Ada Standard any time anybody" in text_of(desk.get(HERE))


def test_without_a_patient_the_page_asks_who_waits(northside: Practice, desk: Client) -> None:
    assert "Who waits?" in text_of(desk.get(f"{HERE}/new"))
    assert "Choose a patient from the list." in text_of(desk.get(f"{HERE}/new?patient=17"))
    assert desk.get(f"{HERE}/new?visit=17").status_code == 404


@pytest.mark.parametrize(
    ("field", "sent", "sentence"),
    [
        ("until_time", {"from_time": "12:00", "until_time": "09:00"}, "before the time"),
        ("until_date", {"from_date": "2026-03-09", "until_date": "2026-03-08"}, "before the first"),
    ],
)
def test_hours_and_days_that_end_before_they_begin_are_refused(
    northside: Practice, desk: Client, field: str, sent: dict[str, str], sentence: str
) -> None:
    answer = desk.post(f"{HERE}/new?patient={northside.ada.pk}", wish(northside, **sent))

    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert not WaitingEntry.objects.exists()


def test_a_visit_is_put_on_the_list_once(northside: Practice, desk: Client) -> None:
    entry = wait_with_visit(northside)
    sent = wish(northside, attendee=entry.attendee_id)

    answer = desk.post(f"{HERE}/new?patient={northside.ada.pk}", sent)

    assert answer.status_code == 422
    assert "waits to bring this visit forward already" in text_of(answer)


def test_an_entry_is_changed_and_shows_who_changed_it_meanwhile(
    northside: Practice, desk: Client
) -> None:
    entry = wait(northside)
    seen = desk.get(f"{HERE}/{entry.pk}").context["form"].initial["seen"]
    with time_machine.travel(NOON + timedelta(minutes=1)):
        desk.post(f"{HERE}/{entry.pk}", wish(northside, note="Only by bus"))

    answer = desk.post(f"{HERE}/{entry.pk}", wish(northside, note="By car", seen=seen))

    assert answer.status_code == 422
    assert "Rita Desk changed note from “” to “Only by bus”" in text_of(answer)
    entry.refresh_from_db()
    assert entry.note == "Only by bus"


def test_somebody_is_taken_off_with_a_reason_and_put_back(
    northside: Practice, desk: Client
) -> None:
    entry = wait(northside)
    assert desk.post(f"{HERE}/{entry.pk}/removal", {"reason": "bored"}).status_code == 422

    answer = desk.post(f"{HERE}/{entry.pk}/removal", {"reason": "not reached", "note": "Twice"})

    assert said(answer) == ["Ada Rossi is taken off the waiting list."]
    assert "Nobody is waiting" in text_of(desk.get(HERE))
    assert "Could not be reached" in text_of(desk.get(f"{HERE}?state=removed"))
    shown = text_of(desk.get(f"{HERE}/{entry.pk}"))
    assert "Taken off the list: Could not be reached Note Twice" in shown
    again = desk.post(f"{HERE}/{entry.pk}/removal", {"reason": "other"})
    assert "took the patient off the list" in said(again)[-1]

    back = desk.post(f"{HERE}/{entry.pk}/return")
    assert said(back)[-1] == "Ada Rossi is on the waiting list again."
    assert "Rossi, Ada" in text_of(desk.get(HERE))
    assert said(desk.post(f"{HERE}/{entry.pk}/return"))[-1] == "Ada Rossi is waiting already."


def test_the_list_is_narrowed_to_a_practitioner_and_a_type(
    northside: Practice, desk: Client, tom: Practitioner
) -> None:
    wait(northside, northside.patient("Any", "Body"))
    with_tom = wait(northside, northside.patient("With", "Tom"))
    with_tom.practitioner_links.create(practitioner=tom)
    long = northside.account.appointment_types.create(name="Long", duration_in_minutes=90)
    wait(northside, northside.patient("Much", "Time"), appointment_type=long)

    def listed(query: str) -> list[str]:
        lines = desk.get(f"{HERE}?{query}").context["lines"]
        return [str(line.entry.patient) for line in lines]

    assert listed("") == ["Any Body", "With Tom", "Much Time"]
    assert listed(f"practitioner={northside.amy.pk}") == ["Any Body", "Much Time"]
    assert listed(f"practitioner={tom.pk}&type={northside.standard.pk}") == ["Any Body", "With Tom"]
    assert listed("practitioner=17") == ["Any Body", "With Tom", "Much Time"]


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


def test_a_place_that_is_none_is_not_there(northside: Practice, desk: Client) -> None:
    entry = wait(northside)
    assert desk.post(f"{HERE}/{entry.pk}/place", {"practitioner": "1"}).status_code == 404


def test_only_those_who_book_have_the_list(northside: Practice, desk: Client) -> None:
    assert f'href="{HERE}"' in desk.get("/northside/").content.decode()

    keeper = signed_in(northside.account.admit(northside.member.user, role=Role.BOOKKEEPER))

    assert keeper.get(HERE).status_code == 403
    assert f'href="{HERE}"' not in keeper.get("/northside/").content.decode()


def test_the_pages_take_the_same_few_statements_for_one_who_waits_and_for_three(
    northside: Practice, desk: Client
) -> None:
    freed = northside.attend(at=TWO, patient=northside.patient("Gone", "Away"))
    freed.cancel(30, by=northside.by)
    counts = []
    desk.get(HERE)  # notes that it is in use
    for wanted in (1, 3):
        while WaitingEntry.objects.count() < wanted:
            patient = northside.patient(last_name=f"Wu{WaitingEntry.objects.count()}")
            at = LATER + timedelta(hours=WaitingEntry.objects.count())
            entry = wait_with_visit(northside, at=at, patient=patient)
        urls = [HERE, f"{HERE}/{entry.pk}", f"{HERE}/new?visit={entry.attendee_id}"]
        urls += [f"{HERE}/freed", f"/northside/bookings/{freed.booking_id}/fits"]
        counts.append([statements_of(desk, url) for url in urls])

    assert counts[0] == counts[1] == [9, 9, 9, 9, 9]
