"""Receptionists who take one time, or move one booking, at the same moment, over HTTP."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest

from casewell.lib.postgres_roles import OWNER
from tests import database
from tests.races.desk import Desk, at_once, choices_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from tests.served import Site
    from tests.soak import Trials

CLIENTS = 8
DAYS = count()


@pytest.fixture
def strict(site: Site) -> Iterator[Site]:
    """The installation while the demo practice keeps its bookings apart."""
    set_action(site, "block")
    yield site
    set_action(site, "warn")


def set_action(site: Site, action: str) -> None:
    with psycopg.connect(database.server().url(OWNER, site.database)) as owner:
        owner.execute(
            "UPDATE accounts_account SET booking_conflict_action = %s WHERE slug = 'demo'", [action]
        )


def a_tuesday() -> date:
    """A day of its own for each race, on which the practice is open."""
    return date(2032, 1, 6) + timedelta(days=7 * next(DAYS))


def appointment(desk: Desk, day: date) -> dict[str, str]:
    """An appointment of somebody new, as the panel sends it."""
    patient = desk.made("/demo/patients/new", {"first_name": "Same", "last_name": "Time"})
    return choices_of(desk) | {
        "patient": patient,
        "case": "none",
        "date": str(day),
        "time": "10:00",
        "minutes": "30",
    }


def take_one_time(desk: Desk) -> list[int]:
    """All book the same half hour, each for a patient of their own: what they are answered."""
    day = a_tuesday()
    forms = [appointment(desk, day) for _ in range(CLIENTS)]

    def book(http: httpx.Client, number: int) -> int:
        sent = forms[number] | {"csrfmiddlewaretoken": desk.token}
        return http.post("/demo/bookings/new", data=sent).status_code

    return sorted(at_once(desk, CLIENTS, book))


def move_one_booking(desk: Desk) -> list[int]:
    """All move the same booking, each elsewhere, as they saw it: what they are answered."""
    day = a_tuesday()
    key = desk.made("/demo/bookings/new", appointment(desk, day))
    place = f"/demo/bookings/{key}/place"
    seen = desk.http.get(place).json()["booking"]["version"]

    def move(http: httpx.Client, number: int) -> int:
        start = f"{day}T{11 + number // 4}:{number % 4 * 15:02}"
        sent = {"start": start, "seen": seen, "csrfmiddlewaretoken": desk.token}
        answer = http.post(place, data=sent)
        if answer.status_code == 409:
            assert re.match(r"Somebody was faster: .+ – moved at ", answer.json()["refusal"])
        return answer.status_code

    return sorted(at_once(desk, CLIENTS, move))


def test_of_many_who_book_one_time_exactly_one_succeeds(strict: Site, trials: Trials) -> None:
    with Desk(strict.address) as desk:
        for _ in range(trials(short=1, full=200)):
            assert take_one_time(desk) == [302, *[422] * (CLIENTS - 1)]
    trials.note("clients", CLIENTS)


def test_without_the_constraint_the_same_race_books_twice(
    strict: Site, unlocked_address: str, trials: Trials
) -> None:
    with Desk(unlocked_address) as desk:
        twice = count_until_seen(trials, lambda: take_one_time(desk).count(302) > 1)
    trials.note("booked twice without the constraint", twice)
    assert twice > 0


def test_of_many_who_move_one_booking_one_does_and_the_others_read_who(
    site: Site, trials: Trials
) -> None:
    with Desk(site.address) as desk:
        for _ in range(trials(short=2, full=30)):
            assert move_one_booking(desk) == [200, *[409] * (CLIENTS - 1)]
    trials.note("clients", CLIENTS)


def test_without_the_lock_several_move_it_over_one_another(
    site: Site, unlocked_address: str, trials: Trials
) -> None:
    with Desk(unlocked_address) as desk:
        over = count_until_seen(trials, lambda: move_one_booking(desk).count(200) > 1)
    trials.note("moved over one another without the lock", over)
    assert over > 0


def count_until_seen(trials: Trials, fails: Callable[[], bool]) -> int:
    """How many races fail; in the short run the first is enough."""
    failed = 0
    for _ in range(trials(short=6, full=30)):
        failed += fails()
        if failed and not trials.in_full:
            break
    return failed
