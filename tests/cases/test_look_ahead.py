"""What more visits would meet is said before they are saved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from casewell.cases.look_ahead import blocks, in_short, look_ahead
from casewell.cases.models import Approval, PatientCase, Programme

if TYPE_CHECKING:
    from tests.world import Practice

MONDAY = date(2026, 3, 2)


def weekly(count: int) -> list[date]:
    return [MONDAY + timedelta(weeks=week) for week in range(count)]


def test_a_series_that_fits_has_nothing_said_about_it(northside: Practice) -> None:
    prospects = look_ahead(northside.case(max_sessions=8), weekly(8))

    assert in_short(prospects) == ""
    assert [p.makes for p in prospects] == list(range(1, 9))
    assert all(p.fits and p.warnings == [] for p in prospects)


def test_a_series_says_at_which_number_it_passes_the_limit_and_the_expiry(
    northside: Practice,
) -> None:
    case = northside.case(max_sessions=5, expiry_date=MONDAY + timedelta(weeks=5))

    prospects = look_ahead(case, weekly(8))

    assert in_short(prospects) == (
        "These 8 pass the limit at number 6 and the expiry date at number 7."
    )
    assert prospects[6].warnings == [
        "It would be number 7, over the limit.",
        "The case expires on 6 Apr 2026, before that day.",
    ]


def test_a_visit_on_the_day_of_expiry_passes_nothing(northside: Practice) -> None:
    [prospect] = look_ahead(northside.case(expiry_date=MONDAY), [MONDAY])

    assert prospect.fits


def test_the_sixth_of_the_year_is_warned_about_and_the_first_of_the_next_is_not(
    northside: Practice,
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    physio = northside.case(programme=rules, discipline="physiotherapy")
    podiatry = northside.case(programme=rules, discipline="podiatry")
    for month in range(1, 6):
        case = physio if month % 2 else podiatry
        northside.attend(case, datetime(2026, month, 10, 1, tzinfo=UTC))

    sixth, first = look_ahead(
        PatientCase.objects.get(pk=podiatry.pk), [date(2026, 12, 31), date(2027, 1, 1)]
    )

    assert sixth.warnings == ["It would make 6 of 5 in 2026 by our records."]
    assert first.fits
    assert not blocks(podiatry, [sixth])
    Programme.objects.filter(pk=rules.pk).update(cap_action="block")
    assert blocks(PatientCase.objects.get(pk=podiatry.pk), [sixth])


def test_a_clock_that_starts_at_the_first_visit_starts_at_the_first_of_a_series(
    northside: Practice,
) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    Programme.objects.filter(pk=rules.pk).update(
        clock_anchor="first_session", clock_months=1, clock_days=None
    )
    rules.refresh_from_db()
    case = northside.case(programme=rules)

    prospects = look_ahead(case, weekly(6))

    assert [p.number for p in prospects if p.expired_on] == [6]
    assert prospects[5].expired_on == date(2026, 4, 2)


def test_an_approval_sets_the_limit_that_a_series_passes(northside: Practice) -> None:
    case = northside.case(max_sessions=20)
    Approval.grant(case, sessions=2, until=MONDAY, by=northside.by)

    prospects = look_ahead(PatientCase.objects.get(pk=case.pk), weekly(3))

    assert in_short(prospects) == (
        "These 3 pass the limit at number 3 and the expiry date at number 2."
    )
    assert blocks(case, prospects)
