"""A patient's appointments beside a case, several from a panel: found, ticked, counted, saved."""

from __future__ import annotations

import html
import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casewell.appointments.models import AppointmentType, Attendee, Booking
from casewell.audit.models import Change
from casewell.cases.models import PatientCase, Programme
from tests.web.test_full_case import in_days, sent_with, text_of, visits_of
from tests.web.test_pages import statements_of
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client

SLUG = "/northside"
MANY = 2000


def page_of(case: PatientCase) -> str:
    return f"{SLUG}/cases/{case.pk}/appointments"


def shown(answer: Any) -> list[str]:
    """The ids on the page, in their order."""
    return re.findall(r'name="visit" value="(\d+)"', answer.content.decode())


def keys(*visits: Attendee) -> str:
    return ",".join(str(visit.pk) for visit in visits)


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


def test_twelve_appointments_of_two_years_are_linked_in_one_go(
    northside: Practice, desk: Client
) -> None:
    old = [northside.attend(None, NOON - timedelta(days=60 * n)) for n in range(12)]
    knee = northside.case("New case")
    assert set(shown(desk.get(page_of(knee)))) == {str(one.pk) for one in old}

    done = desk.post(page_of(knee), {"add": keys(*old)})

    assert done.status_code == 302
    assert len(visits_of(knee)) == 12
    assert "12 linked." in desk.get(done.headers["Location"]).content.decode()


