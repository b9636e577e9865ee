"""A case's page: readable without a click, and what is owed and undone there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import time_machine

from casewell.cases.models import Approval, DutyDone, Programme
from tests.web.test_pages import statements_of
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client

MEDICARE, DVA = "au-medicare-gpccmp", "au-dva-cycle"
YEARS_END = datetime(2026, 12, 31, 12, 30, tzinfo=UTC)  # 23:30 in Sydney


def shown(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_page_with_everything_takes_few_statements_for_one_row_and_for_three(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, MEDICARE, by=northside.by)
    case = northside.case(programme=rules, contact=northside.doctor(), referral=True)
    counts = []
    for n in (1, 3):
        for i in range(n):
            northside.attend(case, NOON + timedelta(days=n * 7 + i))
            Approval.grant(case, sessions=1, by=northside.by)
        DutyDone.mark(case, rules.duties[n // 2]["code"], by=northside.by)
        desk.get(f"/northside/cases/{case.pk}")
        counts.append(statements_of(desk, f"/northside/cases/{case.pk}"))

    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_visits_of_two_disciplines_share_the_years_cap_and_the_next_year_begins_anew(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, MEDICARE, by=northside.by)
    physio = northside.case("Physio", programme=rules, discipline="Physiotherapy")
    podiatry = northside.case("Podiatry", programme=rules, discipline="Podiatry")
    for number, case in enumerate([physio, physio, podiatry, podiatry, podiatry]):
        northside.attend(case, NOON + timedelta(days=number))
    northside.attend(physio, YEARS_END)
    northside.attend(physio, YEARS_END + timedelta(hours=1))

    page = shown(desk, f"/northside/cases/{physio.pk}")

    assert "6 of 5 in 2026, over the cap" in page
    assert "1 of 5 in 2027</span>" in page
    assert "by Services Australia" in page


def test_a_first_nations_patient_has_the_funders_higher_cap(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, MEDICARE, by=northside.by)
    northside.ada.first_nations_status = northside.ada.FirstNations.ABORIGINAL
    northside.ada.save()
    case = northside.case(programme=rules)
    northside.attend(case, NOON)

    assert "1 of 10 in 2026" in shown(desk, f"/northside/cases/{case.pk}")


@time_machine.travel(NOON + timedelta(days=2), tick=False)
def test_a_duty_is_not_yet_then_due_then_done_by_something_and_can_be_undone(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, MEDICARE, by=northside.by)
    case = northside.case(programme=rules)
    address = f"/northside/cases/{case.pk}"
    before = shown(desk, address)
    northside.attend(case, NOON)
    due = shown(desk, address)
    typed = {"code": "report_first", "done_on": "2026-03-04", "means": "file", "note": "Faxed"}
    desk.post(f"{address}/duties", typed)
    done = shown(desk, address)
    desk.post(f"/northside/duties/{northside.account.duties_done.get().pk}/undoing")

    assert "due</span>" not in before
    assert "due</span> Report to the referrer after the first service" in due
    assert "File, <time" in done
    assert "Faxed" in done
    assert "due</span> Report to the referrer after the first service" in shown(desk, address)


def test_a_duty_that_the_programme_has_not_is_not_done(northside: Practice, desk: Client) -> None:
    case = northside.case()

    desk.post(f"/northside/cases/{case.pk}/duties", {"code": "x", "done_on": "2026-03-04"})

    assert not northside.account.duties_done.exists()


def test_the_letter_check_keeps_what_is_ticked_and_names_what_is_missing(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, MEDICARE, by=northside.by)
    case = northside.case(programme=rules, contact=northside.doctor())
    address = f"/northside/cases/{case.pk}"

    answer = desk.post(f"{address}/letter", {"contains": ["date", "something else"]}, follow=True)

    page = " ".join(answer.content.decode().split())
    assert 'value="date" checked' in page
    assert page.count(">missing<") == len(rules.letter_must_contain) - 1
    case.refresh_from_db()
    assert case.letter_contains == ["date"]


def test_the_terminals_values_stand_in_keying_order_each_with_copy(
    northside: Practice, desk: Client
) -> None:
    doctor = northside.doctor(provider_number="2429591L")
    case = northside.case(
        contact=doctor,
        referral=True,
        issue_date=NOON.date(),
        referral_period="months",
        referral_period_months=18,
    )

    page = shown(desk, f"/northside/cases/{case.pk}")

    places = [page.index(f"<b>{v}</b>") for v in ("2429591L", "Dr Jane Lee", "3 Mar 2026")]
    assert places == sorted(places)
    assert page.index("<b>18 months</b>") > places[-1]
    for value in ("2429591L", "Dr Jane Lee", "3 Mar 2026", "18 months"):
        assert f'data-copy="{value}"' in page


def test_sessions_used_elsewhere_are_shown_apart_with_who_said_so(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(
        max_sessions=5,
        sessions_elsewhere=2,
        elsewhere_source="Medicare, by phone",
        elsewhere_checked_on=NOON.date(),
    )
    northside.attend(case)

    page = shown(desk, f"/northside/cases/{case.pk}")

    assert "<b>3 of 5</b>" in page
    assert "elsewhere 2" in page
    assert "Medicare, by phone" in page


def test_a_clock_that_has_not_begun_says_that_it_starts_at_the_first_visit_wherever_it_is_shown(
    northside: Practice, desk: Client
) -> None:
    rules = Programme.adopt(northside.account, MEDICARE, by=northside.by)
    case = northside.case(programme=rules)
    addresses = [
        "cases",
        f"cases/{case.pk}",
        f"patients/{northside.ada.pk}",
        f"bookings/new?patient={northside.ada.pk}",
    ]

    for address in addresses:
        assert "starts at first visit" in shown(desk, f"/northside/{address}"), address
    northside.attend(case, NOON)

    assert "expires</span> <time" in shown(desk, f"/northside/cases/{case.pk}")
    assert "3 Sep 2027" in shown(desk, f"/northside/cases/{case.pk}")


def test_an_approved_limit_is_shown_wherever_a_visit_is(northside: Practice, desk: Client) -> None:
    case = northside.case(max_sessions=3)
    Approval.grant(case, sessions=7, by=northside.by)
    visit = northside.attend(case, NOON)
    day = NOON.date()

    assert "1 of 7" in shown(desk, f"/northside/patients/{northside.ada.pk}")
    assert "1 of 7" in shown(desk, f"/northside/bookings/{visit.booking_id}")
    assert "1 of 7" in shown(desk, f"/northside/appointments?when=dates&start={day}")
    assert "1 of 7" in shown(desk, f"/northside/today/{day}")
    feed = desk.get(f"/northside/calendar/{day}/bookings?business={northside.business.pk}")
    assert [tile["case"] for tile in feed.json()["bookings"]] == ["1/7"]


def test_a_case_names_the_one_before_and_the_one_after(northside: Practice, desk: Client) -> None:
    first = northside.case("First cycle")
    second = northside.case("Second cycle", predecessor=first)
    first.close("Cycle over", by=northside.by)

    assert "Followed by" in shown(desk, f"/northside/cases/{first.pk}")
    assert "Second cycle" in shown(desk, f"/northside/cases/{first.pk}")
    assert "Follows" in shown(desk, f"/northside/cases/{second.pk}")


def test_the_history_tells_of_approvals_and_duties(northside: Practice, desk: Client) -> None:
    rules = Programme.adopt(northside.account, DVA, by=northside.by)
    case = northside.case(programme=rules)
    Approval.grant(case, sessions=6, number="A-9", by=northside.by)
    DutyDone.mark(case, "care_plan", by=northside.by)

    page = shown(desk, f"/northside/cases/{case.pk}/history")

    assert "added <bdi>an approval</bdi>" in page
    assert "A-9" in page
    assert "marked <bdi>a duty</bdi> as done" in page
