"""Hours and available times through the API: as the contract has them, and as the panel does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.models import Business, Practitioner
from casewell.accounts.roles import Role
from casewell.api.resources.available_times import OUT_OF_FRAME
from casewell.appointments.free_times import free_times, gaps_in
from casewell.appointments.models import AppointmentType
from casewell.availability.weeks import set_week
from tests.api.client import BASE, program_of
from tests.api.examples.bookings import extra_hours_body, weekday
from tests.api.test_statements import READ, statements
from tests.world import NOON

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
FRAME = "?from=2026-03-03&to=2026-03-10"
MORNINGS = {"wednesday": [["09:00", "11:00"]]}
AT_TEN = "2026-03-03T22:00:00Z"  # Wednesday, 9:00 in Sydney


@pytest.fixture
def online(northside: Practice) -> Practice:
    """Amy is there on Wednesday mornings, and the standard type may be booked online."""
    set_week(northside.amy, northside.business, MORNINGS, by=northside.by)
    northside.standard.practitioner_links.create(practitioner=northside.amy)
    northside.standard.show_in_online_bookings = True
    northside.standard.save()
    return northside


def path(practice: Practice, word: str = "available_times") -> str:
    keys = (practice.business.pk, practice.amy.pk, practice.standard.pk)
    return "/businesses/{}/practitioners/{}/appointment_types/{}/".format(*keys) + word


def times(program: Program, practice: Practice, query: str = FRAME) -> list[str]:
    rows = program.get(path(practice) + query)["available_times"]
    return [row["appointment_start"] for row in rows]


def test_available_times_have_the_contracts_envelope_and_pages(
    program: Program, online: Practice
) -> None:
    body = program.get(path(online) + FRAME + "&per_page=1")

    assert body == {
        "available_times": [{"appointment_start": AT_TEN}],
        "total_entries": 2,
        "links": {
            "self": f"{BASE}{path(online)}?page=1&per_page=1&from=2026-03-03&to=2026-03-10",
            "next": f"{BASE}{path(online)}?page=2&per_page=1&from=2026-03-03&to=2026-03-10",
        },
    }
    second = program.get(body["links"]["next"].removeprefix(BASE))
    assert second["available_times"] == [{"appointment_start": "2026-03-03T22:45:00Z"}]
    assert "next" not in second["links"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?from=2026-03-03",
        "?to=2026-03-04",
        "?from=2026-03-02&to=2026-03-04",
        "?from=2026-03-05&to=2026-03-04",
        "?from=2026-03-03&to=2026-03-11",
        "?from=tomorrow&to=2026-03-04",
        "?from=9999-12-31&to=9999-12-31",
    ],
)
def test_days_that_the_contract_does_not_allow_are_refused_in_its_words(
    program: Program, online: Practice, query: str
) -> None:
    assert program.call("GET", path(online) + query) == (400, {"message": OUT_OF_FRAME})


def test_next_available_time_needs_no_days_and_takes_them(
    program: Program, online: Practice
) -> None:
    here = path(online, "next_available_time")
    found = {"appointment_start": AT_TEN, "links": {"self": f"{BASE}{here}"}}

    assert program.get(here) == program.get(here + FRAME) == found
    assert program.call("GET", here + "?from=2026-03-05&to=2026-03-06")[0] == 404
    assert program.call("GET", here + "?from=2026-03-05")[0] == 400


def hide_the_type(practice: Practice) -> None:
    practice.standard.show_in_online_bookings = False
    practice.standard.save()


def hide_the_practitioner(practice: Practice) -> None:
    Practitioner.objects.update(show_in_online_bookings=False)


def hide_the_business(practice: Practice) -> None:
    Business.objects.update(show_in_online_bookings=False)


def let_her_leave(practice: Practice) -> None:
    Practitioner.objects.update(active=False)


def have_nobody_offer_it(practice: Practice) -> None:
    practice.standard.practitioner_links.all().delete()


def offer_it_elsewhere_alone(practice: Practice) -> None:
    shore = practice.account.businesses.create(business_name="Shore", time_zone="Australia/Sydney")
    practice.standard.business_links.create(business=shore)


def offer_other_types_there(practice: Practice) -> None:
    other = AppointmentType.objects.create(name="Other", duration_in_minutes=30)
    Business.objects.update(appointment_type_ids=[other.pk])


@pytest.mark.parametrize(
    "happens",
    [
        hide_the_type,
        hide_the_practitioner,
        hide_the_business,
        let_her_leave,
        have_nobody_offer_it,
        offer_it_elsewhere_alone,
        offer_other_types_there,
    ],
)
def test_what_is_not_booked_online_is_not_there(
    program: Program, online: Practice, happens: Any
) -> None:
    assert times(program, online) == [AT_TEN, "2026-03-03T22:45:00Z"]

    happens(online)

    assert program.call("GET", path(online) + FRAME)[0] == 404
    assert program.call("GET", path(online, "next_available_time"))[0] == 404


def test_another_practices_times_are_not_there(
    program: Program, online: Practice, elsewhere: Practice
) -> None:
    keys = (elsewhere.business.pk, elsewhere.amy.pk, elsewhere.standard.pk)
    theirs = "/businesses/{}/practitioners/{}/appointment_types/{}/available_times".format(*keys)

    assert program.call("GET", theirs + FRAME)[0] == 404


def test_the_times_are_those_of_the_panel_beside_what_is_booked(
    program: Program, online: Practice
) -> None:
    nine = NOON + timedelta(hours=21)
    online.attend(at=nine)

    assert times(program, online) == ["2026-03-03T22:45:00Z"]
    places = online.account.practitioner_businesses.all()
    gaps = gaps_in(places, NOON.date(), NOON.date() + timedelta(days=7))
    panel = free_times(gaps, timedelta(minutes=45))
    assert [f"{one.starts_at.astimezone(NOON.tzinfo):%Y-%m-%dT%H:%M:%SZ}" for one in panel] == (
        times(program, online)
    )


def test_the_days_are_those_of_the_practices_own_zone(program: Program, online: Practice) -> None:
    Business.objects.update(time_zone="America/Phoenix")  # whose Wednesday ends on our Thursday

    assert times(program, online, "?from=2026-03-04&to=2026-03-04") == []
    assert times(program, online, "?from=2026-03-05&to=2026-03-05") == [
        "2026-03-04T16:00:00Z",
        "2026-03-04T16:45:00Z",
    ]


def test_times_take_as_many_statements_as_a_single_record(
    program: Program, online: Practice
) -> None:
    for number in range(3):
        online.attend(at=NOON + timedelta(days=number))

    assert statements(program, path(online) + FRAME) == READ
    assert statements(program, path(online, "next_available_time")) == READ


def test_the_seven_days_of_a_week_are_listed_with_their_breaks(
    program: Program, northside: Practice
) -> None:
    sunday = program.get(f"/daily_availabilities/{weekday(northside)}")

    assert sunday["day_of_week"] == 0
    assert sunday["availabilities"] == [
        {"starts_at": "08:30", "ends_at": "12:30"},
        {"starts_at": "13:15", "ends_at": "17:30"},
    ]
    assert (sunday["time_zone"], sunday["time_zone_identifier"]) == ("Sydney", "Australia/Sydney")
    for within in (f"/businesses/{northside.business.pk}", f"/practitioners/{northside.amy.pk}"):
        listed = program.get(f"{within}/daily_availabilities")["daily_availabilities"]
        assert sorted(one["day_of_week"] for one in listed) == list(range(7))
        assert sunday in listed
    assert program.call("GET", "/practitioners/17/daily_availabilities")[0] == 404


def test_extra_hours_open_times_until_they_are_removed(program: Program, online: Practice) -> None:
    body = extra_hours_body(online) | {"repeat_rule": None}
    made = program.post("/availability_blocks", body)
    saturday = [t for t in times(program, online) if t.startswith("2026-03-07")]

    assert saturday[0] == made["starts_at"] == body["starts_at"]
    assert made["repeat_rule"] is None
    online.account.availability_blocks.get(pk=made["id"]).remove(by=online.by)
    assert program.call("GET", f"/availability_blocks/{made['id']}")[0] == 404
    assert program.get("/availability_blocks")["availability_blocks"] == []


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"ends_at": "2026-03-07T01:00:00Z"}, "ends_at"),
        ({"ends_at": "2026-03-09T01:00:00Z"}, "ends_at"),
        ({"practitioner_id": "17"}, "practitioner"),
        ({"repeat_rule": {"repeat_type": "Yearly", "number_of_repeats": 1}}, "repeat_rule"),
        ({"repeat_rule": {"repeat_type": "Daily", "number_of_repeats": 101}}, "repeat_rule"),
        ({"repeat_rule": {"repeat_type": "Daily"}}, "repeat_rule"),
        ({"repeat_rule": {"repeat_type": [], "number_of_repeats": True}}, "repeat_rule"),
    ],
)
def test_extra_hours_that_cannot_be_are_refused_by_property(
    program: Program, northside: Practice, sent: dict[str, Any], told: str
) -> None:
    body = extra_hours_body(northside) | sent

    status, refused = program.call("POST", "/availability_blocks", body)

    assert (status, list(refused["errors"])) == (422, [told])
    assert not northside.account.availability_blocks.exists()


def test_a_practitioners_key_makes_their_own_extra_hours_and_nobody_elses(
    northside: Practice,
) -> None:
    northside.member.role = Role.PRACTITIONER
    northside.member.save()
    program = program_of(northside)
    body = extra_hours_body(northside)
    assert program.call("POST", "/availability_blocks", body)[0] == 403

    Practitioner.objects.update(user=northside.member.user)

    assert program.call("POST", "/availability_blocks", body)[0] == 201
