"""Every door by which a visit can join a case, taken by many clients at the same moment, over HTTP:
no case ever has more than its limit ever was, and nobody sees a deadlock.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from casewell.lib.postgres_roles import OWNER
from tests import database
from tests.races.desk import Desk, at_once, choices_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.served import Site
    from tests.soak import Trials

KEYS = count(1_000_000)  # far below any id that the product makes
DAYS = count()
LIMIT, RAISED = 4, 6
# What a client does; those after the first eight change the case itself meanwhile.
DOORS = ("book", "link", "bulk", "reinstate", "mark", "restore", "replace", "several")
MEANWHILE = ("raise", "lower", "unlink", "cancel")
# Columns of a visit, by the door that brings it in.
STATES: dict[str, dict[str, Any]] = {
    "reinstate": {"cancelled_at": "2026-01-01", "in_case": True},
    "mark": {"did_not_arrive": True, "in_case": True},
    "restore": {"archived_at": "2026-01-01", "in_case": True},
    "unlink": {"in_case": True},
    "cancel": {"in_case": True},
}


@contextmanager
def owner_of(site: Site) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.server().url(OWNER, site.database)) as owner:
        [found] = owner.execute("SELECT id FROM accounts_account WHERE slug = 'demo'").fetchall()
        owner.execute(f"SET app.account_id = '{found[0]}'")
        owner.commit()
        yield owner


@dataclass
class Race:
    """One case of a new patient, with a visit for each client to bring in or take out."""

    desk: Desk
    owner: psycopg.Connection[Any]
    clients: int
    seed: int

    def __post_init__(self) -> None:
        choose = random.Random(self.seed)  # noqa: S311 - no secret
        doors = [*DOORS, *MEANWHILE]
        self.doors = [choose.choice(doors) for _ in range(self.clients)]
        self.doors[0] = choose.choice(DOORS)
        self.patient = self.desk.made("/demo/patients/new", {"first_name": "Ra", "last_name": "Ce"})
        self.case = self.desk.made(
            f"/demo/patients/{self.patient}/cases/new",
            {"name": "Contested", "limit_kind": "sessions", "max_sessions": str(LIMIT)},
        )
        self.choices = choices_of(self.desk)
        self.day = date(2033, 1, 1) + timedelta(days=next(DAYS))
        form = self.choices | {"patient": self.patient, "case": self.case, "minutes": "5"}
        form |= {"date": str(self.day), "time": "23:00"}
        self.last = self.desk.made("/demo/bookings/new", form)
        self.released = self._attendee()
        self.bookings = [self._visit(number, door) for number, door in enumerate(self.doors)]
        self.owner.commit()

    def _visit(self, number: int, door: str) -> str:
        """A copy of the last visit, earlier that day, in the state that the door wants."""
        key, state, span = next(KEYS), STATES.get(door, {}), self._span(number)
        in_case = state.get("in_case", False)
        self.owner.execute(
            "INSERT INTO appointments_booking SELECT (jsonb_populate_record(b, %s::jsonb)).* "
            "FROM appointments_booking b WHERE id = %s",
            [_json(id=key, **span, **_when(state, "archived_at")), self.last],
        )
        values: dict[str, Any] = {"id": key, "booking_id": key, "starts_at": span["starts_at"]}
        values["case_id"] = int(self.case) if in_case else None
        values |= _when(state, "archived_at", "cancelled_at", "did_not_arrive")
        self.owner.execute(
            "INSERT INTO appointments_attendee SELECT (jsonb_populate_record(a, %s::jsonb)).* "
            "FROM appointments_attendee a WHERE booking_id = %s",
            [_json(**values), self.last],
        )
        return str(key)

    def _span(self, number: int) -> dict[str, str]:
        start = f"{self.day}T{number // 6:02}:{number % 6 * 10:02}:00Z"
        return {"starts_at": start, "ends_at": start.replace("0:00Z", "5:00Z")}

    def act(self, http: httpx.Client, number: int) -> int:
        """What the client of that number does; the status it is answered."""
        key, case = self.bookings[number], self.case
        way = {"full_case": case, "why": "case_full"}
        lowered = {"name": "Contested", "limit_kind": "sessions", "max_sessions": str(LIMIT - 1)}
        acts: dict[str, tuple[str, dict[str, str]]] = {
            "book": (
                "bookings/new",
                self.choices
                | {"patient": self.patient, "case": case, "date": str(self.day), "minutes": "5"}
                | {"time": f"{8 + number // 12:02}:{number % 12 * 5:02}"},
            ),
            "link": (f"bookings/{key}/case", {"case": case}),
            "bulk": (f"cases/{case}/appointments", {"add": key}),
            "several": (f"bookings/{key}/linking", {"case": case, "reach": "one"}),
            "reinstate": (f"bookings/{key}/reinstatement", {}),
            "mark": (f"bookings/{key}/attendance", {"attendance": "none"}),
            "restore": (f"bookings/{key}/restore", {}),
            "replace": (
                f"bookings/{key}/case",
                way | {"case": case, "way": "replace", "releasing": self.released},
            ),
            "raise": (
                f"bookings/{key}/case",
                way | {"case": case, "way": "raise", "raise_to": str(RAISED), "raise_reason": "x"},
            ),
            "lower": (f"cases/{case}/edit", lowered),
            "unlink": (f"bookings/{key}/case", {"case": "none"}),
            "cancel": (f"bookings/{key}/cancellation", {"reason": "30"}),
            "follow": (
                f"cases/{case}/successor",
                {
                    "next-name": "Following",
                    "next-max_sessions": str(LIMIT),
                    "follow_visit": self.released,
                    "follow_close": "yes",
                },
            ),
        }
        path, form = acts[self.doors[number]]
        sent = form | {"csrfmiddlewaretoken": self.desk.token}
        return http.post(f"/demo/{path}", data=sent).status_code

    def _attendee(self) -> str:
        """The attendee of the last visit."""
        rows = self.owner.execute(
            "SELECT id FROM appointments_attendee WHERE booking_id = %s", [self.last]
        )
        return str(rows.fetchall()[0][0])

    def run(self) -> Counter[int]:
        """All of them at once: how often each status was answered."""
        self.bring_in_order()
        return Counter(at_once(self.desk, self.clients, self.act))

    def bring_in_order(self) -> None:
        """Of those that would leave, no more are in the case than it takes."""
        leaving = [
            k
            for k, door in zip(self.bookings, self.doors, strict=True)
            if door in ("unlink", "cancel")
        ]
        for key in leaving[LIMIT - 1 :]:
            self.owner.execute(
                "UPDATE appointments_attendee SET case_id = NULL WHERE id = %s", [key]
            )
        self.owner.commit()

    def over(self) -> int:
        """How many visits more count, in the case or its successor, than the limit ever was."""
        rows = self.owner.execute(
            "SELECT c.id, count(a.id) FROM cases_patientcase c LEFT JOIN appointments_attendee a "
            "ON a.case_id = c.id AND a.archived_at IS NULL AND a.cancelled_at IS NULL "
            "AND NOT a.did_not_arrive WHERE c.patient_id = %s GROUP BY c.id",
            [self.patient],
        ).fetchall()
        most = RAISED if "raise" in self.doors else LIMIT
        return sum(max(n - (most if str(key) == self.case else LIMIT), 0) for key, n in rows)


def _json(**values: Any) -> str:
    from json import dumps

    return dumps(values)


def _when(state: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: state[name] for name in names if name in state}


@pytest.mark.parametrize("clients", [2, 8, 30])
def test_no_interleaving_of_any_doors_over_allocates_and_no_deadlock_is_shown(
    site: Site, trials: Trials, clients: int
) -> None:
    over, answers = 0, Counter[int]()
    with Desk(site.address) as desk, owner_of(site) as owner:
        for trial in range(trials(short=2, full=200)):
            race = Race(desk, owner, clients, trials.seed + trial)
            answers += race.run()
            over += race.over()
    trials.note("clients", clients)
    trials.note("answers", dict(sorted(answers.items())))
    trials.note("over-allocations", over)
    assert over == 0
    assert set(answers) <= {302, 422}
    assert answers[302] > 0


def test_a_successor_that_is_started_meanwhile_leaves_both_cases_within_their_limits(
    site: Site, trials: Trials
) -> None:
    over, followed, answers = 0, 0, Counter[int]()
    with Desk(site.address) as desk, owner_of(site) as owner:
        for trial in range(trials(short=1, full=200)):
            race = Race(desk, owner, 8, trials.seed + trial)
            race.doors[-1] = "follow"
            answers += race.run()
            over += race.over()
            followed += "Following" in desk.http.get(f"/demo/patients/{race.patient}").text
    trials.note("followed", followed)
    trials.note("over-allocations", over)
    assert (over, followed) == (0, trials.n)
    assert set(answers) <= {302, 422}


def test_without_the_locks_the_same_doors_over_allocate(
    site: Site, unlocked_address: str, trials: Trials
) -> None:
    over = 0
    with Desk(unlocked_address) as desk, owner_of(site) as owner:
        for trial in range(trials(short=8, full=50)):
            race = Race(desk, owner, 30, trials.seed + trial)
            race.doors = [door if door in DOORS[:3] else "link" for door in race.doors]
            owner.execute(
                "UPDATE appointments_attendee SET case_id = NULL, cancelled_at = NULL, "
                "archived_at = NULL, did_not_arrive = false "
                "WHERE patient_id = %s AND booking_id <> %s",
                [race.patient, race.last],
            )
            owner.commit()
            race.run()
            over += race.over() > 0
            if over and not trials.in_full:
                break
    trials.note("over-allocations without the locks", over)
    assert over > 0
