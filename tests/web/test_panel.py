"""The booking panel: who it is for, which cases it offers, and what it does by one click."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.appointments.models import AppointmentType, Attendee, Booking, CancellationReason
from casewell.audit.models import Change
from tests.web.pages import SLUG, text_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_the_panel_shows_who_it_is_for(northside: Practice, desk: Client) -> None:
    ada, now = northside.ada, timezone.now()
    ada.medicare, ada.medicare_reference_number = "2950 12345 1", "1"
    ada.date_of_birth = (now - timedelta(days=366 * 40)).date()
    ada.save()
    northside.account.medical_alerts.create(patient=ada, name="Latex allergy")
    last = northside.attend(at=now - timedelta(days=7))
    northside.attend(at=now - timedelta(days=3), did_not_arrive=True)
    coming = [northside.attend(at=now + timedelta(days=d)) for d in (1, 2, 3, 4)]

    answers = [
        desk.get(f"{SLUG}/bookings/{coming[0].booking_id}"),
        desk.get(f"{SLUG}/bookings/new?patient={ada.pk}"),
    ]

    for answer in answers:
        said = text_of(answer)
        assert "Latex allergy" in said
        assert "40 years" in said
        assert "Medicare 2950 12345 1 / 1" in said
        card = answer.content.decode().split('class="patient-card__visits"')[1]
        linked = re.findall(r'href="/northside/bookings/(\d+)"', card.split("</dl>")[0])
        assert linked == [str(v.booking_id) for v in [*coming[:3], last]]


def test_the_time_is_said_from_start_to_end(northside: Practice, desk: Client) -> None:
    visit = northside.attend(at=NOON)
    query = "?start=2026-03-05T09:00&appointment_type=" + str(northside.standard.pk)

    new, there = (
        text_of(desk.get(f"{SLUG}/bookings/{page}")) for page in ("new" + query, visit.booking_id)
    )

    assert "Thu 5 Mar 2026, 9:00 – 9:45 am Amy Shaw · Hill Street" in new
    assert "Tue 3 Mar 2026, 12:00 – 12:45 pm" in there
    assert "Amy Shaw · Hill Street" in there


def test_booking_begins_on_the_day_that_one_looks_at(northside: Practice, desk: Client) -> None:
    today = timezone.localdate(timezone=northside.business.zone)
    northside.business.opening_hours = {"thursday": [["08:30", "12:00"]]}
    northside.business.save()

    def start(on: object) -> tuple[str, ...]:
        page = desk.get(f"{SLUG}/bookings/new?on={on}").content.decode()
        return tuple(re.findall(r'name="(?:date|time)" value="([^"]*)"', page))

    assert start("2031-03-06") == ("2031-03-06", "08:30")
    assert start("2031-03-07") == ("2031-03-07", "09:00")
    assert start("2031-02-31") == start("")
    # the next Thursday morning, be it this one
    assert date.fromisoformat(start("")[0]).weekday() == 3
    assert f"{today}" <= start("")[0] <= f"{today + timedelta(days=7)}"


def test_each_act_is_one_click(northside: Practice, desk: Client) -> None:
    visit = northside.attend()
    page = f"{SLUG}/bookings/{visit.booking_id}"

    def after(path: str, **body: str) -> Attendee:
        answer = desk.post(f"{page}/{path}", body)
        assert answer.status_code == 302, answer.content
        return Attendee.objects.select_related("booking").get(pk=visit.pk)

    assert after("confirmation", confirmed="yes").confirmed_at is not None
    assert "confirmed" in text_of(desk.get(page))
    assert after("confirmation", confirmed="no").confirmed_at is None
    assert after("attendance", attendance="arrived").arrived
    assert after("attendance", attendance="did_not_arrive").did_not_arrive
    assert after("attendance", attendance="none").state == "booked"
    assert after("note", notes="Brings scans").booking.notes == "Brings scans"
    gone = after("cancellation", reason=str(CancellationReason.SICK), note="Flu")
    assert (gone.cancellation_reason, gone.cancellation_note) == (CancellationReason.SICK, "Flu")
    assert "Cancelled: Sick." in text_of(desk.get(page))
    assert after("reinstatement").cancelled_at is None
    assert after("archive").archived_at is not None
    assert "Archived: in no calendar and in no count." in text_of(desk.get(page))
    assert after("restore").archived_at is None
    verbs = Change.objects.filter(target_id=visit.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs)[1:3] == ["confirmed", "unconfirmed"]


def test_a_type_brings_its_length_unless_another_is_given(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend()
    long = AppointmentType.objects.create(
        account=northside.account, name="Long", duration_in_minutes=60
    )
    lengths = []
    for minutes in ("", "75"):
        body = {"appointment_type": long.pk, "minutes": minutes}
        answer = desk.post(f"{SLUG}/bookings/{visit.booking_id}/type", body)
        assert answer.status_code == 302
        lengths.append(Booking.objects.get(pk=visit.booking_id).minutes)

    assert lengths == [60, 75]
    refused = desk.post(
        f"{SLUG}/bookings/{visit.booking_id}/type", {"appointment_type": "7", "minutes": "0"}
    )
    assert refused.status_code == 422
    assert Booking.objects.get(pk=visit.booking_id).minutes == 75


def test_open_cases_come_first_and_the_rest_is_folded(northside: Practice, desk: Client) -> None:
    for number in range(40):
        old = northside.account.today() - timedelta(days=30)
        northside.case(f"Old {number}", expiry_date=old if number > 1 else None)
    visit = northside.attend(at=timezone.now())

    page = desk.get(f"{SLUG}/bookings/{visit.booking_id}").content.decode()

    shown, folded = page.split('class="case-choices__more"')
    assert shown.count('id="case-') == 2
    assert folded.split("</details>")[0].count('id="case-') == 38
    assert "38 more, full or expired on that date" in folded
    assert page.count("2 open cases, none chosen.") == 1


def test_of_forty_open_cases_the_latest_are_shown_and_the_rest_is_searched(
    northside: Practice, desk: Client
) -> None:
    cases = [northside.case(f"Open {number}") for number in range(40)]
    visit = northside.attend(cases[0], at=timezone.now())

    page = desk.get(f"{SLUG}/bookings/{visit.booking_id}").content.decode()

    shown, folded = page.split('class="case-choices__more"')
    assert shown.count('id="case-') == 7
    assert "Open 39" in shown
    assert f'value="{cases[0].pk}" id="case-{cases[0].pk}" checked' in shown
    assert "33 more: 33 open" in folded
    assert "data-case-search" in folded
