"""Speed as ratios: `bin/bench` prints one table and writes bench/results/speed.md.

Each operation is asked of the served site and of the limit (`tests.bench.limit`) in turn, round by
round, so that whatever else the machine does weighs on both. `--rounds N`, `--seconds S` a round.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from casewell.lib.postgres_roles import OWNER, RUNTIME
from tests.bench.figures import Figures, Operation, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "bench" / "results"
PAGE = RESULTS / "speed.md"
UNCOUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET LOCAL")
DAY = "2026-03-03"
BOOKING = "API: a booking with case"
FEED = "calendar feed, week of 1,000 bookings"
DAY_FEED = "calendar feed, day of 200 bookings"
POLLING = "open calendars"
LISTS = "lists of 100,000"
PATIENCE = 300  # seconds to come up, on a machine that is busy too


def main(words: Sequence[str]) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=3)
    options.add_argument("--minutes", type=float, default=2, help="of polling, twice")
    options.add_argument("--only", default="", help="operations with this in their name; no page")
    options.add_argument("--growth", action="store_true", help="the API from 50 practices to 5,000")
    options.add_argument("--most", type=int, default=5_000, help="practices, for --growth")
    asked = options.parse_args(words)
    if asked.growth:
        grow(asked.most)
        return
    figures = Figures()
    with TemporaryDirectory() as folder, stage(Path(folder)) as (environment, cookie, week):
        headers = {"Cookie": cookie, "Host": "localhost", "Accept-Encoding": "gzip"}
        calendar = f"/northside/calendar/{DAY}/bookings"
        feed = {FEED: f"{calendar}?{week}", DAY_FEED: f"{calendar}?view=day"}
        chosen = [
            (name, path, kind)
            for paths, kind in ((feed, headers), api_operations())
            for name, path in paths.items()
            if asked.only in name
        ]
        for name, path, kind in chosen:
            measure(figures, environment, name, path, kind, asked)
        if asked.only in BOOKING:
            look_at_booking(figures, environment)
        if asked.only in POLLING:
            look_at_polling(figures, environment, (feed[FEED], headers), asked.minutes)
        if asked.only in LISTS:
            look_at_lists(figures, environment)
        if not asked.only:
            look_at_pages(figures, environment, cookie, week, asked.rounds)
    text = page_of(figures)
    if not asked.only:
        PAGE.write_text(text)
    sys.stdout.write(text)


def grow(most: int) -> None:
    """Ask the API's reads at each size; a table in bench/results/growth.md."""
    from tests.bench import growth

    with TemporaryDirectory() as folder, empty_stage(Path(folder)) as environment:
        from casewell.lib.postgres_roles import ADMIN
        from tests import database

        name = environment["CASEWELL_BENCH_NAME"]
        url = database.server().url(ADMIN, name)
        practice, found = growth.first_practice(url), []
        paths, headers = api_operations(growth.SLUG)
        first, *others = [size for size in growth.SIZES if size <= most]
        seconds = growth.grow_to(url, practice, first)
        with few_practices(name, environment) as small:
            for size in (first, *others):
                if size != first:
                    seconds = growth.grow_to(url, practice, size)
                with served(site(), environment) as (port, _):
                    found.append((size, seconds, growth.asked(port, small, paths, headers)))
                sys.stdout.write("\n".join(growth.table_of(found)) + "\n")
                growth.write(list(growth.table_of(found)), RESULTS)


@contextmanager
def few_practices(name: str, environment: dict[str, str]) -> Iterator[int]:
    """The port at which a copy of that database, as it is now, is served."""
    from django.db import connections

    from tests import database

    small = f"{name}_small"
    connections.close_all()
    database.copy(small, of=name)
    own = {
        "CASEWELL_DATA": f"{environment['CASEWELL_DATA']}/small",
        "DATABASE_URL": database.server().url(RUNTIME, small),
        "DATABASE_OWNER_URL": database.server().url(OWNER, small),
    }
    try:
        with served(site(), environment | own) as (port, _):
            yield port
    finally:
        database.drop(small)


