"""The list of appointments: what is found, in which order, with which columns, and as CSV."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.accounts.roles import Role
from casewell.appointments.models import AppointmentType, CancellationReason
from casewell.audit.models import Change
from casewell.tenancy.scope import account_scope
from casewell.web.views import appointment_export
from casewell.web.views import appointments as page
from tests.world import BACKEND, NOON

if TYPE_CHECKING:
    from casewell.patients.models import Patient
    from tests.world import Practice

LIST = "/northside/appointments"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.usefixtures("at_noon")


def found(admin: Client, query: str) -> list[str]:
    """The last names of the patients in the list, in its order."""
    shown = admin.get(f"{LIST}?{query}").content.decode()
    return re.findall(r"<bdi>(\w+), \w+</bdi>", shown.split('id="appointments"')[1])


def said(answer: Any) -> str:
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def person(northside: Practice, last_name: str) -> Patient:
    return northside.patient(first_name="Ben", last_name=last_name)


@pytest.mark.parametrize(
    ("when", "names"),
    [
        ("", ["Today"]),
        ("when=today", ["Today"]),
        ("when=yesterday", ["Yesterday"]),
        ("when=week", ["Yesterday", "Today", "Sunday"]),
        ("when=next_7", ["Today", "Sunday", "Monday"]),
        ("when=last_month", ["First", "Last"]),
        ("when=dates&start=2026-03-08", ["Sunday", "Monday", "Tenth"]),
        ("when=dates&until=2026-02-01", ["January", "First"]),
        ("when=dates&start=2026-03-08&until=2026-03-08", ["Sunday"]),
        ("when=today&start=2026-03-08", ["Today"]),
    ],
)
def test_a_span_of_days_is_that_of_the_clinics_own_calendar(
    northside: Practice, admin: Client, when: str, names: list[str]
) -> None:
    clocks = {
        "January": (1, 31, 23, 59),
        "First": (2, 1, 0, 0),
        "Last": (2, 28, 23, 59),
        "Yesterday": (3, 2, 0, 0),
        "Today": (3, 3, 0, 0),
        "Sunday": (3, 8, 23, 59),
        "Monday": (3, 9, 9, 0),
        "Tenth": (3, 10, 0, 0),
    }
    for name, clock in clocks.items():
        there = datetime(2026, *clock, tzinfo=northside.business.zone)
        northside.attend(at=there, patient=person(northside, name))

    assert found(admin, when) == names


def test_a_day_is_each_businesss_own(northside: Practice, admin: Client) -> None:
    auckland = Business.objects.create(
        account=northside.account, business_name="Ponsonby", time_zone="Pacific/Auckland"
    )
    for name, hours in (("Late", 10.5), ("Early", -12.5)):  # 22:30 and, the day before, 23:30
        visit = northside.attend(at=NOON + hours * HOUR, patient=person(northside, name))
        visit.booking.move(business=auckland, by=northside.by)
    northside.attend(at=NOON + 10.5 * HOUR, patient=person(northside, "Here"))

    assert found(admin, "when=today") == ["Early", "Here"]
    assert found(admin, f"when=today&business={auckland.pk}") == ["Early"]
    assert "Tue 3 Mar 2026 1:30 am Auckland time" in said(admin.get(LIST))


def test_a_visit_is_found_by_whom_what_and_where_it_is(northside: Practice, admin: Client) -> None:
    account = northside.account
    tom = Practitioner.objects.create(account=account, first_name="Tom", last_name="Reid")
    long = AppointmentType.objects.create(account=account, name="Long", duration_in_minutes=60)
    lane = Business.objects.create(
        account=account, business_name="Lane", time_zone="Australia/Sydney"
    )
    northside.attend(patient=person(northside, "Plain"))
    other = northside.attend(at=NOON + HOUR, patient=person(northside, "Other"))
    other.booking.move(practitioner=tom, business=lane, by=northside.by)
    other.booking.change_type(long, by=northside.by)

    for name, key in (("practitioner", tom.pk), ("type", long.pk), ("business", lane.pk)):
        assert found(admin, f"{name}={key}") == ["Other"]
    assert found(admin, f"practitioner={northside.amy.pk}") == ["Plain"]
    assert found(admin, f"practitioner={tom.pk}&business={northside.business.pk}") == []
    assert "Tom Reid · Lane · Long" in said(
        admin.get(f"{LIST}?practitioner={tom.pk}&business={lane.pk}&type={long.pk}")
    )


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("booked", ["Forgotten", "Coming"]),
        ("arrived", ["Here"]),
        ("did_not_arrive", ["Absent"]),
        ("cancelled", ["Cancelled"]),
        ("unmarked", ["Forgotten"]),
        ("", ["Forgotten", "Here", "Absent", "Cancelled", "Coming"]),
    ],
)
def test_a_visit_is_found_by_what_became_of_it(
    northside: Practice, admin: Client, state: str, names: list[str]
) -> None:
    visits: dict[str, dict[str, Any]] = {
        "Forgotten": {},
        "Here": {"arrived": True},
        "Absent": {"did_not_arrive": True},
        "Cancelled": {"cancelled_at": NOON, "did_not_arrive": True},
        "Archived": {"archived_at": NOON},
    }
    for name, fields in visits.items():
        northside.attend(at=NOON - HOUR, patient=person(northside, name), **fields)
    northside.attend(at=NOON + HOUR, patient=person(northside, "Coming"))

    assert found(admin, f"state={state}") == names
    if not state:
        counts = "5 appointments · 1 arrived · 1 did not arrive · 1 cancelled"
        assert counts in said(admin.get(LIST))


@pytest.mark.parametrize(
    ("case", "names"),
    [
        ("none", ["None"]),
        ("some", ["Open", "Full", "Expired", "Closed"]),
        ("open", ["Open", "Full"]),
        ("full", ["Full"]),
        ("expired", ["Expired"]),
        ("closed", ["Closed"]),
    ],
)
def test_a_visit_is_found_by_its_case(
    northside: Practice, admin: Client, case: str, names: list[str]
) -> None:
    cases: dict[str, dict[str, Any]] = {
        "Open": {},
        "Full": {"max_sessions": 1},
        "Expired": {"expiry_date": date(2026, 3, 2)},
        "Closed": {"closed_at": timezone.now()},
    }
    northside.attend(patient=person(northside, "None"))
    for name, fields in cases.items():
        patient = person(northside, name)
        northside.attend(northside.case(name, patient=patient, **fields))

    assert found(admin, f"case={case}") == names


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Dorn", "Alt", "Bach"]),
        ("-when", ["Bach", "Alt", "Dorn"]),
        ("patient", ["Alt", "Bach", "Dorn"]),
        ("-patient", ["Dorn", "Bach", "Alt"]),
        ("case", ["Bach", "Dorn", "Alt"]),
        ("password", ["Dorn", "Alt", "Bach"]),
    ],
)
def test_the_list_is_ordered_as_its_headings_say(
    northside: Practice, admin: Client, sort: str, names: list[str]
) -> None:
    for hours, name, case in ((0, "Dorn", "Knee"), (1, "Alt", ""), (2, "Bach", "Back")):
        patient = person(northside, name)
        joined = northside.case(case, patient=patient) if case else None
        northside.attend(joined, at=NOON + hours * HOUR, patient=patient)

    assert found(admin, f"sort={sort}") == names


def test_a_heading_says_how_the_list_is_ordered_and_turns_it_round(
    northside: Practice, admin: Client
) -> None:
    northside.attend()
    shown = admin.get(f"{LIST}?sort=patient&state=booked").content.decode()

    assert shown.count("aria-sort") == 1
    assert 'aria-sort="ascending"><a href="?when=today&amp;state=booked&amp;sort=-patient"' in shown


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("when=dates&start=2026-03-04&until=2026-03-01", "The last day is before the first one."),
        ("when=dates&start=2026-02-31", "Enter a valid date."),
        ("when=dates&start=0002-01-01", "Choose a date from 1900 to 2199."),
        ("practitioner=7", "Select a valid choice."),
        ("state=gone", "Select a valid choice."),
        ("when=<script>", "Select a valid choice."),
    ],
)
def test_a_filter_that_makes_no_sense_says_so_and_lists_nothing(
    northside: Practice, admin: Client, query: str, sentence: str
) -> None:
    northside.attend()

    shown = admin.get(f"{LIST}?{query}")

    assert sentence in said(shown)
    assert b"<script>" not in shown.content.split(b"<main")[1]
    assert found(admin, query) == []
    assert admin.get(f"{LIST}.csv?{query}").status_code == 302


def test_the_address_carries_what_is_chosen_and_no_more(northside: Practice, admin: Client) -> None:
    asked = "when=week&start=2026-01-01&practitioner=&state=booked&sort=patient&page=2"

    pushed = admin.get(f"{LIST}?{asked}").headers["HX-Push-Url"]

    assert pushed == f"{LIST}?when=week&state=booked&sort=patient"
    assert admin.get(LIST).headers["HX-Push-Url"] == f"{LIST}?when=today"


def test_the_chosen_columns_are_kept_in_the_browser_and_leave_the_address(
    northside: Practice, admin: Client
) -> None:
    ben = northside.patient(
        email="ben@wu.example", phone_numbers=[{"number": "0400 1", "phone_type": "Home"}]
    )
    northside.attend(patient=ben)
    assert "Standard" in said(admin.get(LIST))

    led = admin.get(f"{LIST}?state=booked&column=email&column=phone&column=nonsense")

    assert led.headers["Location"] == f"{LIST}?when=today&state=booked"
    head = re.findall(r"<th scope=.col.*?</th>", admin.get(LIST).content.decode(), re.DOTALL)
    labels = [re.sub(r"<[^>]+>", "", cell).strip() for cell in head]
    assert labels == ["When", "Patient", "Phone", "Email"]
    shown = said(admin.get(LIST))
    assert "ben@wu.example" in shown
    admin.get(f"{LIST}?column=")
    assert "Standard" in said(admin.get(LIST))


def test_a_long_list_comes_in_pages(
    northside: Practice, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "ROWS", 2)
    for number, name in enumerate(("One", "Two", "Three", "Four", "Five")):
        northside.attend(at=NOON + number * HOUR, patient=person(northside, name))

    assert found(admin, "") == ["One", "Two"]
    assert found(admin, "page=3") == ["Five"]
    assert found(admin, "page=99") == ["Five"]
    assert found(admin, "page=x") == ["One", "Two"]
    assert len(found(admin, "rows=500")) == 5
    assert "3–4 of 5" in said(admin.get(f"{LIST}?page=2"))


def test_of_too_many_the_first_can_be_paged_through_and_it_says_so(
    northside: Practice, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "ROWS", 2)
    monkeypatch.setattr(page, "MOST", 3)
    for number, name in enumerate(("One", "Two", "Three", "Four", "Five")):
        northside.attend(at=NOON + number * HOUR, patient=person(northside, name))

    assert "More than 3 appointments" in said(admin.get(LIST))
    assert "Only the first 3 can be paged through." in said(admin.get(LIST))
    assert found(admin, "page=2") == ["Three"]


def rows_of(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_the_csv_holds_the_whole_list_with_the_columns_that_are_shown(
    northside: Practice, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointment_export, "AT_ONCE", 2)
    knee = northside.case(max_sessions=3)
    for hours in (0, 1, 2):
        northside.attend(knee, at=NOON + hours * HOUR)
    northside.attend(at=NOON + 3 * HOUR, cancelled_at=NOON)

    answer = admin.get(f"{LIST}.csv?state=booked&sort=-when")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "appointments-2026-03-03.csv" in answer.headers["Content-Disposition"]
    zone = "Australia/Sydney"
    who = ["Rossi, Ada", "Amy Shaw", "Standard", "booked", "Left knee"]
    assert rows_of(answer) == [
        ["Date", "Start", "Time zone", "Patient", "With", "Type", "State", "Case", "Position"],
        ["2026-03-03", "14:00", zone, *who, "3 of 3"],
        ["2026-03-03", "13:00", zone, *who, "2 of 3"],
        ["2026-03-03", "12:00", zone, *who, "1 of 3"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_csv_is_a_formula(northside: Practice, admin: Client, start: str) -> None:
    northside.attend(northside.case(f"{start}HYPERLINK(1)", patient=northside.patient()))

    line = rows_of(admin.get(f"{LIST}.csv"))[1]

    assert line[7] == f"'{start}HYPERLINK(1)"


def test_who_takes_a_list_out_is_written_down_with_what_it_was(
    northside: Practice, admin: Client
) -> None:
    northside.attend()

    admin.get(f"{LIST}.csv?practitioner={northside.amy.pk}&state=booked")

    exported = Change.objects.get(verb="exported")
    assert exported.user_id == northside.member.user_id
    assert (exported.target_type, exported.target_id) == ("appointments.attendee", 0)
    assert exported.changes == {
        "rows": [None, 1],
        "filter": [None, "Tue 3 Mar 2026 · Amy Shaw · booked"],
        "columns": [None, ["practitioner", "type", "status", "case", "position"]],
    }


def test_who_may_not_take_lists_out_is_not_offered_it_and_is_refused(
    northside: Practice, admin: Client
) -> None:
    assert b"appointments.csv" in admin.get(LIST).content
    northside.account.admit(northside.member.user, role=Role.RECEPTIONIST)

    assert b"appointments.csv" not in admin.get(LIST).content
    assert admin.get(f"{LIST}.csv").status_code == 403
    assert not Change.objects.filter(verb="exported").exists()


def test_more_than_a_spreadsheet_should_hold_is_not_taken_out(
    northside: Practice, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointment_export, "MOST", 1)
    northside.attend()
    assert admin.get(f"{LIST}.csv").status_code == 200
    northside.attend(at=NOON + HOUR)

    answer = admin.get(f"{LIST}.csv?state=booked", follow=True)

    assert "Choose fewer days" in answer.content.decode()
    assert answer.redirect_chain == [(f"{LIST}?state=booked", 302)]


def test_the_csv_is_read_in_a_scope_of_its_own(elsewhere: Practice) -> None:
    with account_scope(elsewhere.account):
        elsewhere.attend()
    elsewhere.account.admit(elsewhere.member.user, role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(elsewhere.member.user, BACKEND)

    rows = rows_of(client.get("/elsewhere/appointments.csv"))

    assert [row[3] for row in rows] == ["Patient", "Rossi, Ada"]


def test_every_column_tells_its_own(northside: Practice, admin: Client) -> None:
    patient = northside.patient(
        email="ben@wu.example", phone_numbers=[{"number": "0400 1", "phone_type": "Home"}]
    )
    knee = northside.case(patient=patient, contact=northside.doctor(), expiry_date=date(2026, 4, 1))
    visit = northside.attend(knee, confirmed_at=NOON)
    visit.booking.set_notes("Brings scans", by=northside.by)
    visit.cancel(CancellationReason.SICK, by=northside.by)
    keys = [
        "business",
        "minutes",
        "expiry",
        "referrer",
        "phone",
        "email",
        "confirmed",
        "reason",
        "note",
        "booked",
    ]
    admin.get(f"{LIST}?{'&'.join(f'column={key}' for key in keys)}")

    [_, cells] = rows_of(admin.get(f"{LIST}.csv"))

    moment = "3 Mar 2026, 12:00 pm"
    assert cells[4:] == [
        "Hill Street",
        "45",
        "1 Apr 2026",
        "Dr Jane Lee",
        "0400 1",
        "ben@wu.example",
        moment,
        "Sick",
        "Brings scans",
        moment,
    ]


def test_an_empty_list_says_what_to_do(admin: Client) -> None:
    assert "No appointments here" in said(admin.get(LIST))