def test_ticks_of_other_pages_go_with_those_of_the_page_that_is_shown(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case("Knee", max_sessions=5)
    inside = [in_days(northside, day, knee) for day in (1, 2, 3)]
    fresh = [in_days(northside, day) for day in (4, 5)]
    body = {
        "add": keys(fresh[0]),  # of another page
        "remove": keys(inside[0]),
        "inside": keys(inside[1], inside[2]),  # drawn ticked on this one
        "visit": [inside[1].pk, fresh[1].pk],
    }

    assert desk.post(page_of(knee), body).status_code == 302

    assert visits_of(knee) == [inside[1].pk, *(one.pk for one in fresh)]


def test_the_page_says_which_are_in_it_which_in_another_and_which_would_not_count(
    northside: Practice, desk: Client
) -> None:
    knee, hip = northside.case("Knee"), northside.case("Hip")
    in_days(northside, 1, knee)
    in_days(northside, 2, hip)
    in_days(northside, 3, cancelled_at=timezone.now())
    in_days(northside, 4, did_not_arrive=True)
    other = northside.attend(patient=northside.patient())

    answer = desk.get(page_of(knee))

    page = answer.content.decode()
    assert page.count(" checked data-inside") == 1
    assert "in Hip" in text_of(answer)
    assert text_of(answer).count("would not count") == 2
    assert str(other.pk) not in shown(answer)
    counting = PatientCase.objects.filter(pk=knee.pk)
    counting.update(include_cancelled_attendees=True, include_dna_attendees=True)
    assert "would not count" not in text_of(desk.get(page_of(knee)))


def test_it_is_filtered_on_the_server(northside: Practice, desk: Client) -> None:
    knee = northside.case("Knee")
    long = AppointmentType.objects.create(
        account=northside.account, name="Hydrotherapy", duration_in_minutes=60
    )
    inside = in_days(northside, 1, knee)
    pool = in_days(northside, 2)
    Booking.objects.filter(pk=pool.booking_id).update(appointment_type=long, notes="brings towel")
    old = northside.attend(None, NOON)

    def found(query: str) -> list[int]:
        return [int(key) for key in shown(desk.get(f"{page_of(knee)}?{query}"))]

    assert found("") == [pool.pk, inside.pk, old.pk]
    assert found("uncased=on") == [pool.pk, old.pk]
    assert found(f"type={long.pk}") == found("q=hydro+TOWEL") == [pool.pk]
    assert found("start=2026-03-03&until=2026-03-03") == [old.pk]
    assert found("q=knee") == [inside.pk]
    assert found(f"practitioner={northside.amy.pk}&q=nothing") == []
    for wrong in ("start=2026-02-31", "practitioner=77", "type=²", f"q={'x' * 101}"):
        assert desk.get(f"{page_of(knee)}?{wrong}").status_code == 200
        assert found(wrong) == []


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


def test_a_bulk_over_the_limit_is_refused_as_a_whole_with_the_ways_on(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case("Knee", max_sessions=2)
    inside = in_days(northside, -1, knee)
    fresh = [in_days(northside, day) for day in (1, 2, 3)]
    body = {"add": keys(*fresh), "remove": ""}

    refused = desk.post(page_of(knee), body)

    assert refused.status_code == 422
    assert visits_of(knee) == [inside.pk]
    said = text_of(refused)
    assert "This would make 4 of 2." in said
    assert "Not possible: Several are to join at once" in said
    assert set(
        re.findall(r'name="visit" value="(\d+)" id="[\w-]+" checked', refused.content.decode())
    ) == {str(one.pk) for one in (inside, *fresh)}
    reason = {"raise_to": "4", "raise_reason": "Insurer agreed"}
    done = desk.post(
        page_of(knee), body | sent_with(refused, "raise", **reason) | {"add": keys(*fresh)}
    )
    assert done.status_code == 302, text_of(done)
    assert str(PatientCase.objects.get(pk=knee.pk).usage) == "4 of 4"


def test_a_bulk_goes_into_the_next_case(northside: Practice, desk: Client) -> None:
    knee = northside.case("Knee", max_sessions=2)
    seen, coming = (in_days(northside, day, knee) for day in (-5, 5))
    fresh = in_days(northside, 1)
    refused = desk.post(page_of(knee), {"add": keys(fresh)})

    done = desk.post(page_of(knee), {"add": keys(fresh)} | sent_with(refused, "follow"))

    assert done.status_code == 302, text_of(done)
    successor = PatientCase.objects.get(predecessor=knee.pk)
    assert visits_of(successor) == [fresh.pk, coming.pk]
    assert visits_of(knee) == [seen.pk]


def test_another_patients_visit_and_nonsense_are_refused_and_change_nothing(
    northside: Practice, desk: Client
) -> None:
    knee, other = northside.case("Knee"), northside.attend(patient=northside.patient())
    before = Change.objects.count()

    assert desk.post(page_of(knee), {"add": keys(other)}).status_code == 422
    for nonsense in ("x", "²,-4", "9" * 40, "77"):
        desk.post(page_of(knee), {"add": nonsense, "visit": nonsense, "remove": nonsense})

    other.refresh_from_db()
    assert other.case_id is None
    assert Change.objects.count() == before


def test_two_thousand_appointments_stay_fluent(northside: Practice, desk: Client) -> None:
    knee = northside.case("Knee", max_sessions=10)
    many(northside, 1)
    desk.get(page_of(knee))
    few = statements_of(desk, page_of(knee))
    many(northside, MANY)
    every = list(Attendee.objects.all())

    assert statements_of(desk, page_of(knee)) == few <= 10
    desk.get(f"{page_of(knee)}?q=standard&uncased=on&page=20")
    began = time.perf_counter()
    desk.get(f"{page_of(knee)}?q=standard&uncased=on&page=20")
    page = time.perf_counter() - began
    sent = []
    for ticked in (keys(every[0]), keys(*every)):
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            line = desk.post(f"{page_of(knee)}/outlook", {"add": ticked}).json()["line"]
            outlook = time.perf_counter() - began
        sent.append(len(captured))

    assert line.startswith(f"This would make {MANY + 1} of 10.")
    assert sent[0] == sent[1]
    assert page < 1  # both are 0.1 s where nothing else runs
    assert outlook < 1


@pytest.mark.parametrize(("reach", "linked"), [("one", 1), ("next", 3), ("ticked", 2)])
def test_an_appointments_panel_links_it_the_next_few_or_ticked_ones(
    northside: Practice, desk: Client, reach: str, linked: int
) -> None:
    knee, hip = northside.case("Knee"), northside.case("Hip")
    visit = in_days(northside, 1)
    later = [in_days(northside, day) for day in (9, 3, 5)]
    in_days(northside, 2, hip)
    address = f"{SLUG}/bookings/{visit.booking_id}/linking"
    assert desk.get(address).content.decode().count('name="also"') == 3

    body = {"case": str(knee.pk), "reach": reach, "n": "2", "also": [later[0].pk]}
    done = desk.post(address, body)

    assert done.status_code == 302
    wanted = {"one": [], "next": later[1:], "ticked": [later[0]]}[reach]
    assert visits_of(knee) == [visit.pk, *(one.pk for one in wanted)]
    assert len(visits_of(knee)) == linked
    assert desk.post(address, body | {"case": "none"}).status_code == 302
    assert visits_of(knee) == []


def test_several_that_do_not_fit_get_the_ways_on(northside: Practice, desk: Client) -> None:
    knee = northside.case("Knee", max_sessions=2)
    visit, *later = (in_days(northside, day) for day in (1, 2, 3))
    address = f"{SLUG}/bookings/{visit.booking_id}/linking"
    body = {"case": str(knee.pk), "reach": "next", "n": "5"}

    refused = desk.post(address, body)
    done = desk.post(
        address, body | sent_with(refused, "raise", raise_to="3", raise_reason="Agreed")
    )

    assert "“Knee” does not take this: 0 of 2" in text_of(refused)
    assert done.status_code == 302, html.unescape(text_of(done))
    assert visits_of(knee) == [visit.pk, *(one.pk for one in later)]
