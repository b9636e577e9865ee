"""The booking panel: who it is for, what it does by one click, and what it says of wrong input."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from casewell.appointments.models import AppointmentType, Attendee, Booking, CancellationReason
from casewell.audit.models import Change
from casewell.tenancy import search
from casewell.tenancy.search import rewrite_words
from tests.web.pages import booked, text_of
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.patients.models import Patient
    from tests.world import Practice

SLUG = "/northside"


def found(northside: Practice, query: str) -> list[Patient]:
    return list(northside.account.patients.matching(query))


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("+61 400 123 456", "0400 123"),
        ("0400 123 456", "+61 400 123 456"),
        ("0400 123 456", "0061400123456"),
        ("0400 123 456", "61400123456"),
        ("(03) 9000 1111", "+61 3 9000 1111"),
        ("+1 212 555 0100", "0212 555"),
    ],
)
def test_a_number_is_found_with_the_countrys_code_and_without(
    northside: Practice, kept: str, typed: str
) -> None:
    northside.patient(phone_numbers=[{"number": "0499 999 999", "phone_type": "Home"}])
    northside.ada.phone_numbers = [{"number": kept, "phone_type": "Mobile"}]
    northside.ada.save()
    rewrite_words(northside.ada)

    assert found(northside, typed) == [northside.ada]


@pytest.mark.parametrize(
    "query",
    [
        *("bet", "ross", "R-77", "ada rossi"),
        *("1961-03-12", "12/3/1961", "12 Mar 1961", "rossi 12 march 1961"),
    ],
)
def test_a_patient_is_found_by_any_of_their_words(northside: Practice, query: str) -> None:
    northside.patient()
    ada = northside.ada
    ada.preferred_first_name, ada.old_reference_id = "Betty", "R-77"
    ada.date_of_birth = "1961-03-12"
    ada.save()
    ada.refresh_from_db()
    rewrite_words(ada)

    assert found(northside, query) == [ada]
    assert list(northside.account.patients.closest(query)) == [ada]


def test_a_birth_date_is_searched_as_the_practice_writes_it(
    northside: Practice, desk: Client
) -> None:
    northside.patient("Mar", "Wu", date_of_birth=date(1961, 3, 12))
    northside.patient("Dec", "Wu", date_of_birth=date(1961, 12, 3))

    answers = []
    for way in ("d/m/Y", "m/d/Y"):
        northside.account.date_format = way
        northside.account.save()
        answers.append(text_of(desk.get(f"{SLUG}/patients/search?q=12/03/1961")))

    assert [("Wu, Mar" in said, "Wu, Dec" in said) for said in answers] == [
        (True, False),
        (False, True),
    ]


def test_two_of_the_same_name_are_told_apart(northside: Practice, desk: Client) -> None:
    northside.patient("Ben", "Wu", date_of_birth=date(1961, 3, 12), old_reference_id="R-77")
    phones = [{"number": "0400 123 456", "phone_type": "Mobile"}]
    northside.patient("Benjamin", "Wu", preferred_first_name="Ben", phone_numbers=phones)

    said = text_of(desk.get(f"{SLUG}/patients/search?q=wu"))

    assert said == "Wu, Ben 12 Mar 1961 · R-77 Wu, Ben (Benjamin) 0400 123 456"


def test_an_archived_patient_hides_nobody_who_is_here(
    northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many archived ones come before."""
    for number in range(3):
        northside.patient(f"Al{number}", "Wu").archive(by=northside.by)
    amy = northside.patient("Amy", "Wu")

    monkeypatch.setattr(search, "NEAREST", 1)

    assert list(northside.account.patients.live().closest("a wu")) == [amy]


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
    assert start("2031-02-31")[0] == start("")[0] in {f"{today}", f"{today + timedelta(days=1)}"}


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


