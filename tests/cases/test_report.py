"""The report of cases: what was opened, used, and left over in a period, by whom and under what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from casewell.cases.models import Programme
from casewell.cases.report import report_on
from tests.invoices.till import Till
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.cases.report import Line
    from tests.world import Practice

FIRST, LAST, DAY = date(2026, 2, 1), date(2026, 2, 28), timedelta(days=1)
OF_FEBRUARY = NOON - 14 * DAY

pytestmark = pytest.mark.usefixtures("at_noon")


def figures(lines: list[Line]) -> dict[str, tuple[int, int, int, int, float | None]]:
    return {
        line.name: (line.opened, line.ended, line.used, line.lapsed, line.average) for line in lines
    }


def test_a_period_tells_what_was_opened_used_ended_and_left_over(northside: Practice) -> None:
    doctor = northside.doctor()
    ended = northside.case(
        max_sessions=5, contact=doctor, issue_date=date(2026, 1, 5), expiry_date=date(2026, 2, 20)
    )
    for days in (40, 20, 19):  # in January, and two in February
        northside.attend(ended, NOON - days * DAY)
    running = northside.case(max_sessions=5, contact=doctor, issue_date=FIRST)
    northside.attend(running, OF_FEBRUARY)
    northside.attend(running, NOON + DAY)
    northside.attend(running, NOON - 10 * DAY, did_not_arrive=True)

    report = report_on(northside.account, FIRST, LAST)

    assert figures(report.by_referrer) == {"Dr Jane Lee": (1, 1, 3, 2, 3.0)}
    assert figures(report.by_programme) == {"No programme": (1, 1, 3, 2, 3.0)}
    assert figures([report.total]) == {"All cases": (1, 1, 3, 2, 3.0)}


def test_a_case_ends_when_it_is_closed_or_has_expired_whichever_is_first(
    northside: Practice,
) -> None:
    closed: dict[str, Any] = {
        "closed_at": OF_FEBRUARY,
        "issue_date": date(2025, 1, 1),
        "max_sessions": 4,
    }
    northside.case(**closed, expiry_date=date(2026, 12, 1))
    northside.case(**closed, expiry_date=date(2026, 1, 31))
    northside.case(issue_date=date(2025, 1, 1), expiry_date=LAST + 9 * DAY)  # still to come

    report = report_on(northside.account, FIRST, LAST)

    assert (report.total.ended, report.total.lapsed, report.total.opened) == (1, 4, 0)


def test_a_case_without_an_issue_date_was_opened_when_it_was_made(northside: Practice) -> None:
    northside.case()

    assert report_on(northside.account, FIRST, LAST).total.opened == 0
    assert report_on(northside.account, LAST, LAST + 3 * DAY).total.opened == 1


def test_all_versions_of_a_programme_are_one_line_and_most_used_come_first(
    northside: Practice,
) -> None:
    rules = Programme.adopt(northside.account, "au-dva-cycle", by=northside.by)
    northside.attend(northside.case(programme=rules), OF_FEBRUARY)
    newer = rules.revise(by=northside.by)
    northside.attend(northside.case(programme=newer), OF_FEBRUARY + DAY)
    northside.attend(northside.case(), OF_FEBRUARY)

    lines = report_on(northside.account, FIRST, LAST).by_programme

    assert [(line.name, line.used) for line in lines] == [(rules.name, 2), ("No programme", 1)]


def test_archived_cases_are_in_no_report(northside: Practice) -> None:
    northside.attend(northside.case(archived_at=timezone.now(), issue_date=FIRST), OF_FEBRUARY)

    report = report_on(northside.account, FIRST, LAST)

    assert (report.total.opened, report.total.used) == (0, 0)


def test_income_is_what_invoices_of_the_days_come_to_less_credits_and_without_void_ones(
    northside: Practice,
) -> None:
    case, till = northside.case(contact=northside.doctor(), issue_date=FIRST), Till.of(northside)
    visits = [northside.attend(case, OF_FEBRUARY + n * DAY) for n in range(4)]
    invoice = till.invoice_of("100", visit=visits[0], issue_date=FIRST)
    till.invoice_of("30", visit=visits[1], issue_date=LAST)
    till.invoice_of("7", visit=visits[2], issue_date=LAST + DAY)
    till.invoice_of("50", visit=visits[3], issue_date=LAST).void("by mistake", by=northside.by)
    with time_machine.travel(OF_FEBRUARY + DAY):
        invoice.credit({invoice.items.get(): Decimal("0.25")}, by=northside.by)
    till.invoice_of("900", issue_date=LAST)  # of no visit

    report = report_on(northside.account, FIRST, LAST)

    lines = [*report.by_referrer, *report.by_programme, report.total]
    assert [(line.name, line.income) for line in lines] == [
        ("Dr Jane Lee", Decimal(105)),
        ("No programme", Decimal(105)),
        ("All cases", Decimal(105)),
    ]
