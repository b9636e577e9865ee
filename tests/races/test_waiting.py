"""Receptionists who give one time, or one who waits, at the same moment, over HTTP."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

from tests.races.desk import Desk, at_once, choices_of
from tests.races.test_same_time import count_until_seen

if TYPE_CHECKING:
    import httpx

    from tests.served import Site
    from tests.soak import Trials

CLIENTS = 8
DAYS = count()


def a_thursday() -> date:
    """A day of its own for each race, on which the practice is open."""
    return date(2038, 1, 7) + timedelta(days=7 * next(DAYS))


def put_on_the_list(desk: Desk, kind: str) -> str:
    """The entry of somebody new who wants any time."""
    patient = desk.made("/demo/patients/new", {"first_name": "Waits", "last_name": "Long"})
    sent = {"appointment_type": kind, "urgency": "2", "note": ""}
    return desk.made(f"/demo/waiting/new?patient={patient}", sent)


def given(desk: Desk, entries: list[str], *, apart: bool) -> list[int]:
    """What each is answered who gives an entry a time: the same or, `apart`, one of their own."""
    day, chosen = a_thursday(), choices_of(desk)
    whom = {name: chosen[name] for name in ("practitioner", "business")}

    def give(http: httpx.Client, number: int) -> int:
        hour = 9 + number if apart else 10
        sent = whom | {"starts_at": f"{day}T{hour:02}:00:00+11:00"}
        url = f"/demo/waiting/{entries[number % len(entries)]}/place"
        answer = http.post(url, data=sent | {"csrfmiddlewaretoken": desk.token})
        if answer.status_code == 422:
            assert re.search("Somebody was faster|waits no more", answer.text)
        return answer.status_code

    return sorted(at_once(desk, CLIENTS, give))


def take_one_time(desk: Desk) -> list[int]:
    kind = choices_of(desk)["appointment_type"]
    entries = [put_on_the_list(desk, kind) for _ in range(CLIENTS)]
    return given(desk, entries, apart=False)


def take_one_who_waits(desk: Desk) -> list[int]:
    kind = choices_of(desk)["appointment_type"]
    return given(desk, [put_on_the_list(desk, kind)], apart=True)


def test_of_many_who_give_one_time_to_different_people_one_does(site: Site, trials: Trials) -> None:
    with Desk(site.address) as desk:
        for _ in range(trials(short=1, full=200)):
            assert take_one_time(desk) == [302, *[422] * (CLIENTS - 1)]
    trials.note("clients", CLIENTS)


def test_of_many_who_give_different_times_to_one_who_waits_one_does(
    site: Site, trials: Trials
) -> None:
    with Desk(site.address) as desk:
        for _ in range(trials(short=1, full=200)):
            assert take_one_who_waits(desk) == [302, *[422] * (CLIENTS - 1)]
    trials.note("clients", CLIENTS)


def test_without_the_locks_a_time_is_given_twice(unlocked_address: str, trials: Trials) -> None:
    with Desk(unlocked_address) as desk:
        twice = count_until_seen(trials, lambda: take_one_time(desk).count(302) > 1)
    trials.note("given twice without the lock", twice)
    assert twice > 0


def test_without_the_locks_one_who_waits_is_booked_twice(
    unlocked_address: str, trials: Trials
) -> None:
    with Desk(unlocked_address) as desk:
        twice = count_until_seen(trials, lambda: take_one_who_waits(desk).count(302) > 1)
    trials.note("booked twice without the lock", twice)
    assert twice > 0
