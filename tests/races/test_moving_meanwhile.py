"""A visit that joins a case at the moment when its booking is moved, over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from tests.races.desk import Desk, choices_of
from tests.races.test_every_door import owner_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    import httpx
    import psycopg

    from tests.served import Site

LAST_DAY, AFTER = "2034-03-01", "2034-03-02"
WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"


@contextmanager
def practice_that_blocks_after_expiry(owner: psycopg.Connection[Any]) -> Iterator[None]:
    change = "UPDATE accounts_account SET case_expiry_action = %s WHERE slug = 'demo'"
    owner.execute(change, ["block"])
    owner.commit()
    yield
    owner.execute(change, ["warn"])
    owner.commit()


def wait_until_held_up(
    owner: psycopg.Connection[Any], database: str, move: Future[httpx.Response]
) -> None:
    """Until the move waits for the other's transaction, or has not waited."""
    until = monotonic() + 10
    while not move.done() and monotonic() < until:
        if owner.execute(WAITING, [database]).fetchall():
            return
        sleep(0.02)


def test_a_visit_that_is_linked_while_it_is_moved_is_not_moved_past_the_expiry_that_blocks(
    site: Site,
) -> None:
    with Desk(site.address) as desk, owner_of(site) as owner, ThreadPoolExecutor(1) as pool:
        patient = desk.made("/demo/patients/new", {"first_name": "Moved", "last_name": "Away"})
        case = desk.made(
            f"/demo/patients/{patient}/cases/new",
            {"name": "Ends", "limit_kind": "none", "expiry_date": LAST_DAY},
        )
        form = choices_of(desk) | {"patient": patient, "case": "none", "minutes": "5"}
        booked = desk.made("/demo/bookings/new", form | {"date": LAST_DAY, "time": "10:00"})
        place = f"/demo/bookings/{booked}/place"
        seen = desk.http.get(place).json()["booking"]["version"]
        with practice_that_blocks_after_expiry(owner):
            # Somebody links the visit, and is not done yet.
            owner.execute(
                "UPDATE appointments_attendee SET case_id = %s WHERE booking_id = %s",
                [case, booked],
            )
            move = pool.submit(desk.send, place, {"start": f"{AFTER}T10:00", "seen": seen})
            wait_until_held_up(owner, site.database, move)
            owner.commit()
            answer = move.result()

        assert answer.status_code == 422, answer.text[:500]
        assert "is expired by then" in answer.text
