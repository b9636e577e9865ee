"""Many programs that book into one case at the same moment, with and without a way on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier
from typing import TYPE_CHECKING, Any

import httpx

from tests.races.test_idempotency import headers_of, key_on

if TYPE_CHECKING:
    from tests.served import Site
    from tests.soak import Trials

CLIENTS, LIMIT = 12, 3
WAYS: tuple[dict[str, str], ...] = (
    {},
    {"when_full": "raise_limit", "raise_reason": "Race"},
    {"when_full": "replace_last"},
)
DAYS = count()


class Race:
    """A new patient's case, and a program each for many clients."""

    def __init__(self, site: Site) -> None:
        self.address, self.key, self.number = f"{site.address}/v1", key_on(site), count()
        patient = self.post("patients", {"first_name": "Ra", "last_name": "Ce"}).json()["id"]
        self.places = {
            f"{item}_id": self.get(names)[names][0]["id"]
            for item, names in (
                ("business", "businesses"),
                ("practitioner", "practitioners"),
                ("appointment_type", "appointment_types"),
            )
        } | {"patient_id": patient}
        case = {"name": "Contested", "patient_id": patient, "max_sessions": LIMIT}
        self.case = self.post("patient_cases", case).json()["id"]
        self.day = datetime(2041, 1, 2, 1, tzinfo=UTC) + timedelta(days=next(DAYS))

    def post(self, path: str, body: Any) -> httpx.Response:
        headers = headers_of(self.key, "")
        headers.pop("Idempotency-Key")
        return httpx.post(f"{self.address}/{path}", json=body, headers=headers, timeout=60)

    def get(self, path: str) -> Any:
        url = f"{self.address}/{path}"
        return httpx.get(url, headers=headers_of(self.key, ""), timeout=60).json()

    def book(self, way: dict[str, str]) -> httpx.Response:
        start = self.day + timedelta(minutes=5 * next(self.number))
        times = {
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(minutes=5)).isoformat(),
        }
        body = self.places | times | {"patient_case_id": self.case} | way
        return self.post("individual_appointments", body)

    def at_once(self, ways: tuple[dict[str, str], ...]) -> list[httpx.Response]:
        barrier = Barrier(CLIENTS)

        def one(number: int) -> httpx.Response:
            barrier.wait()
            return self.book(ways[number % len(ways)])

        with ThreadPoolExecutor(CLIENTS) as pool:
            return list(pool.map(one, range(CLIENTS)))

    def usage(self) -> tuple[int, int]:
        """The sessions that count, and those that there are."""
        case = self.get(f"patient_cases/{self.case}")
        return case["sessions_counted"], case["session_limit"]


def test_programs_that_book_at_once_take_no_more_sessions_than_there_are(
    site: Site, trials: Trials
) -> None:
    for _ in range(trials(short=2, full=50)):
        race = Race(site)
        answers = race.at_once(WAYS[:1])
        taken = [one for one in answers if one.status_code == 201]
        refused = [one.json() for one in answers if one.status_code == 422]
        assert (len(taken), len(refused)) == (LIMIT, CLIENTS - LIMIT)
        assert {one["code"] for one in refused} == {"case_full"}
        assert race.usage() == (LIMIT, LIMIT)


def test_ways_on_that_are_taken_at_once_leave_no_case_overfull(site: Site, trials: Trials) -> None:
    for _ in range(trials(short=2, full=50)):
        race = Race(site)
        answers = race.at_once(WAYS)
        assert {one.status_code for one in answers} <= {201, 422}
        counted, limit = race.usage()
        assert counted <= limit
        assert limit <= LIMIT + CLIENTS // len(WAYS)
        in_case = [one for one in answers if one.status_code == 201]
        assert len(in_case) >= counted
