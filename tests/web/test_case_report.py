"""The page of the cases report: its figures, its charts, its CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.utils import timezone

from tests.invoices.till import Till
from tests.web.test_pages import statements_of
from tests.web.test_worklist import DAY, ending

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_the_report_is_shown_with_a_chart_and_taken_out_as_csv(
    northside: Practice, admin: Client
) -> None:
    doctor = northside.doctor(last_name="<b>Lee")
    visit = northside.attend(ending(northside, 90, "Well", contact=doctor), timezone.now() - DAY)
    Till.of(northside).invoice_of("1250", visit=visit)

    page = admin.get("/northside/cases/report").content.decode()
    assert page.count('<svg role="img"') == 2
    assert page.count("$1,250.00") == 5  # of both lines and totals, and on top
    assert "&lt;b&gt;Lee" in page
    rows = list(
        csv.reader(
            io.StringIO(admin.get("/northside/cases/report.csv").content.decode("utf-8-sig"))
        )
    )
    assert rows[1][:2] == ["Programme", "No programme"]
    assert rows[-1] == ["All", "All cases", "", "1", "0", "1", "0", "", "1250.00"]

    wrong = admin.get("/northside/cases/report?start=2026-03-03&until=2026-03-01")
    assert wrong.status_code == 422
    assert b"The last day is before the first one." in wrong.content
    assert statements_of(admin, "/northside/cases/report") == 10