def test_what_somebody_did_meanwhile_is_shown_before_it_is_overwritten(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend()
    page = f"{SLUG}/bookings/{visit.booking_id}"
    shown = desk.get(page).content.decode()
    fields = dict(re.findall(r'name="(seen_changes|seen)" value="([^"]*)"', shown))
    visit.booking.set_notes("Meanwhile", by=northside.by)

    cancel = desk.post(f"{page}/cancellation", fields | {"reason": "30", "note": "typed"})
    note = desk.post(f"{page}/note", {"notes": "typed", "seen": fields["seen"]})

    assert cancel.status_code == 422
    assert "Somebody was faster: Rita Desk – noted at" in text_of(cancel)
    assert 'value="typed"' in cancel.content.decode()
    assert note.status_code == 422
    assert "Rita Desk changed notes from “” to “Meanwhile”" in text_of(note)
    assert ">\ntyped</textarea>" in note.content.decode()
    again = dict(re.findall(r'name="(seen_changes)" value="([^"]*)"', cancel.content.decode()))
    assert desk.post(f"{page}/cancellation", again | {"reason": "30"}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("minutes", "0", "greater than or equal to 1"),
        ("minutes", "-45", "greater than or equal to 1"),
        ("minutes", "1441", "less than or equal to 1440"),
        ("minutes", "100000", "less than or equal to 1440"),
        ("date", "2026-02-31", "Enter a valid date."),
        ("date", "31/02/2026", "Enter a valid date."),
        ("time", "25:00", "Enter a valid time."),
        ("practitioner", "77", "Select a valid choice."),
        ("practitioner", "²", "Select a valid choice."),
        ("business", "9" * 40, "Select a valid choice."),
        ("appointment_type", "", "This field is required."),
        ("patient", "77", "Choose a patient, or add a new one."),
        ("notes", "x" * 10_001, "at most 10000 characters"),
    ],
)
def test_a_wrong_value_is_said_at_its_field_and_the_rest_is_kept(
    northside: Practice, desk: Client, field: str, value: str, said: str
) -> None:
    kept = {"notes": "Brings the scans"} if field != "notes" else {"minutes": "33"}
    answer = desk.post(f"{SLUG}/bookings/new", booked(northside, **kept | {field: value}))

    assert answer.status_code == 422
    content = html.unescape(answer.content.decode())
    place = content.index(f'name="{field}"')
    assert said in content[place : content.find('class="field"', place)]
    assert next(iter(kept.values())) in content
    assert not northside.account.bookings.exists()


def test_an_unknown_case_and_addresses_out_of_order_change_nothing(
    northside: Practice, desk: Client
) -> None:
    for case in ("77", "²", "x", "9" * 40):
        assert desk.post(f"{SLUG}/bookings/new", booked(northside, case=case)).status_code == 404
    for query in ("start=2026-02-31T09:00", "start=x", "date=2026-02-31", "practitioner=²"):
        assert desk.get(f"{SLUG}/bookings/new?{query}").status_code == 200
        assert desk.get(f"{SLUG}/blocks/new?{query}").status_code == 200
    for like in ("77", "²", "9" * 40):
        assert desk.get(f"{SLUG}/bookings/new?like={like}").status_code == 404
    assert not northside.account.bookings.exists()


def test_a_new_patients_name_of_300_letters_is_refused_at_the_field(
    northside: Practice, desk: Client
) -> None:
    body = booked(northside, patient="", new_patient="yes")
    names = {"patient_new-first_name": "A" * 300, "patient_new-last_name": "Klick"}

    answer = desk.post(f"{SLUG}/bookings/new", body | names)

    assert answer.status_code == 422
    assert "at most 255 characters (it has 300)" in text_of(answer)
    assert 'value="Klick"' in answer.content.decode()
    assert northside.account.patients.count() == 1


def test_a_script_in_a_note_is_text(northside: Practice, desk: Client) -> None:
    visit, script = northside.attend(), "<script>alert(1)</script>"
    page = f"{SLUG}/bookings/{visit.booking_id}"
    desk.post(f"{page}/note", {"notes": script})
    desk.post(f"{page}/cancellation", {"reason": "30", "note": script})

    shown = desk.get(page).content.decode()

    assert script not in shown
    assert shown.count(html.escape(script)) == 2


def test_a_form_that_was_sent_after_the_session_leads_back_to_its_page(
    northside: Practice,
) -> None:
    page = f"{SLUG}/patients/{northside.ada.pk}"
    senders = [f"http://testserver{page}?page=2", "https://elsewhere.example/x"]

    ways = [
        Client().post(f"{page}/alerts", {"name": "Latex"}, headers={"referer": sender})
        for sender in senders
    ]

    assert [answer.headers["Location"] for answer in ways] == [
        f"/sign-in/?next={page}%3Fpage%3D2",
        f"/sign-in/?next={page}/alerts",
    ]
