"""Several from a panel into a case: only what would count there is counted."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.web.full_case import in_days, sent_with, visits_of
from tests.web.pages import SLUG, text_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


SILENT: list[dict[str, Any]] = [{"did_not_arrive": True}, {"cancelled_at": timezone.now()}]


def join_two_of_one(northside: Practice, desk: Client, **state: Any) -> Any:
    """A visit of that state and one to come are sent into a full case that holds a later one."""
    knee = northside.case("Knee", max_sessions=1)
    in_days(northside, 30, knee)
    silent, coming = in_days(northside, 1, **state), in_days(northside, 2)
    body = {"case": str(knee.pk), "reach": "ticked", "also": [coming.pk]}
    return desk.post(f"/northside/bookings/{silent.booking_id}/linking", body)


@pytest.mark.parametrize("state", SILENT)
def test_a_visit_that_does_not_count_needs_no_room_in_the_case(
    northside: Practice, desk: Client, state: dict[str, Any]
) -> None:
    said = text_of(join_two_of_one(northside, desk, **state))

    assert "Let its last appointment make room" in said
    assert "Several are to join at once" not in said
    assert 'name="raise_to"' in join_two_of_one(northside, desk, **state).content.decode()


def test_the_raised_limit_that_is_proposed_is_for_those_that_count(
    northside: Practice, desk: Client
) -> None:
    page = join_two_of_one(northside, desk, did_not_arrive=True).content.decode()

    assert 'value="2"' in page[page.index('name="raise_to"') - 200 :][:400]


def test_visits_that_all_do_not_count_join_a_full_case(northside: Practice, desk: Client) -> None:
    knee = northside.case("Knee", max_sessions=1)
    inside = in_days(northside, 30, knee)
    gone, missed = in_days(northside, 1), in_days(northside, 2, did_not_arrive=True)
    type(gone).objects.filter(pk=gone.pk).update(cancelled_at=timezone.now())
    body = {"case": str(knee.pk), "reach": "ticked", "also": [missed.pk]}

    done = desk.post(f"/northside/bookings/{gone.booking_id}/linking", body)

    assert done.status_code == 302
    assert visits_of(knee) == [gone.pk, missed.pk, inside.pk]


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