@contextmanager
def stage(folder: Path) -> Iterator[tuple[dict[str, str], str, str]]:
    """A database with both practices: the environment to serve it in, a member's cookie, and
    the query for the week of all ten practitioners.
    """
    with empty_stage(folder) as environment:
        cookie, week = load()
        yield environment, cookie, week


@contextmanager
def empty_stage(folder: Path) -> Iterator[dict[str, str]]:
    """A database of its own without a practice, in use here; the environment to serve it in."""
    os.environ |= {"CASEWELL_DATA": str(folder), "CASEWELL_API_RATE": "100000000"}
    import django

    django.setup()
    from tests import database

    name = f"bench_{os.getpid()}"
    database.copy(name)
    try:
        database.use(name)
        yield os.environ | {
            "DATABASE_URL": database.server().url(RUNTIME, name),
            "DATABASE_OWNER_URL": database.server().url(OWNER, name),
            "CASEWELL_BENCH_SCRIPT": str(folder / "script.json"),
            "CASEWELL_BENCH_NAME": name,
        }
    finally:
        from django.db import connections

        connections.close_all()
        database.drop(name)
        database.let_go()


def load() -> tuple[str, str]:
    """Fill the database; the cookie of a receptionist of both practices, and the week's query."""
    from django.conf import settings
    from django.test import Client

    from casewell.accounts.models import Account
    from casewell.accounts.roles import Role
    from casewell.config.schema import measure_tables
    from casewell.tenancy.scope import account_scope
    from tests.bench.practice import load_week
    from tests.screens.crowded import load_crowded

    practice = load_week()
    load_crowded(date(2026, 3, 3))
    user = practice.member.user
    Account.objects.get(slug="crowded").admit(user, role=Role.RECEPTIONIST)
    measure_tables()
    client = Client()
    client.force_login(user, "casewell.accounts.backend.SignInBackend")
    name = settings.SESSION_COOKIE_NAME
    with account_scope(practice.account):
        keys = practice.account.practitioners.values_list("pk", flat=True)
        week = urlencode([("view", "week"), *(("practitioner", key) for key in keys)])
    return f"{name}={client.cookies[name].value}", week


def api_operations(slug: str = "northside") -> tuple[dict[str, str], dict[str, str]]:
    """The API's reads by name, and the headers that they are asked with."""
    from casewell.accounts.models import Account, ApiKey
    from casewell.tenancy.scope import account_scope
    from tests.api.client import AGENT, basic

    account = Account.objects.get(slug=slug)
    _, key = ApiKey.issue(account.memberships.get())
    with account_scope(account):
        case = account.patient_cases.order_by("pk").last()
    assert case is not None
    paths = {
        "API: one patient": f"/v1/patients/{case.patient_id}",
        "API: one case with usage": f"/v1/patient_cases/{case.pk}",
        "API: 100 patients": "/v1/patients?per_page=100",
        "API: 100 attendees": "/v1/attendees?per_page=100",
        "API: 100 cases with usage": "/v1/patient_cases?per_page=100",
        "API: visits of a patient": f"/v1/attendees?q%5B%5D=patient_id:={case.patient_id}",
    }
    return paths, {"Host": "localhost", "User-Agent": AGENT, "Authorization": basic(key)}


def measure(
    figures: Figures,
    environment: dict[str, str],
    name: str,
    path: str,
    headers: dict[str, str],
    asked: argparse.Namespace,
) -> None:
    """An operation against its limit."""
    from tests.bench.load import asked as load_of

    statements, sent = write_script(environment, path, headers)
    bare = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "2"]
    bare = [sys.executable, "-m", *bare, "tests.bench.limit:application", "--port"]
    with served(site(), environment) as ours, served(bare, environment, "/") as limit:
        alone = [timed(ours[0], path, headers) for _ in range(20)]
        rounds = [
            [load_of(port, path, headers, pid, asked.seconds) for port, pid in (ours, limit)]
            for _ in range(asked.rounds)
        ]
    per_second, cpu_ms = (
        (median(our[what] for our, _ in rounds), median(bare[what] for _, bare in rounds))
        for what in (0, 1)
    )
    figures.operations.append(Operation(name, per_second, cpu_ms, median(alone), statements, sent))


