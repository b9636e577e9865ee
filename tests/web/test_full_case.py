"""A full case is no dead end: the dialogue of every door, what each way says and does."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pytest

from casewell.appointments.models import Attendee, Booking
from casewell.audit.models import Change
from casewell.cases.models import PatientCase
from casewell.lib.formats import formats
from tests.web.full_case import (
    DOORS,
    arrive_after_all,
    book,
    full,
    in_days,
    link,
    reinstate,
    restore,
    sent_with,
    visits_of,
)
from tests.web.pages import SLUG, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.world import Practice


@pytest.mark.parametrize("door", DOORS)
def test_every_door_says_what_is_full_and_what_replacing_means_and_then_does_it(
    northside: Practice, desk: Client, door: Callable[..., Any]
) -> None:
    cycle, booked = full(northside)
    path, fields, _ = door(northside, cycle)
    if door in (reinstate, arrive_after_all, restore):
        assert str(PatientCase.objects.get(pk=cycle.pk).usage) == "3 of 3"

    refused = desk.post(f"{SLUG}/{path}", fields)

    said = text_of(refused)
    assert refused.status_code == 422
    assert "“DVA cycle” is full: 3 of 3" in said
    last = booked[2].booking.local_start
    when = f"{formats().weekday(last)}, {formats().clock(last)}"
    assert f"Ada Rossi on {when} with Amy Shaw stays booked and leaves the case." in said
    assert booked[2].pk in visits_of(cycle)

    done = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "replace"))

    assert done.status_code == 302, text_of(done)
    released = Attendee.objects.get(pk=booked[2].pk)
    assert (released.case_id, released.state) == (None, "booked")
    assert str(PatientCase.objects.get(pk=cycle.pk).usage) == "3 of 3"
    assert Change.objects.of(released).values_list("verb", flat=True)[0] == "released"
    shown = desk.get(done.headers["Location"])
    assert "stays booked and has left “DVA cycle”." in html.unescape(shown.content.decode())


@pytest.mark.parametrize("door", DOORS)
def test_the_limit_is_raised_with_a_reason_and_not_without(
    northside: Practice, desk: Client, door: Callable[..., Any]
) -> None:
    cycle, _ = full(northside)
    path, fields, _ = door(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)

    without = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "raise", raise_to="4"))
    assert without.status_code == 422
    assert "Say why the limit is raised." in text_of(without)
    reason = {"raise_to": "4", "raise_reason": "DVA agreed by phone"}
    done = desk.post(f"{SLUG}/{path}", fields | sent_with(without, "raise", **reason))

    assert done.status_code == 302
    assert str(PatientCase.objects.get(pk=cycle.pk).usage) == "4 of 4"
    portions = cycle.approvals.order_by("id").values_list("sessions", "reason")
    assert list(portions) == [(3, "The limit until then"), (1, "DVA agreed by phone")]


@pytest.mark.parametrize("door", DOORS)
def test_the_next_case_takes_the_visits_to_come_and_the_one_at_hand(
    northside: Practice, desk: Client, door: Callable[..., Any]
) -> None:
    cycle, booked = full(northside, referral_type="dva")
    path, fields, _ = door(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)
    assert "A new letter, with its own date." in text_of(refused)

    done = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "follow"))

    assert done.status_code == 302, text_of(done)
    successor = PatientCase.objects.get(predecessor=cycle.pk)
    assert str(successor.usage) == "3 of 3"
    assert {booked[1].pk, booked[2].pk} < set(visits_of(successor))
    assert PatientCase.objects.get(pk=cycle.pk).closed_reason == "Followed by “DVA cycle”"


def test_the_visit_at_hand_has_its_place_in_the_next_case_before_those_to_come(
    northside: Practice, desk: Client
) -> None:
    cycle, booked = full(northside)
    path, fields, extra = link(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)

    sent = sent_with(refused, "follow") | {"next-max_sessions": "2"}
    done = desk.post(f"{SLUG}/{path}", fields | sent)

    assert done.status_code == 302, text_of(done)
    assert visits_of(PatientCase.objects.get(predecessor=cycle.pk)) == [extra.pk, booked[1].pk]
    assert visits_of(cycle) == [booked[0].pk, booked[2].pk]
    said = html.unescape(desk.get(done.headers["Location"]).content.decode())
    assert "It is full with them: 1 stayed in “DVA cycle”." in said


@pytest.mark.parametrize("door", [book, reinstate, arrive_after_all, restore])
def test_it_is_done_without_the_case(
    northside: Practice, desk: Client, door: Callable[..., Any]
) -> None:
    cycle, booked = full(northside)
    path, fields, _ = door(northside, cycle)
    refused = desk.post(f"{SLUG}/{path}", fields)

    done = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "none"))

    assert done.status_code == 302
    extra = Attendee.objects.latest("updated_at")
    assert (extra.case_id, extra.state) == (None, "booked")
    assert visits_of(cycle) == [one.pk for one in booked]


def test_nothing_that_was_typed_is_lost_and_doing_none_of_it_leads_back(
    northside: Practice, desk: Client
) -> None:
    cycle, _ = full(northside)
    path, fields, _ = book(northside, cycle)

    refused = desk.post(f"{SLUG}/{path}", fields)
    back = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "back"))

    for answer in (refused, back):
        page = answer.content.decode()
        assert "Brings the scans" in page
        assert 'name="minutes" value="33"' in page
        assert f'value="{cycle.pk}" id="case-{cycle.pk}" checked' in page
    assert 'class="full-case"' not in back.content.decode()
    assert Booking.objects.count() == 3


def test_a_case_whose_visits_cannot_leave_says_why(northside: Practice, desk: Client) -> None:
    knee = northside.case(max_sessions=1)
    in_days(northside, -1, knee)
    path, fields, _ = link(northside, knee)

    said = text_of(desk.post(f"{SLUG}/{path}", fields))

    assert "Not possible: All visits in it have started." in said
