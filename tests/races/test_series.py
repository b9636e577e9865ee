"""A whole series against single appointments, at one moment over HTTP: the same slots, one case."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.races.desk import Desk, at_once, choices_of
from tests.races.test_every_door import owner_of
from tests.races.test_same_time import count_until_seen, strict

if TYPE_CHECKING:
    import httpx
    import psycopg

    from tests.served import Site
    from tests.soak import Trials

__all__ = ["strict"]  # a fixture
WEEKS = 4
LIMIT = 6
TUESDAYS = count()
SERIES = {"repeat": "weekly", "repeat_every": "1", "repeat_ends": "times"} | {
    "repeat_times": str(WEEKS)
}


def four_tuesdays() -> list[date]:
    """Weeks of its own for each race."""
    first = date(2036, 1, 8) + timedelta(weeks=WEEKS * next(TUESDAYS))
    return [first + timedelta(weeks=n) for n in range(WEEKS)]


def a_patient(desk: Desk) -> str:
    return desk.made("/demo/patients/new", {"first_name": "Se", "last_name": "Ries"})


def sent(desk: Desk, http: httpx.Client, form: dict[str, str]) -> int:
    token = {"csrfmiddlewaretoken": desk.token}
    return http.post("/demo/bookings/new", data=form | token).status_code


def race_for_slots(
    desk: Desk, owner: psycopg.Connection[Any], *, series: int = 1
) -> tuple[list[int], int]:
    """So many book a series, the others of five each one of its slots: what they are answered, and
    how many slots were given away twice.
    """
    days, place = four_tuesdays(), choices_of(desk)
    forms = []
    for day in [days[0], *days]:
        patient = {"patient": a_patient(desk), "case": "none", "minutes": "30"}
        forms.append(place | patient | {"date": str(day), "time": "10:00"})
    for form in forms[:series]:
        form.update(SERIES)

    answers = at_once(desk, len(forms), lambda http, number: sent(desk, http, forms[number]))
    rows = owner.execute(
        "SELECT count(*) - count(DISTINCT starts_at) FROM appointments_booking"
        " WHERE practitioner_id = %s AND cancelled_at IS NULL AND archived_at IS NULL"
        " AND starts_at >= %s AND starts_at < %s",
        [place["practitioner"], days[0], days[-1] + timedelta(days=1)],
    ).fetchall()
    owner.commit()
    return answers, int(rows[0][0])


def race_for_sessions(desk: Desk, owner: psycopg.Connection[Any]) -> tuple[list[int], int]:
    """One books a series of four into a case of six, five others one visit each: what they are
    answered, and how many are in the case then.
    """
    days, place, patient = four_tuesdays(), choices_of(desk), a_patient(desk)
    limited = {"name": "Six", "limit_kind": "sessions", "max_sessions": str(LIMIT)}
    case = desk.made(f"/demo/patients/{patient}/cases/new", limited)
    form = place | {"patient": patient, "case": case, "minutes": "15", "date": str(days[0])}
    forms = [form | SERIES | {"time": "08:00"}]
    forms += [form | {"time": f"{9 + number:02}:00"} for number in range(LIMIT - 1)]

    answers = at_once(desk, len(forms), lambda http, number: sent(desk, http, forms[number]))
    counted = owner.execute(
        "SELECT count(*) FROM appointments_attendee WHERE case_id = %s", [case]
    ).fetchall()
    owner.commit()
    return answers, int(counted[0][0])


def test_a_series_and_single_appointments_never_share_a_slot(strict: Site, trials: Trials) -> None:
    seen: Counter[str] = Counter()
    with Desk(strict.address) as desk, owner_of(strict) as owner:
        for _ in range(trials(short=2, full=200)):
            [series, *singles], twice = race_for_slots(desk, owner)
            assert twice == 0
            # all of the series, or nothing of it
            assert set(singles) <= ({422} if series == 302 else {302})
            seen["the series" if series == 302 else "the others"] += 1
    trials.note("who was first", dict(sorted(seen.items())))


def test_without_the_constraint_a_slot_of_a_series_is_given_away_twice(
    strict: Site, unlocked_address: str, trials: Trials
) -> None:
    with Desk(unlocked_address) as desk, owner_of(strict) as owner:
        # Two of them, since a series takes longest and looks when the others are done.
        twice = count_until_seen(trials, lambda: race_for_slots(desk, owner, series=2)[1] > 0)
    trials.note("given away twice without the constraint", twice)
    assert twice > 0


def test_a_series_and_single_appointments_never_overfill_their_case(
    site: Site, trials: Trials
) -> None:
    seen: Counter[str] = Counter()
    with Desk(site.address) as desk, owner_of(site) as owner:
        for _ in range(trials(short=2, full=200)):
            [series, *singles], counted = race_for_sessions(desk, owner)
            taken = singles.count(302)
            assert counted == (WEEKS if series == 302 else 0) + taken <= LIMIT
            assert taken == (LIMIT - WEEKS if series == 302 else len(singles))
            seen["the series" if series == 302 else "the others"] += 1
    trials.note("who was first", dict(sorted(seen.items())))


def test_without_the_lock_a_series_overfills_its_case(
    site: Site, unlocked_address: str, trials: Trials
) -> None:
    with Desk(unlocked_address) as desk, owner_of(site) as owner:
        over = count_until_seen(trials, lambda: race_for_sessions(desk, owner)[1] > LIMIT)
    trials.note("over-allocations without the lock", over)
    assert over > 0