def write_script(
    environment: dict[str, str], path: str, headers: dict[str, str]
) -> tuple[int, int]:
    """Leave the feed's statements and answer to the limit; how many, and how many bytes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.limit import Script

    Client().get(path, SERVER_NAME="localhost", headers=headers)  # notes that it is in use
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(path, SERVER_NAME="localhost", headers=headers)
    statements = [query["sql"] for query in captured.captured_queries]
    script = Script(
        statements, [[*pair] for pair in answer.items()], answer.content.decode("latin-1")
    )
    Path(environment["CASEWELL_BENCH_SCRIPT"]).write_text(json.dumps(script))
    return sum(not sql.startswith(UNCOUNTED) for sql in statements), len(answer.content)


def timed(port: int, path: str, headers: dict[str, str]) -> float:
    """Milliseconds of one request on its own."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    began = time.perf_counter()
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
        answer.read()
    return 1000 * (time.perf_counter() - began)


def look_at_booking(figures: Figures, environment: dict[str, str]) -> None:
    """A booking with its case, whose time is told by its parts."""
    from casewell.accounts.models import Account
    from tests.bench.booking import looked_at

    _, headers = api_operations()
    with served(site(), environment) as (port, _):
        account = Account.objects.get(slug="northside")
        figures.writes += looked_at(port, headers, account)


def look_at_polling(
    figures: Figures,
    environment: dict[str, str],
    feed: tuple[str, dict[str, str]],
    minutes: float,
) -> None:
    """Fifty open calendars while bookings are made (B4)."""
    from casewell.accounts.models import Account
    from tests.bench import polling

    _, headers = api_operations()
    bodies = polling.bodies_of(Account.objects.get(slug="northside"))
    known, changed = polling.statements_of(*feed)
    figures.polling += [("statements of a 304", str(known)), ("of a 200", str(changed))]
    with served(site(), environment) as (port, process):
        found = polling.watched(port, process, feed, headers, bodies, 60 * minutes)
        figures.polling += found


def look_at_lists(figures: Figures, environment: dict[str, str]) -> None:
    """Pages of a small and of a large practice."""
    from django.conf import settings
    from django.test import Client

    from casewell.lib.postgres_roles import ADMIN
    from tests import database
    from tests.bench import lists

    practices = lists.load_both(database.server().url(ADMIN, environment["CASEWELL_BENCH_NAME"]))
    client = Client()
    client.force_login(
        practices[lists.SMALL].member.user, "casewell.accounts.backend.SignInBackend"
    )
    name = settings.SESSION_COOKIE_NAME
    with served(site(), environment) as (port, _):
        figures.lists += lists.compared(port, f"{name}={client.cookies[name].value}")


def look_at_pages(
    figures: Figures, environment: dict[str, str], cookie: str, week: str, rounds: int
) -> None:
    from tests.bench import browser

    pages = {
        "a day of 200 bookings": f"/northside/calendar/{DAY}?view=day",
        "a week of 1,000 bookings": f"/northside/calendar/{DAY}?{week}",
        "a day of 2,400 bookings": f"/crowded/calendar/{DAY}?view=day",
    }
    with served(site(), environment) as (port, _):
        figures.browser += browser.look(f"http://localhost:{port}", cookie, pages, rounds)


def site() -> list[str]:
    return [sys.executable, "-m", "casewell.config.cli", "serve", "--no-demo", "--port"]


@contextmanager
def served(
    command: list[str], environment: dict[str, str], path: str = "/health"
) -> Iterator[tuple[int, int]]:
    """The server's port and process, once it answers."""
    from tests.served import free_port

    port = free_port()
    process = subprocess.Popen(
        [*command, str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + PATIENCE
        while not answers(port, path):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{command[2]} did not come up.")
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casewell.config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@nowhere/none")
    main(sys.argv[1:])
