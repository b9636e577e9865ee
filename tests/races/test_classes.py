"""Receptionists and programs who take the places of a class, and free them, at the same moment."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx

from tests.races.desk import Desk, at_once, choices_of
from tests.races.test_every_door import owner_of
from tests.races.test_idempotency import headers_of, key_on

if TYPE_CHECKING:
    from tests.served import Site
    from tests.soak import Trials

CLIENTS, PLACES = (2, 8, 30), 5
DAYS = count()
ENDS = {"starts_at": "00", "ends_at": "45"}
LIVE = "b.cancelled_at IS NULL AND a.cancelled_at IS NULL AND a.archived_at IS NULL"


class Contest:
    """A class with `taken` of its places taken, and a new patient for each client."""

    def __init__(self, site: Site, address: str, clients: int, taken: int = 0) -> None:
        self.site, self.address, self.desk = site, address, Desk(address)
        self.day = date(2039, 1, 1) + timedelta(days=next(DAYS))
        sent = choices_of(self.desk) | {
            "date": str(self.day),
            "time": "10:00",
            "places": str(PLACES),
        }
        self.key = self.desk.made("/demo/classes/new", sent)
        self.inside = [self.patient() for _ in range(taken)]
        for patient in self.inside:
            form = {"patient": patient, "case": "none"}
            self.desk.made(f"/demo/bookings/{self.key}/joining", form)
        self.patients = [self.patient() for _ in range(clients)]

    def patient(self) -> str:
        return self.desk.made("/demo/patients/new", {"first_name": "Ra", "last_name": "Ce"})

    def join(self, http: httpx.Client, patient: str, **more: str) -> int:
        sent = {"patient": patient, "case": "none", "csrfmiddlewaretoken": self.desk.token} | more
        return http.post(f"/demo/bookings/{self.key}/joining", data=sent).status_code

    def rows(self, question: str) -> list[Any]:
        with owner_of(self.site) as owner:
            return owner.execute(question, [self.key]).fetchall()

    def visits(self) -> list[int]:
        """The ids of the live visits."""
        found = self.rows(
            "SELECT a.id FROM appointments_attendee a JOIN appointments_booking b "
            f"ON b.id = a.booking_id WHERE b.id = %s AND {LIVE} ORDER BY a.id"
        )
        return [key for (key,) in found]

    def waiting(self) -> int:
        [[number]] = self.rows(
            "SELECT count(*) FROM appointments_classcandidate "
            "WHERE booking_id = %s AND left_at IS NULL"
        )
        return int(number)


def race(site: Site, address: str, clients: int, key: str = "") -> tuple[list[int], int]:
    """All join at once, every second one through the API where there is a `key`."""
    one = Contest(site, address, clients)

    def act(http: httpx.Client, number: int) -> int:
        patient = one.patients[number]
        if not key or number % 2:
            return one.join(http, patient)
        headers = headers_of(key, "")
        headers.pop("Idempotency-Key")
        body = {"booking_id": one.key, "patient_id": patient}
        url = f"{address}/v1/attendees"
        return httpx.post(url, json=body, headers=headers, timeout=60).status_code

    answers = at_once(one.desk, clients, act)
    one.desk.http.close()
    return answers, len(one.visits())


def test_a_class_never_holds_more_than_its_places(site: Site, trials: Trials) -> None:
    key, over = key_on(site), 0
    for number in range(trials(short=3, full=200)):
        clients = CLIENTS[number % len(CLIENTS)]
        answers, inside = race(site, site.address, clients, key)
        assert set(answers) <= {201, 302, 422}
        assert inside == min(clients, PLACES)
        assert sum(answer != 422 for answer in answers) == inside
        over += inside > PLACES
    trials.note("over-allocations", over)


def test_places_that_are_freed_go_to_who_waits_and_to_nobody_else_as_well(
    site: Site, trials: Trials
) -> None:
    """Two cancel and two are let in while others join or go on the waiting list."""
    for _ in range(trials(short=3, full=200)):
        one = Contest(site, site.address, 6, taken=PLACES)
        leaving = one.visits()[:2]

        def act(http: httpx.Client, number: int, one: Contest = one, out: Any = leaving) -> int:
            if number >= len(out):
                return one.join(http, one.patients[number - len(out)], wait="on")
            sent = {"reason": "30", "note": "", "csrfmiddlewaretoken": one.desk.token}
            url = f"/demo/bookings/{one.key}/cancellation?visit={out[number]}"
            return http.post(url, data=sent).status_code

        answers = at_once(one.desk, len(leaving) + len(one.patients), act)
        one.desk.http.close()
        assert set(answers) == {302}
        assert len(one.visits()) == PLACES
        assert one.waiting() == len(one.patients) - len(leaving)


def test_who_joins_or_leaves_a_class_while_it_is_moved_is_there_at_its_new_time(
    site: Site, trials: Trials
) -> None:
    """Four join, one cancels whose place somebody waits for, and two move the class."""
    headers = headers_of(key_on(site), "")
    del headers["Idempotency-Key"]
    for number in range(trials(short=4, full=200)):
        one = Contest(site, site.address, 4, taken=number % PLACES + 1)
        leaving = one.visits()[0]

        def act(http: httpx.Client, place: int, one: Contest = one, out: int = leaving) -> int:
            if place < len(one.patients):
                return one.join(http, one.patients[place], wait="on")
            if place == len(one.patients):
                sent = {"reason": "30", "note": "", "csrfmiddlewaretoken": one.desk.token}
                url = f"/demo/bookings/{one.key}/cancellation?visit={out}"
                return http.post(url, data=sent).status_code
            hour = 10 + place
            body = {name: f"{one.day}T{hour}:{end}:00Z" for name, end in ENDS.items()}
            url = f"{site.address}/v1/group_appointments/{one.key}"
            return httpx.patch(url, json=body, headers=headers, timeout=60).status_code

        answers = at_once(one.desk, len(one.patients) + 3, act)
        one.desk.http.close()
        assert set(answers[:5]) == {302}
        assert set(answers[5:]) == {200}
        starts = one.rows(
            "SELECT DISTINCT b.starts_at = a.starts_at FROM appointments_attendee a "
            "JOIN appointments_booking b ON b.id = a.booking_id WHERE b.id = %s"
        )
        assert starts == [(True,)]
        inside = min(PLACES, number % PLACES + len(one.patients))
        assert (len(one.visits()), one.waiting()) == (inside, number % PLACES + 4 - inside)


def test_without_the_lock_the_same_race_fills_a_class_past_its_places(
    site: Site, unlocked_address: str, trials: Trials
) -> None:
    n, over = trials(short=6, full=50), 0
    for _ in range(n):
        _, inside = race(site, unlocked_address, 8)
        over += inside > PLACES
        if over and n < 50:
            break
    trials.note("over-allocations without the lock", over)
    assert over > 0
