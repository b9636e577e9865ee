"""A button that is clicked very often, over HTTP: each click is a launch, and each is recorded."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.races.desk import Desk, at_once
from tests.races.test_every_door import owner_of

if TYPE_CHECKING:
    import httpx

    from tests.served import Site

CLIENTS, CLICKS = 8, 25


def test_of_two_hundred_rapid_clicks_each_is_recorded_once(site: Site) -> None:
    with Desk(site.address) as desk, owner_of(site) as owner:
        patient = desk.made("/demo/patients/new", {"first_name": "Often", "last_name": "Opened"})
        [[app]] = owner.execute(
            "SELECT id FROM connections_connectedapp WHERE position = 0 LIMIT 1"
        )
        url = f"/demo/patients/{patient}/open/{app}"

        def click(http: httpx.Client, number: int) -> list[str]:
            sent = {"csrfmiddlewaretoken": desk.token}
            answers = [http.post(url, data=sent) for _ in range(CLICKS)]
            assert {answer.status_code for answer in answers} == {303}
            return [answer.headers["Location"] for answer in answers]

        led_to = Counter(one for many in at_once(desk, CLIENTS, click) for one in many)
        rows = owner.execute(
            "SELECT count(*), count(DISTINCT id) FROM connections_applaunch WHERE patient_id = %s",
            [patient],
        ).fetchall()
        told = owner.execute(
            "SELECT count(DISTINCT target_id) FROM audit_change c JOIN connections_applaunch l"
            " ON l.id = c.target_id WHERE l.patient_id = %s AND c.verb = 'opened'",
            [patient],
        ).fetchall()

    assert rows == [(200, 200)]
    assert told == [(200,)]
    # The demo's app takes signed launches: no token was given twice.
    assert set(led_to.values()) == {1}
    assert all(f"patient_id={patient}&launch_token=" in one for one in led_to)
