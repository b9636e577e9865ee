"""Speed as ratios: `bin/bench` prints figures and writes them to bench/results/speed.md.

Each operation is asked of the served site and of the limit (`tests.bench.limit`) in turn, round by
round, so that whatever else the machine does weighs on both. `--rounds N`, `--seconds S` a round.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from casewell.lib.postgres_roles import ADMIN
from tests.bench.figures import FREE_TIMES, LISTS, OPERATIONS, PAGES, POLLING, WRITES, Figures
from tests.bench.measuring import measure
from tests.bench.operations import DAY, api_operations, feed_of_week, operations
from tests.bench.serving import served, site
from tests.bench.stage import empty_stage, few_practices, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results"


def main(words: Sequence[str]) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=3)
    options.add_argument("--minutes", type=float, default=2, help="of polling, twice")
    options.add_argument(
        "--only", default="", help="operations and sections with this in their name"
    )
    options.add_argument("--growth", action="store_true", help="the API from 50 practices to 5,000")
    options.add_argument("--most", type=int, default=5_000, help="practices, for --growth")
    asked = options.parse_args(words)
    if asked.growth:
        grow(asked.most)
        return
    figures = Figures.kept(RESULTS)
    with TemporaryDirectory() as folder, stage(Path(folder)) as (environment, cookie, week):
        for name, path, headers in operations(cookie, week):
            if asked.only in name:
                found = measure(environment, name, path, headers, asked)
                keep(figures, OPERATIONS, [found.row])
        feed = feed_of_week(cookie, week)
        others: dict[str, Callable[[], Iterable[Sequence[Any]]]] = {
            WRITES: lambda: look_at_booking(environment),
            FREE_TIMES: look_at_free_times,
            POLLING: lambda: look_at_polling(environment, feed, asked.minutes),
            LISTS: lambda: look_at_lists(environment),
            PAGES: lambda: look_at_pages(environment, cookie, week, asked.rounds),
        }
        for name, look in others.items():
            if asked.only in name:
                keep(figures, name, look())


def keep(figures: Figures, section: str, rows: Iterable[Sequence[Any]]) -> None:
    """Say them, and write them down at once: the rest may take long."""
    found = list(rows)
    sys.stdout.write("\n".join(" | ".join(map(str, row)) for row in found) + "\n")
    sys.stdout.flush()
    figures.put(section, found, RESULTS)


def grow(most: int) -> None:
    """Ask the API's reads at each size; a table in bench/results/growth.md."""
    from tests.bench import growth

    with TemporaryDirectory() as folder, empty_stage(Path(folder)) as environment:
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


def look_at_booking(environment: dict[str, str]) -> Iterable[Sequence[Any]]:
    """A booking with its case, whose time is told by its parts."""
    from casewell.accounts.models import Account
    from tests.bench.booking import looked_at

    _, headers = api_operations()
    with served(site(), environment) as (port, _):
        account = Account.objects.get(slug="northside")
        return named_together(looked_at(port, headers, account))


def look_at_free_times() -> Iterable[Sequence[Any]]:
    """Where a visit fits in a month of the same ten practitioners."""
    from casewell.accounts.models import Account
    from tests.bench.free_times import looked_at

    return named_together(looked_at(Account.objects.get(slug="northside")))


def look_at_polling(
    environment: dict[str, str], feed: tuple[str, dict[str, str]], minutes: float
) -> Iterable[Sequence[Any]]:
    """Fifty open calendars while bookings are made (B4)."""
    from casewell.accounts.models import Account
    from tests.bench import polling

    _, headers = api_operations()
    bodies = polling.bodies_of(Account.objects.get(slug="northside"))
    known, changed = polling.statements_of(*feed)
    with served(site(), environment) as (port, process):
        found = list(polling.watched(port, process, feed, headers, bodies, 60 * minutes))
    return [("statements of a 304", str(known)), ("of a 200", str(changed)), *found]


def look_at_lists(environment: dict[str, str]) -> Iterable[Sequence[Any]]:
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
        found = list(lists.compared(port, f"{name}={client.cookies[name].value}"))
    return [
        (name, small, large, large / small, f"{few}, {many}")
        for name, small, large, few, many in found
    ]


def look_at_pages(
    environment: dict[str, str], cookie: str, week: str, rounds: int
) -> Iterable[Sequence[Any]]:
    """What a browser has to do until a page can be used."""
    from tests.bench import browser

    pages = {
        "a day of 200 bookings": f"/northside/calendar/{DAY}?view=day",
        "a week of 1,000 bookings": f"/northside/calendar/{DAY}?{week}",
        "a day of 2,400 bookings": f"/crowded/calendar/{DAY}?view=day",
    }
    with served(site(), environment) as (port, _):
        return named_together(browser.look(f"http://localhost:{port}", cookie, pages, rounds))


def named_together(rows: Iterable[tuple[str, str, float]]) -> list[tuple[str, float]]:
    """What, of what part, and its figure, as rows that one name tells apart."""
    return [(f"{name}: {part}", figure) for name, part, figure in rows]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casewell.config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@nowhere/none")
    main(sys.argv[1:])
