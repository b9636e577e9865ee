"""When what a programme asks for is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection

from casewell.cases.duties import PRESSING, CaseFacts, duty_state, presses
from casewell.cases.models import shipped_programmes

FACTS = CaseFacts(
    today=date(2026, 6, 1), used=0, limit=6, first_on=None, ended_on=None, clock_ends_on=None
)
STARTED: dict[str, Any] = {"used": 1, "first_on": date(2026, 5, 20)}


STATES: list[Any] = [
    ({"after": "first_session"}, {}, "not yet"),
    ({"after": "first_session"}, STARTED, "due"),
    ({"after": "first_session"}, STARTED | {"today": date(2026, 7, 1)}, "overdue"),
    ({"after": "last_session"}, STARTED, "not yet"),
    ({"after": "last_session"}, STARTED | {"ended_on": date(2026, 5, 30)}, "due"),
    ({"after": "last_session"}, {"ended_on": date(2026, 5, 30)}, "not yet"),
    ({"before": "session", "session": 6}, {"used": 2}, "not yet"),
    ({"before": "session", "session": 6}, {"used": 3}, "due"),
    ({"before": "session", "session": 6}, {"used": 6}, "overdue"),
    ({"before": "last_session", "sessions_before": 2}, {"used": 3}, "not yet"),
    ({"before": "last_session", "sessions_before": 2}, {"used": 4}, "due"),
    ({"before": "last_session", "sessions_before": 2}, {"used": 6}, "overdue"),
    ({"before": "last_session"}, {"used": 6, "limit": None}, "not yet"),
    ({"window_from_session": 8, "due_by_session": 12}, {"used": 7}, "not yet"),
    ({"window_from_session": 8, "due_by_session": 12}, {"used": 8}, "due"),
    ({"window_from_session": 8, "due_by_session": 12}, {"used": 12}, "overdue"),
    ({"before": "clock_end"}, {}, "not yet"),
    ({"before": "clock_end"}, {"clock_ends_on": date(2026, 7, 2)}, "not yet"),
    ({"before": "clock_end"}, {"clock_ends_on": date(2026, 7, 1)}, "due"),
    ({"before": "clock_end"}, {"clock_ends_on": date(2026, 5, 31)}, "overdue"),
]


@pytest.mark.parametrize(("rule", "facts", "state"), STATES)
def test_a_duty_is_due_when_its_rule_says_so(
    rule: dict[str, Any], facts: dict[str, Any], state: str
) -> None:
    assert duty_state(rule, replace(FACTS, **facts), done=False) == state
    assert duty_state(rule, replace(FACTS, **facts), done=True) == "done"


@pytest.mark.parametrize(("rule", "facts", "state"), STATES)
def test_the_database_finds_it_pressing_when_it_is_due_or_overdue(
    db: None, rule: dict[str, Any], facts: dict[str, Any], state: str
) -> None:
    told, (condition, values) = replace(FACTS, **facts), presses(rule)
    row: dict[str, Any] = {
        "today": told.today,
        "used": told.used,
        "session_limit": told.limit,
        "has_ended": told.ended_on is not None,
        "ends": told.clock_ends_on,
    }
    casts = "%s::date, %s::int, %s::int, %s::boolean, %s::date"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {condition} FROM (VALUES ({casts})) AS one ({', '.join(row)})",
            [*values, *row.values()],
        )
        [found] = cursor.fetchone()

    assert bool(found) is (state in PRESSING)


def test_every_shipped_duty_comes_to_be_due() -> None:
    pressing = [
        replace(FACTS, **STARTED, ended_on=date(2026, 5, 30), clock_ends_on=date(2026, 6, 2)),
        *(replace(FACTS, used=used, limit=12, first_on=FACTS.today) for used in range(17)),
    ]
    never = [
        duty["code"]
        for programme in shipped_programmes().values()
        for duty in programme.get("duties", [])
        if not any(duty_state(duty, facts, done=False) == "due" for facts in pressing)
    ]

    assert never == []
