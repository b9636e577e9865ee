"""Receptionists who take the last session of a case at the same moment, over HTTP."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count
from threading import Barrier
from typing import TYPE_CHECKING

import httpx

from casewell.lib.demo_password import DEMO_PASSWORD

if TYPE_CHECKING:
    from tests.served import Site
    from tests.soak import Trials

CLIENTS = 30
SEATS = [f"{hour:02}:{minute:02}" for hour in range(8, 18) for minute in (0, 20, 40)]
DAYS = count()  # each race has a day of its own, so that no visit is in another's way
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Desk:
    """A receptionist's client, signed in."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, timeout=60)
        form = {"login": "reception@demo.example", "password": DEMO_PASSWORD}
        self.send("/sign-in/", form, shown_at="/sign-in/")
        self.token = self.token_of("/demo/patients/new")

    def token_of(self, page: str) -> str:
        found = TOKEN.search(self.http.get(page).text)
        assert found is not None
        return found[1]

    def send(self, url: str, form: dict[str, str], shown_at: str = "") -> httpx.Response:
        token = self.token_of(shown_at) if shown_at else self.token
        return self.http.post(url, data=form | {"csrfmiddlewaretoken": token})

    def made(self, url: str, form: dict[str, str]) -> str:
        """The id of what a form made."""
        answer = self.send(url, form)
        assert answer.status_code == 302, answer.text[:3000]
        return answer.headers["Location"].rsplit("/", 1)[1]


def race(address: str, clients: int) -> tuple[list[int], int]:
    """All book the one session of a new case at once: their answers, and what the case counts."""
    desk = Desk(address)
    patient = desk.made("/demo/patients/new", {"first_name": "Last", "last_name": "Seat"})
    case = desk.made(
        f"/demo/patients/{patient}/cases/new",
        {"name": "One session", "limit_kind": "sessions", "max_sessions": "1"},
    )
    form = choices_of(desk)
    barrier, day = Barrier(clients), date(2031, 1, 1) + timedelta(days=next(DAYS))

    def book(number: int) -> int:
        sent = form | {
            "patient": patient,
            "case": case,
            "date": str(day),
            "time": SEATS[number],
            "minutes": "15",
            "csrfmiddlewaretoken": desk.token,
        }
        with httpx.Client(base_url=address, cookies=desk.http.cookies, timeout=60) as one:
            one.get("/health")  # the connection is there before the start
            barrier.wait()
            answer = one.post("/demo/bookings/new", data=sent)
        if answer.status_code == 422:
            assert "Choose another case, or book without one" in answer.text
        return answer.status_code

    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(book, range(clients)))
    counted = re.search(r"(\d+) of 1\b", desk.http.get(f"/demo/cases/{case}").text)
    desk.http.close()
    assert counted is not None
    return answers, int(counted[1])


def choices_of(desk: Desk) -> dict[str, str]:
    """The first practitioner, business and type that the panel offers."""
    page = desk.http.get("/demo/bookings/new").text
    found = {}
    for name in ("practitioner", "business", "appointment_type"):
        select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
        assert select is not None
        found[name] = re.findall(r'value="(\d+)"', select[0])[0]
    return found


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
