"""A row of Today: what is wrong with a visit, and what one click puts right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from casewell.accounts.roles import Role
from casewell.audit.models import Change
from tests.web.arrivals import HOUR, LATER, TODAY, row_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from casewell.cases.models import PatientCase
    from tests.world import Practice

TUESDAY = date(2026, 3, 3)

pytestmark = pytest.mark.usefixtures("at_noon")


def referred(northside: Practice, **fields: Any) -> PatientCase:
    """A case that lacks nothing."""
    whole: dict[str, Any] = {
        "referral": True,
        "referral_type": "medicare",
        "contact": northside.doctor(),
        "issue_date": date(2026, 1, 5),
        "max_sessions": 5,
    }
    return northside.case(**(whole | fields))


@pytest.mark.parametrize(
    ("fields", "concern"),
    [
        ({}, ""),
        ({"referral": False}, "referral missing"),
        ({"contact": None}, "referrer missing"),
        ({"issue_date": None}, "referral without a date"),
        ({"referral": False, "referral_type": "", "contact": None, "issue_date": None}, ""),
        ({"referral_type": "ndis", "contact": None}, ""),
        ({"expiry_date": date(2026, 3, 2)}, "expired 2 Mar 2026"),
        ({"expiry_date": TUESDAY}, "expires 3 Mar 2026"),
        ({"expiry_date": date(2026, 4, 2)}, "expires 2 Apr 2026"),
        ({"expiry_date": date(2026, 4, 3)}, ""),
        ({"max_sessions": 1}, "last visit of the case"),
        ({"max_sessions": None}, ""),
    ],
)
def test_a_row_says_what_is_wrong_with_its_case_and_leads_there(
    northside: Practice, desk: Client, fields: dict[str, Any], concern: str
) -> None:
    case = referred(northside, **fields)
    visit = northside.attend(case, at=LATER)

    said = row_of(desk, visit)

    place = f"1 of {case.max_sessions}" if case.max_sessions else "1"
    acts = f"{concern} Open the case " if concern else ""
    assert said == (
        f"4:00 pm Rossi, Ada Amy Shaw Standard Left knee {place} {acts}Arrived Did not arrive"
    )


def test_a_visit_past_the_limit_says_so_and_one_that_does_not_count_has_no_place(
    northside: Practice, desk: Client
) -> None:
    knee = referred(northside, max_sessions=1)
    northside.attend(knee, at=NOON - 48 * HOUR)
    visit = northside.attend(knee, at=LATER)
    absent = northside.attend(knee, at=NOON - HOUR, did_not_arrive=True)

    assert "Left knee 2 of 1 past the limit of 1" in row_of(desk, visit)
    assert "Left knee does not count did not arrive" in row_of(desk, absent)


def test_a_patient_who_is_late_shows_and_one_who_was_never_marked(
    northside: Practice, desk: Client
) -> None:
    late = northside.attend(at=NOON - timedelta(minutes=12))
    forgotten = northside.attend(at=NOON - HOUR)
    there = northside.attend(at=NOON - HOUR, arrived=True)

    assert "due 12 min ago" in row_of(desk, late)
    assert "arrived or not?" in row_of(desk, forgotten)
    assert "arrived or not?" not in row_of(desk, there)


def test_one_click_marks_the_arrival_and_leads_back_to_the_list(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend(at=LATER)
    url = f"/northside/bookings/{visit.booking_id}/attendance"

    answer = desk.post(url, {"attendance": "arrived", "next": f"{TODAY}?business=1"})

    assert answer.headers["Location"] == f"{TODAY}?business=1"
    visit.refresh_from_db()
    assert visit.arrived
    assert "arrived" in row_of(desk, visit)
    assert desk.post(url, {"attendance": "none", "next": TODAY}).headers["Location"] == TODAY
    visit.refresh_from_db()
    assert not visit.arrived


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test/", "/elsewhere/today", "/northside", "x" * 501]
)
def test_a_form_leads_nowhere_but_to_its_own_practice(
    northside: Practice, desk: Client, elsewhere: str
) -> None:
    visit = northside.attend(at=LATER)
    url = f"/northside/bookings/{visit.booking_id}"

    answer = desk.post(f"{url}/attendance", {"attendance": "arrived", "next": elsewhere})

    assert answer.headers["Location"] == url


def test_the_only_case_that_fits_is_one_click_away_and_else_there_is_a_choice(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend(at=LATER)
    assert "no case Add a case" in row_of(desk, visit)

    knee = northside.case(max_sessions=5)
    northside.case("Closed", closed_at=timezone.now())
    northside.case("Expired", expiry_date=date(2026, 3, 2))
    northside.case("Ben's", patient=northside.patient())
    assert "no case Link to Left knee" in row_of(desk, visit)

    desk.post(f"/northside/bookings/{visit.booking_id}/case", {"case": knee.pk, "next": TODAY})
    assert "Left knee 1 of 5" in row_of(desk, visit)

    other = northside.attend(at=LATER + HOUR)
    northside.case("Right knee")
    assert "no case Choose of 2" in row_of(desk, other)


def test_a_refused_act_shows_the_booking_and_why(northside: Practice, desk: Client) -> None:
    knee = northside.case(max_sessions=1, limit_action="block")
    northside.attend(knee)
    visit = northside.attend(at=LATER)

    answer = desk.post(
        f"/northside/bookings/{visit.booking_id}/case", {"case": knee.pk, "next": TODAY}
    )

    assert answer.status_code == 422
    assert b"are allocated" in answer.content


def test_a_phone_number_is_there_to_call(northside: Practice, desk: Client) -> None:
    ben = northside.patient(phone_numbers=[{"number": "0400 111 222", "phone_type": "Mobile"}])
    northside.attend(patient=ben, at=LATER)

    assert b'href="tel:0400 111 222"' in desk.get(TODAY).content


def test_who_may_not_book_sees_the_list_without_its_buttons(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend(northside.case(max_sessions=1), at=LATER)
    northside.account.admit(northside.member.user, role=Role.BOOKKEEPER)

    said = row_of(desk, visit)

    assert said.endswith("last visit of the case Open the case booked")


def test_marking_from_the_list_leaves_its_row_in_the_history(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend(at=LATER)
    desk.post(
        f"/northside/bookings/{visit.booking_id}/attendance",
        {"attendance": "did_not_arrive", "next": TODAY},
    )

    last = Change.objects.of(visit).first()
    assert last is not None
    assert (last.verb, last.changes) == ("marked", {"did_not_arrive": [False, True]})
