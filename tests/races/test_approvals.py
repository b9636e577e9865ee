"""An approval is withdrawn while others book the last session: never silently too many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tests.races.desk import Desk, at_once, choices_of
from tests.races.test_every_door import owner_of

if TYPE_CHECKING:
    import httpx
    import psycopg

    from tests.served import Site
    from tests.soak import Trials

DAYS = count()
WARNING = "more than its limit"


@dataclass
class Race:
    """A case of two approvals, 2 + 1, of which two sessions are taken."""

    desk: Desk
    owner: psycopg.Connection[Any]

    def __post_init__(self) -> None:
        self.patient = self.desk.made("/demo/patients/new", {"first_name": "Ra", "last_name": "Ce"})
        self.case = self.desk.made(
            f"/demo/patients/{self.patient}/cases/new", {"name": "Granted", "limit_kind": "none"}
        )
        for sessions in ("2", "1"):
            answer = self.desk.send(f"/demo/cases/{self.case}/approvals", {"sessions": sessions})
            assert answer.status_code == 302
        self.last = self._rows("SELECT max(id) FROM cases_approval WHERE case_id = %s")
        self.day = date(2035, 1, 1) + timedelta(days=next(DAYS))
        self.choices = choices_of(self.desk)
        for number in range(2):
            assert self.book(self.desk.http, number) == 302

    def _rows(self, query: str) -> int:
        return int(self.owner.execute(query, [self.case]).fetchall()[0][0])

    def book(self, http: httpx.Client, number: int) -> int:
        form = self.choices | {"patient": self.patient, "case": self.case, "minutes": "5"}
        form |= {"date": str(self.day), "time": f"{8 + number // 12:02}:{number % 12 * 5:02}"}
        form["csrfmiddlewaretoken"] = self.desk.token
        return http.post("/demo/bookings/new", data=form).status_code

    def act(self, http: httpx.Client, number: int) -> str:
        """The first withdraws the last approval, and reads what its page says; the others book."""
        if number:
            return str(self.book(http, number + 1))
        address = f"/demo/approvals/{self.last}/withdrawal"
        answer = http.post(address, data={"csrfmiddlewaretoken": self.desk.token})
        assert answer.status_code == 302
        said = http.get(answer.headers["Location"]).text
        return "warned" if WARNING in said.split('id="toasts"')[1] else "withdrawn"

    def run(self, clients: int) -> tuple[Counter[str], int]:
        """What they were answered, and how many sessions are taken then, of two."""
        answers = Counter(at_once(self.desk, clients, self.act))
        taken = self._rows("SELECT count(*) FROM appointments_attendee WHERE case_id = %s")
        self.owner.commit()
        return answers, taken


@pytest.mark.parametrize("clients", [2, 8])
def test_too_many_for_what_is_left_are_there_only_where_who_withdrew_was_warned(
    site: Site, trials: Trials, clients: int
) -> None:
    seen: Counter[str] = Counter()
    with Desk(site.address) as desk, owner_of(site) as owner:
        for _ in range(trials(short=2, full=100)):
            answers, taken = Race(desk, owner).run(clients)
            assert set(answers) <= {"302", "422", "warned", "withdrawn"}
            assert taken == 2 + answers["302"] == 2 + answers["warned"]
            seen += answers
    trials.note("clients", clients)
    trials.note("answers", dict(sorted(seen.items())))


def test_without_the_lock_there_are_too_many_and_nobody_is_warned(
    site: Site, unlocked_address: str, trials: Trials
) -> None:
    silent = 0
    with Desk(unlocked_address) as desk, owner_of(site) as owner:
        for _ in range(trials(short=12, full=50)):
            answers, taken = Race(desk, owner).run(8)
            silent += taken != 2 + answers["warned"]
            if silent and not trials.in_full:
                break
    trials.note("too many without a warning, without the lock", silent)
    assert silent > 0
