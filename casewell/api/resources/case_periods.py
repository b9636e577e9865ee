"""What is used of a funder's cap, period by period, beside a case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from casewell.api.rows import Day, Row
from casewell.cases.models import PatientCase, Programme, cap_uses
from casewell.patients.models import Patient

if TYPE_CHECKING:
    from datetime import date


CAP_COLUMNS = (
    *("code", "cap_period", "cap_months", "cap_by_discipline"),
    *("cap_sessions", "cap_sessions_first_nations"),
)


class PeriodUse(Row):
    """What is used of a funder's cap in one period, over all the patient's cases of a programme.

    `ends_on` is its last day.
    """

    period: str
    starts_on: Day
    ends_on: Day
    sessions_counted: int
    limit: int
    sessions_left: int


def period_usage(columns: list[str], row: Any, today: date) -> list[PeriodUse]:
    """The periods of a case's cap, from its row of those columns; none where it has no cap."""
    known = dict(zip(columns, row, strict=True))
    if known["cap_visits"] is None:
        return []
    case = PatientCase(
        pk=known["pk"],
        discipline=known["discipline"],
        issue_date=known["issue_date"],
        plan_date=known["plan_date"],
        programme=Programme(**{name: known[f"programme__{name}"] for name in CAP_COLUMNS}),
        patient=Patient(first_nations_status=known["patient__first_nations_status"]),
    )
    case.__dict__["cap_visits"] = known["cap_visits"]
    return [
        PeriodUse(
            period=use.period.name,
            starts_on=use.period.start,
            ends_on=use.period.end - timedelta(days=1),
            sessions_counted=use.counted,
            limit=use.limit,
            sessions_left=use.left,
        )
        for use in cap_uses(case, today)
    ]
