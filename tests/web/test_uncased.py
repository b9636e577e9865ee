"""Visits without a case for patients who have one: found, linked, or left without for good."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.messages import get_messages
from django.utils import timezone

from casewell.appointments.models.uncased import fitting_cases
from casewell.tenancy.scope import account_scope
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from casewell.appointments.models import Attendee
    from casewell.patients.models import Patient
    from tests.world import Practice

LIST = "/northside/appointments/uncased"
DAY = timedelta(days=1)


def in_days(northside: Practice, days: int, patient: Patient | None = None) -> Attendee:
    return northside.attend(at=timezone.now() + days * DAY, patient=patient)


def fitting(northside: Practice) -> dict[int, list[int]]:
    found = fitting_cases(northside.account)
    return {visit: [one.pk for one in cases] for visit, cases in found.items()}


def test_recent_and_coming_visits_are_found_with_the_cases_that_fit_on_their_own_day(
    northside: Practice,
) -> None:
    today = northside.account.today()
    knee = northside.case(expiry_date=today + 5 * DAY, max_sessions=9)
    back = northside.case("Back")
    northside.case("Closed", closed_at=timezone.now())
    northside.case("Full", max_sessions=1, sessions_elsewhere=1)
    late, soon, past = (in_days(northside, days) for days in (9, 2, -9))
    in_days(northside, -61)
    in_days(northside, 3).cancel(30, by=northside.by)
    in_days(northside, 4).mark(did_not_arrive=True, by=northside.by)
    in_days(northside, 1, northside.patient())

    assert fitting(northside) == {
        soon.pk: [knee.pk, back.pk],
        late.pk: [back.pk],
        past.pk: [knee.pk, back.pk],
    }
    assert list(fitting(northside)) == [soon.pk, late.pk, past.pk]


def test_one_click_links_to_the_only_case_or_to_one_of_several(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=9)
    visit = in_days(northside, 2)
    page = desk.get(LIST).content.decode()
    assert re.findall(r'name="link" value="(\S+)"', page) == [f"{visit.pk}:{knee.pk}"]
    assert "1 visit of the last" in page

    answer = desk.post(LIST, {"link": f"{visit.pk}:{knee.pk}"})

    assert answer.status_code == 302
    visit.refresh_from_db()
    assert visit.case_id == knee.pk
    assert b"No visit was forgotten" in desk.get(LIST).content


def test_many_are_linked_by_ticks_as_far_as_there_is_room(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=2)
    visits = [in_days(northside, days) for days in (1, 2, 3)]
    ben = northside.patient()
    back, bens = northside.case("Back", patient=ben), in_days(northside, 2, ben)
    ticks = [f"{visit.pk}:{knee.pk}" for visit in visits] + [f"{bens.pk}:{back.pk}"]

    answer = desk.post(LIST, {"tick": ticks, "bulk": "yes"})

    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert said == ["“Left knee” of Ada Rossi is full now; 1 not linked.", "3 visits linked."]
    linked = northside.account.attendees.filter(case=knee).in_order()
    assert [visit.pk for visit in linked] == [visit.pk for visit in visits[:2]]
    assert desk.post(LIST, {"bulk": "yes"}).status_code == 302


def test_a_visit_that_was_linked_meanwhile_stays_where_it_is(
    northside: Practice, desk: Client
) -> None:
    knee, back = northside.case(), northside.case("Back")
    visit = northside.attend(back, timezone.now() + DAY)

    desk.post(LIST, {"link": f"{visit.pk}:{knee.pk}"})

    visit.refresh_from_db()
    assert visit.case_id == back.pk


def test_not_for_a_case_is_for_good_and_can_be_taken_back(
    northside: Practice, desk: Client
) -> None:
    northside.case()
    visit = in_days(northside, 2)

    desk.post(LIST, {"decline": visit.pk})

    assert fitting(northside) == {}
    assert f'name="ask" value="{visit.pk}"' in desk.get(f"{LIST}?declined=yes").content.decode()
    desk.post(LIST, {"ask": visit.pk})
    assert list(fitting(northside)) == [visit.pk]


def test_another_practices_visits_and_cases_are_not_there(
    northside: Practice, elsewhere: Practice, desk: Client
) -> None:
    with account_scope(elsewhere.account):
        theirs, case = elsewhere.attend(), elsewhere.case()
    visit = in_days(northside, 2)

    assert desk.post(LIST, {"decline": theirs.pk}).status_code == 404
    assert desk.post(LIST, {"link": f"{visit.pk}:{case.pk}"}).status_code == 404
    assert desk.post(LIST, {"link": f"{theirs.pk}:{case.pk}"}).status_code == 302
    assert desk.post(LIST, {"link": "nonsense"}).status_code == 302
    with account_scope(elsewhere.account):
        theirs.refresh_from_db()
    assert (theirs.case_id, theirs.case_declined_at) == (None, None)


def test_today_says_how_many_there_are(northside: Practice, desk: Client) -> None:
    northside.case()
    in_days(northside, 2)

    assert b"1 visit without a case" in desk.get("/northside/today/notices").content


def test_its_page_takes_the_same_few_statements_for_many(northside: Practice, desk: Client) -> None:
    counts = []
    for number in (1, 3):
        for days in range(number):
            patient = northside.patient(last_name=f"Wu{number}{days}")
            northside.case(patient=patient, contact=northside.doctor())
            in_days(northside, days + 1, patient)
        desk.get(LIST)
        counts.append(statements_of(desk, LIST))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_after_saving_without_a_case_each_open_one_is_a_click_away(
    northside: Practice, desk: Client
) -> None:
    knee, back = northside.case(), northside.case("Back")
    visit = in_days(northside, 2)
    panel = f"/northside/bookings/{visit.booking_id}"
    page = desk.get(panel).content.decode()
    assert "2 open cases, none chosen." in page
    offered = re.findall(r'<button[^>]* name="case" value="(\d+)"', page)
    assert sorted(map(int, offered)) == sorted([knee.pk, back.pk])

    desk.post(f"{panel}/case", {"case": back.pk})
    visit.refresh_from_db()
    assert visit.case_id == back.pk

    desk.post(f"{panel}/case", {"case": "none"})
    declined = desk.post(LIST, {"decline": visit.pk, "next": panel})
    assert declined.headers["Location"] == panel
    assert b"none chosen" not in desk.get(panel).content
