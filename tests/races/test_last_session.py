"""Receptionists who take the last session of a case at the same moment, over HTTP."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

from tests.races.desk import Desk, at_once, choices_of

if TYPE_CHECKING:
    import httpx

    from tests.served import Site
    from tests.soak import Trials

CLIENTS = 30
SEATS = [f"{hour:02}:{minute:02}" for hour in range(8, 18) for minute in (0, 20, 40)]
DAYS = count()  # each race has a day of its own, so that no visit is in another's way


def race(address: str, clients: int) -> tuple[list[int], int]:
    """All book the one session of a new case at once: their answers, and what the case counts."""
    desk = Desk(address)
    patient = desk.made("/demo/patients/new", {"first_name": "Last", "last_name": "Seat"})
    case = desk.made(
        f"/demo/patients/{patient}/cases/new",
        {"name": "One session", "limit_kind": "sessions", "max_sessions": "1"},
    )
    form = choices_of(desk)
    day = date(2031, 1, 1) + timedelta(days=next(DAYS))

    def book(http: httpx.Client, number: int) -> int:
        sent = form | {
            "patient": patient,
            "case": case,
            "date": str(day),
            "time": SEATS[number],
            "minutes": "15",
            "csrfmiddlewaretoken": desk.token,
        }
        answer = http.post("/demo/bookings/new", data=sent)
        if answer.status_code == 422:
            assert "Choose another case, or book without one" in answer.text
        return answer.status_code

    answers = at_once(desk, clients, book)
    counted = re.search(r"(\d+) of 1\b", desk.http.get(f"/demo/cases/{case}").text)
    desk.http.close()
    assert counted is not None
    return answers, int(counted[1])


def test_of_many_who_take_the_last_session_exactly_one_succeeds(site: Site, trials: Trials) -> None:
    over = 0
    for _ in range(trials(short=3, full=100)):
        answers, counted = race(site.address, CLIENTS)
        assert sorted(answers) == [302, *[422] * (CLIENTS - 1)]
        over += counted > 1
    trials.note("clients", CLIENTS)
    trials.note("over-allocations", over)
    assert over == 0


def test_without_the_lock_the_same_race_over_allocates(
    unlocked_address: str, trials: Trials
) -> None:
    n = trials(short=6, full=100)
    over = 0
    for _ in range(n):
        _, counted = race(unlocked_address, CLIENTS)
        over += counted > 1
        if over and n < 100:
            break
    trials.note("over-allocations without the lock", over)
    assert over > 0
