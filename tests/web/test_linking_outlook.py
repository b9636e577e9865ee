"""What ticking appointments would make of a case, told before anything is saved."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casewell.appointments.models import Attendee, Booking
from casewell.cases.models import Programme
from tests.web.full_case import in_days, visits_of
from tests.web.linking import keys, page_of
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


MANY = 2000


def many(practice: Practice, n: int) -> None:
    """So many weekly visits of Ada, in no case."""
    start = timezone.now() - timedelta(weeks=n - 10)
    bookings = [practice.booking(start + timedelta(weeks=week)) for week in range(n)]
    Booking.objects.bulk_create(bookings)
    Attendee.objects.bulk_create(
        Attendee(account=practice.account, booking=one, patient=practice.ada) for one in bookings
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE appointments_attendee, appointments_booking")


def test_the_outlook_counts_before_saving_and_names_each_that_passes_something(
    northside: Practice, desk: Client
) -> None:
    ends = timezone.localdate() + timedelta(days=5)
    knee = northside.case("Knee", max_sessions=4, expiry_date=ends)
    inside = [in_days(northside, -day, knee) for day in (1, 2, 3)]
    fresh = [in_days(northside, day) for day in (1, 2, 20)]
    gone = in_days(northside, 3, cancelled_at=timezone.now())

    def outlook(add: str, remove: str = "") -> dict[str, Any]:
        answer = desk.post(f"{page_of(knee)}/outlook", {"add": add, "remove": remove})
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    assert outlook(keys(fresh[0]))["line"] == "This would make 4 of 4."
    swapped = outlook(keys(fresh[0], fresh[1]), keys(inside[0]))
    assert (swapped["line"], swapped["refused"]) == ("This would make 4 of 4.", False)
    over = outlook(keys(*fresh, gone))
    assert over["line"] == (
        "This would make 6 of 4. 1 of the ticked does not count: cancelled or did not arrive. "
        "These 3 pass the limit at number 2 and the expiry date at number 3. "
        "Saving will ask what to do instead."
    )
    assert over["refused"]
    assert list(over["rows"]) == [str(fresh[1].pk), str(fresh[2].pk)]
    assert over["rows"][str(fresh[1].pk)] == "It would be number 5, over the limit."
    assert visits_of(knee) == [one.pk for one in reversed(inside)]


def test_a_visit_out_of_another_case_of_the_funder_counts_once_in_its_cap(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    Programme.objects.filter(pk=rules.pk).update(cap_sessions=2)
    first, second = (northside.case(name, programme_id=rules.pk) for name in ("One", "Two"))
    now = timezone.now()
    moved = northside.attend(first, now + timedelta(minutes=1))
    northside.attend(first, now + timedelta(minutes=2))
    fresh = northside.attend(None, now + timedelta(minutes=3))

    rows = [
        desk.post(f"{page_of(second)}/outlook", {"add": keys(*visits)}).json()["rows"]
        for visits in ((moved,), (moved, fresh))
    ]

    assert rows[0] == {}
    assert len(rows[1]) == 1
    assert "3 of 2 in" in str(rows[1])


def test_all_that_match_and_the_next_few_are_told_to_the_browser(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case("Knee")
    inside = in_days(northside, 1, knee)
    old, *coming = (in_days(northside, day) for day in (-9, 9, 5, 7))
    in_days(northside, 6, cancelled_at=timezone.now())

    every = desk.get(f"{page_of(knee)}/matching?q=standard").json()
    nearest = desk.get(f"{page_of(knee)}/matching?next=2").json()

    assert set(every["add"]) >= {str(one.pk) for one in (old, *coming)}
    assert every["inside"] == [str(inside.pk)]
    assert nearest == {"add": [str(coming[1].pk), str(coming[2].pk)], "inside": []}


def test_two_thousand_appointments_stay_fluent(northside: Practice, desk: Client) -> None:
    knee = northside.case("Knee", max_sessions=10)
    many(northside, 1)
    desk.get(page_of(knee))
    few = statements_of(desk, page_of(knee))
    many(northside, MANY)
    every = list(Attendee.objects.all())

    assert statements_of(desk, page_of(knee)) == few <= 10
    desk.get(f"{page_of(knee)}?q=standard&uncased=on&page=20")
    began = time.process_time()
    desk.get(f"{page_of(knee)}?q=standard&uncased=on&page=20")
    page = time.process_time() - began
    sent = []
    for ticked in (keys(every[0]), keys(*every)):
        with CaptureQueriesContext(connection) as captured:
            began = time.process_time()
            line = desk.post(f"{page_of(knee)}/outlook", {"add": ticked}).json()["line"]
            outlook = time.process_time() - began
        sent.append(len(captured))

    assert line.startswith(f"This would make {MANY + 1} of 10.")
    assert sent[0] == sent[1]
    assert page < 0.5  # of the processor, whatever else runs: both take a tenth
    assert outlook < 0.5
