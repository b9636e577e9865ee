"""The database goes away under load and comes back: 503 with Retry-After, no 500, and it heals."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
from django.db import OperationalError
from django.utils.functional import SimpleLazyObject
from psycopg import sql

from casewell.web.views.errors import server_error
from tests import database
from tests.races.desk import Desk

if TYPE_CHECKING:
    import httpx
    from django.test import RequestFactory

    from tests.served import Site

PAGES = ("/demo/", "/demo/patients", "/demo/cases", "/health")
SECONDS_AWAY, SECONDS_TO_HEAL = 2.0, 10.0


def set_reachable(name: str, reachable: bool) -> None:
    """Let clients in, or break all their connections and let none in."""
    with psycopg.connect(database.server().admin_url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}").format(
                sql.Identifier(name), sql.Literal(reachable)
            )
        )
        if not reachable:
            # With the time to wait: each is told to end, and ends when it next looks.
            admin.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s",
                [name],
            )


def answers_for(desk: Desk, page: str, seconds: float) -> list[httpx.Response]:
    """Ask for the page again and again."""
    until, found = time.monotonic() + seconds, []
    while time.monotonic() < until:
        found.append(desk.http.get(page))
    return found


def test_a_database_that_goes_away_is_503_and_heals_by_itself(site: Site) -> None:
    desk = Desk(site.address)
    with ThreadPoolExecutor(len(PAGES)) as pool:
        asked = [pool.submit(answers_for, desk, page, 2 * SECONDS_AWAY) for page in PAGES]
        time.sleep(SECONDS_AWAY / 4)
        set_reachable(site.database, False)
        time.sleep(SECONDS_AWAY)
        set_reachable(site.database, True)
    answers = [answer for future in asked for answer in future.result()]

    assert {answer.status_code for answer in answers} == {200, 503}
    assert {a.headers.get("Retry-After") for a in answers if a.status_code == 503} == {"3"}

    until = time.monotonic() + SECONDS_TO_HEAL
    while desk.http.get("/demo/").status_code != 200 and time.monotonic() < until:
        time.sleep(0.2)
    assert {desk.http.get(page).status_code for page in PAGES} == {200}
    desk.http.close()


def test_the_page_that_says_so_asks_for_nothing(rf: RequestFactory) -> None:
    def gone() -> None:
        raise OperationalError("the connection is closed")

    request = rf.get("/demo/")
    request.user = SimpleLazyObject(gone)  # type: ignore[assignment]
    try:
        gone()
    except OperationalError:
        answer = server_error(request)
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
