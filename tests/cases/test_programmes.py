"""Programmes: shipped as data, copied and revised by a practice, and kept by the cases made."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from casewell.cases.models import PatientCase, Programme, shipped_programmes

if TYPE_CHECKING:
    from tests.world import Practice


@pytest.mark.parametrize("code", shipped_programmes())
def test_every_shipped_programme_can_be_adopted_and_is_a_valid_row(
    northside: Practice, code: str
) -> None:
    programme = Programme.adopt(northside.account, code, by=northside.by)

    programme.full_clean()
    assert programme.source
    assert Programme.adopt(northside.account, code, by=northside.by) == programme


def test_what_no_source_settled_stays_empty(northside: Practice) -> None:
    tac = Programme.adopt(northside.account, "au-vic-tac", by=northside.by)
    ndis = Programme.adopt(northside.account, "au-ndis-plan", by=northside.by)

    assert (tac.clock_days, tac.clock_anchor, tac.sessions_per_case) == (90, "injury_date", None)
    assert ndis.unconfirmed != []
    assert ndis.cap_sessions is None


def test_a_case_keeps_the_version_that_it_was_made_under(northside: Practice) -> None:
    dva = Programme.adopt(northside.account, "au-dva-cycle", by=northside.by)
    case = northside.case("DVA cycle", programme=dva)

    dva.sessions_per_case = 10
    newer = dva.revise(by=northside.by)

    case.refresh_from_db()
    assert case.programme is not None
    assert case.programme.sessions_per_case == 12
    assert (newer.version, newer.sessions_per_case) == (2, 10)
    assert [p.version for p in Programme.objects.current()] == [2]
    assert Programme.adopt(northside.account, "au-dva-cycle", by=northside.by) == newer


@pytest.mark.parametrize(
    ("anchor", "months", "dates", "end"),
    [
        ("issue_date", 12, {"issue_date": date(2028, 2, 29)}, date(2029, 2, 28)),
        ("plan_date", 18, {"plan_date": date(2026, 3, 9)}, date(2027, 9, 9)),
        ("injury_date", 1, {"injury_date": date(2026, 1, 31)}, date(2026, 2, 28)),
        ("injury_date", 1, {}, None),
        ("issue_date", None, {"issue_date": date(2026, 3, 9)}, None),
    ],
)
def test_a_case_expires_when_its_programmes_clock_runs_out(
    northside: Practice,
    anchor: str,
    months: int | None,
    dates: dict[str, Any],
    end: date | None,
) -> None:
    rules = Programme.objects.create(
        code="own", name="Own", clock_anchor=anchor, clock_months=months
    )
    case = northside.case(programme=rules, **dates)

    assert case.expires_on == end


def test_a_clock_that_starts_at_the_first_visit_starts_at_the_first_one_that_counts(
    northside: Practice,
) -> None:
    rules = Programme.objects.create(
        code="own", name="Own", clock_anchor="first_session", clock_months=18
    )
    case = northside.case(programme=rules)
    assert case.expires_on is None

    northside.attend(case, did_not_arrive=True)
    new_year = northside.attend(
        case, datetime(2026, 12, 31, 23, 30, tzinfo=northside.business.zone)
    )

    counted = PatientCase.objects.with_usage().get(pk=case.pk)
    assert counted.first_visit_on == date(2026, 12, 31)
    assert counted.expires_on == date(2028, 6, 30)
    new_year.unlink(by=northside.by)
    assert PatientCase.objects.get(pk=case.pk).expires_on is None


def test_what_was_typed_goes_before_the_clock(northside: Practice) -> None:
    rules = Programme.objects.create(
        code="own", name="Own", clock_anchor="issue_date", clock_months=12
    )
    case = northside.case(
        programme=rules, issue_date=date(2026, 3, 9), expiry_date=date(2026, 4, 1)
    )

    assert case.expires_on == date(2026, 4, 1)
    assert list(PatientCase.objects.expired_on(date(2026, 4, 2))) == [case]
    assert list(PatientCase.objects.expired_on(date(2026, 4, 1))) == []
    assert list(PatientCase.objects.unexpired_on(date(2026, 4, 1))) == [case]
