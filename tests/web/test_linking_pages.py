"""A patient's appointments beside a case: found, ticked, linked and let go."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.appointments.models import AppointmentType, Booking
from casewell.audit.models import Change
from casewell.cases.models import PatientCase
from tests.web.full_case import in_days, sent_with, visits_of
from tests.web.linking import keys, page_of
from tests.web.pages import text_of
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client


def shown(answer: Any) -> list[str]:
    """The ids on the page, in their order."""
    return re.findall(r'name="visit" value="(\d+)"', answer.content.decode())


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
