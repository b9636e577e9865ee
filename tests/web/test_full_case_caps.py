"""The dialogue of a case where a funder's period is full, or where more than full is taken."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from casewell.cases.models import PatientCase, Programme
from tests.web.full_case import in_days, link, sent_with, visits_of
from tests.web.pages import SLUG, text_of

if TYPE_CHECKING:
    from django.test import Client

    from casewell.appointments.models import Attendee
    from tests.world import Practice


@pytest.fixture
def plan(northside: Practice) -> PatientCase:
    """A plan of two sessions a year, both of 2031 taken, and one of 2032."""
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    Programme.objects.filter(pk=rules.pk).update(cap_action="block", cap_sessions=2)
    one = northside.case("Plan", programme_id=rules.pk)
    for year, month in ((2031, 5), (2031, 6), (2032, 7)):
        visit_in(northside, year, month, one)
    return one


def visit_in(
    practice: Practice, year: int, month: int, case: PatientCase | None = None
) -> Attendee:
    return practice.attend(case, datetime(year, month, 3, tzinfo=UTC))


def ask(
    desk: Client, visit: Attendee, case: PatientCase, choice: dict[str, Any] | None = None
) -> Any:
    sent = {"case": str(case.pk)} | (choice or {})
    return desk.post(f"{SLUG}/bookings/{visit.booking_id}/case", sent)


def test_a_full_year_is_given_a_place_by_the_last_visit_of_that_year(
    northside: Practice, desk: Client, plan: PatientCase
) -> None:
    _, june, next_year = visits_of(plan)
    extra = visit_in(northside, 2031, 4)

    refused = ask(desk, extra, plan)
    done = ask(desk, extra, plan, sent_with(refused, "replace"))

    assert "with Amy Shaw stays booked and leaves the case." in text_of(refused)
    assert "Tue 3 Jun 2031, 10:00 am with Amy Shaw stays booked" in text_of(refused)
    assert done.status_code == 302, text_of(done)
    assert june not in visits_of(plan)
    assert {extra.pk, next_year} < set(visits_of(plan))


def test_a_year_that_has_room_again_takes_the_visit_and_releases_none(
    northside: Practice, desk: Client, plan: PatientCase
) -> None:
    may, june, next_year = visits_of(plan)
    extra = visit_in(northside, 2031, 4)
    refused = ask(desk, extra, plan)
    plan.attendees.get(pk=may).unlink(by=northside.by)

    done = ask(desk, extra, plan, sent_with(refused, "replace"))

    assert done.status_code == 302, text_of(done)
    assert visits_of(plan) == [extra.pk, june, next_year]


def test_a_limit_that_was_taken_away_meanwhile_takes_the_visit_and_releases_none(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=1)
    later = in_days(northside, 9, knee)
    extra = in_days(northside, 3)
    refused = ask(desk, extra, knee)
    PatientCase.objects.filter(pk=knee.pk).update(max_sessions=None)

    assert ask(desk, extra, knee, sent_with(refused, "replace")).status_code == 302
    assert visits_of(knee) == [extra.pk, later.pk]


def test_a_year_whose_visits_are_in_other_cases_says_so(
    northside: Practice, desk: Client, plan: PatientCase
) -> None:
    other = northside.case("Other discipline", programme_id=plan.programme_id)

    said = text_of(ask(desk, visit_in(northside, 2031, 4), other))

    assert "Not possible: No visit of 2031 is in it, only in other cases." in said


def test_an_overused_case_or_year_says_that_one_who_leaves_is_too_few(
    northside: Practice, desk: Client, plan: PatientCase
) -> None:
    knee = northside.case(max_sessions=2)
    for day in (7, 8):
        in_days(northside, day, knee)
    PatientCase.objects.filter(pk=knee.pk).update(max_sessions=1)
    full = text_of(ask(desk, in_days(northside, 3), knee))
    Programme.objects.filter(pk=plan.programme_id).update(cap_sessions=1)
    capped = text_of(ask(desk, visit_in(northside, 2031, 4), plan))

    assert "Not possible: 2 of 1 are taken: one that leaves is too few." in full
    assert "Not possible: 2 of 1 in 2031 are taken: one that leaves is too few." in capped


def test_a_visit_that_changes_its_case_within_the_programme_is_no_visit_more_of_the_year(
    northside: Practice, desk: Client, plan: PatientCase
) -> None:
    other = northside.case("Other discipline", programme_id=plan.programme_id)
    inside = plan.attendees.in_order()[0]
    outside = visit_in(northside, 2031, 4)
    cancelled = visit_in(northside, 2031, 3)
    cancelled.cancel(50, by=northside.by)

    pages = {
        one: text_of(desk.get(f"{SLUG}/bookings/{one.booking_id}?case={other.pk}"))
        for one in (inside, outside, cancelled)
    }

    assert "by our records" not in pages[inside]
    assert "It would make 3 of 2 in 2031 by our records." in pages[outside]
    assert "by our records" not in pages[cancelled]


def test_a_funders_cap_that_blocks_offers_what_helps_there(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    Programme.objects.filter(pk=rules.pk).update(cap_action="block", cap_sessions=1)
    plan = northside.case("Plan", programme_id=rules.pk)
    now = timezone.now()
    northside.attend(plan, now + timedelta(minutes=2))
    extra = northside.attend(None, now + timedelta(minutes=1))
    path, fields = f"bookings/{extra.booking_id}/case", {"case": str(plan.pk)}

    refused = desk.post(f"{SLUG}/{path}", fields)

    assert "grants no more sessions in" in text_of(refused)
    assert re.findall(r'name="way" value="(\w+)" id', refused.content.decode()) == ["replace"]
    assert desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "replace")).status_code == 302
    assert visits_of(plan) == [extra.pk]


def test_where_expiry_blocks_the_next_case_helps(northside: Practice, desk: Client) -> None:
    northside.account.case_expiry_action = "block"
    northside.account.save()
    old = northside.case("Old letter", expiry_date=timezone.localdate() - timedelta(days=2))
    path, fields, extra = link(northside, old)

    refused = desk.post(f"{SLUG}/{path}", fields)
    assert "is expired by then" in text_of(refused)
    done = desk.post(f"{SLUG}/{path}", fields | sent_with(refused, "follow"))

    assert done.status_code == 302, text_of(done)
    extra.refresh_from_db()
    assert extra.case is not None
    assert extra.case.predecessor_id == old.pk


def test_the_sixth_of_the_year_is_warned_about_and_the_first_of_the_next_is_not(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    physio = northside.case("Physio", programme=rules, discipline="physiotherapy")
    podiatry = northside.case("Podiatry", programme=rules, discipline="podiatry")
    start = timezone.datetime(2031, 3, 3, 1, tzinfo=timezone.get_current_timezone())  # type: ignore[attr-defined]
    for n in range(5):
        northside.attend(physio if n % 2 else podiatry, start + timedelta(days=n))
    query = f"?patient={northside.ada.pk}&case={podiatry.pk}&case_of={northside.ada.pk}&time=10:00"

    sixth, first = (
        text_of(desk.get(f"{SLUG}/bookings/new{query}&date={day}"))
        for day in ("2031-12-31", "2032-01-01")
    )

    assert "It would make 6 of 5 in 2031 by our records. It can be saved all the same." in sixth
    assert "by our records" not in first
