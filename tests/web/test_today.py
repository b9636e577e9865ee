"""Today: who arrives in which order, what is wrong with it, and what one click puts right."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.accounts.roles import Role
from casewell.audit.models import Change
from casewell.web.views import today as page
from tests.world import NOON, words_in

if TYPE_CHECKING:
    from django.test import Client

    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from tests.world import Practice

TODAY = "/northside/today"
TUESDAY = date(2026, 3, 3)
HOUR = timedelta(hours=1)
LATER = NOON + 4 * HOUR

pytestmark = pytest.mark.usefixtures("at_noon")


def row_of(desk: Client, visit: Attendee, url: str = TODAY) -> str:
    """What the visit's row says, without its tags."""
    shown = desk.get(url).content.decode()
    found = re.search(rf'<tr id="arrival-{visit.pk}".*?</tr>', shown, re.DOTALL)
    return words_in(found[0]) if found else ""


def times_in(answer: Any) -> list[str]:
    return re.findall(r'arrivals__time".*?>([\d:]+ [ap]m)<', answer.content.decode(), re.DOTALL)


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


def test_each_arrival_stands_in_order_of_time_with_now_between_them(
    northside: Practice, desk: Client
) -> None:
    northside.attend(at=NOON + 2 * HOUR)
    northside.attend(at=NOON - HOUR)
    northside.attend(at=NOON + HOUR, cancelled_at=NOON)
    northside.attend(at=NOON + 24 * HOUR)

    shown = desk.get(TODAY)

    assert times_in(shown) == ["11:00 am", "2:00 pm"]
    said = words_in(shown.content.decode())
    assert "2 visits · 1 cancelled · All appointments" in said
    assert said.index("11:00 am") < said.index("now 12:00 pm") < said.index("2:00 pm")
    assert "now 12:00" not in words_in(desk.get(f"{TODAY}/2026-03-04").content.decode())


def test_now_stands_below_the_last_arrival_of_the_day(northside: Practice, desk: Client) -> None:
    northside.attend(at=NOON - HOUR)

    said = words_in(desk.get(TODAY).content.decode())

    assert said.index("11:00 am") < said.index("now 12:00 pm")


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


def test_only_those_are_shown_who_were_chosen(northside: Practice, desk: Client) -> None:
    tom = Practitioner.objects.create(account=northside.account, first_name="Tom", last_name="Reid")
    northside.account.practitioner_businesses.create(practitioner=tom, business=northside.business)
    northside.attend(at=LATER)

    amys = desk.get(f"{TODAY}?practitioner={northside.amy.pk}")
    toms = desk.get(f"{TODAY}?practitioner={tom.pk}")
    both = desk.get(f"{TODAY}?practitioner={tom.pk}&practitioner={northside.amy.pk}")

    assert [len(times_in(shown)) for shown in (amys, toms, both)] == [1, 0, 1]
    assert "Nobody is booked with them" in toms.content.decode()


def test_a_business_has_its_own_day_and_the_choice_is_kept(
    northside: Practice, desk: Client
) -> None:
    auckland = Business.objects.create(
        account=northside.account, business_name="Ponsonby", time_zone="Pacific/Auckland"
    )
    northside.attend(at=LATER)
    late = NOON + 10 * HOUR + timedelta(minutes=30)  # 22:30 in Sydney, 0:30 in Auckland

    with time_machine.travel(late):
        there = desk.get(f"{TODAY}?business={auckland.pk}")
        again = desk.get(TODAY)
        here = desk.get(f"{TODAY}?business={northside.business.pk}")

    assert "Wed 4 Mar 2026 Auckland time" in words_in(there.content.decode())
    assert "Wed 4 Mar 2026" in words_in(again.content.decode())
    assert "Tue 3 Mar 2026 Sydney time" in words_in(here.content.decode())
    assert len(times_in(here)) == 1
    assert desk.get(f"{TODAY}?business=1").status_code == 404


def test_a_date_that_is_typed_leads_to_its_day_and_a_wrong_one_nowhere(desk: Client) -> None:
    led = desk.get(f"{TODAY}?date=2026-05-04").headers["Location"]

    assert led.startswith(f"{TODAY}/2026-05-04?business=")
    assert desk.get(f"{TODAY}?date=2026-02-31").status_code == 200
    assert desk.get(f"{TODAY}?date=soon").status_code == 200
    assert desk.get(f"{TODAY}?date=0026-05-04").status_code == 200
    edges = [desk.get(f"{TODAY}/{day}").status_code for day in ("1900-01-01", "2199-12-31")]
    assert edges == [200, 200]
    assert desk.get(f"{TODAY}/1899-12-31").status_code == 404


def test_the_list_is_sent_again_only_when_something_changed_or_a_minute_passed(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend(at=LATER)
    feed = f"{TODAY}/arrivals"
    tag = re.search(r'data-tag="(.*?)"', desk.get(TODAY).content.decode())
    assert tag is not None
    known = {"If-None-Match": html.unescape(tag[1])}

    assert desk.get(feed, headers=known).status_code == 304
    with time_machine.travel(NOON + timedelta(minutes=1)):
        assert desk.get(feed, headers=known).status_code == 200
    visit.mark(arrived=True, by=northside.by)
    news = desk.get(feed, headers=known)
    assert news.status_code == 200
    assert news.headers["Cache-Control"] == "private, no-cache"
    assert news.content.decode().lstrip().startswith("<section")


def test_asking_for_news_is_no_sign_that_somebody_is_there(
    northside: Practice, desk: Client
) -> None:
    desk.get(TODAY)
    seen = desk.session["seen"]

    with time_machine.travel(NOON + timedelta(minutes=5)):
        desk.get(f"{TODAY}/arrivals")
        desk.get(f"{TODAY}/2026-03-03/arrivals")
        assert desk.session["seen"] == seen
        desk.get(TODAY)
        assert desk.session["seen"] > seen


def test_a_crowded_day_comes_in_pages_and_opens_on_now(
    northside: Practice, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "ROWS", 2)
    for hours in (-4, -3, -2, -1, 1):
        northside.attend(at=NOON + hours * HOUR)

    assert times_in(desk.get(TODAY)) == ["1:00 pm"]
    assert times_in(desk.get(f"{TODAY}?page=1")) == ["8:00 am", "9:00 am"]
    assert times_in(desk.get(f"{TODAY}/arrivals?page=2")) == ["10:00 am", "11:00 am"]
    assert "5 visits" in words_in(desk.get(f"{TODAY}?page=2").content.decode())


def test_who_may_not_book_sees_the_list_without_its_buttons(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend(northside.case(max_sessions=1), at=LATER)
    northside.account.admit(northside.member.user, role=Role.BOOKKEEPER)

    said = row_of(desk, visit)

    assert said.endswith("last visit of the case Open the case booked")


def test_a_day_without_anybody_says_what_to_do_and_a_practice_without_a_business_goes_on(
    northside: Practice, desk: Client
) -> None:
    assert "Nobody is booked on this day" in desk.get(TODAY).content.decode()

    northside.business.archived_at = timezone.now()
    northside.business.save()

    assert desk.get(TODAY).headers["Location"] == "/northside/"
    assert desk.get(f"{TODAY}/arrivals").status_code == 404


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
