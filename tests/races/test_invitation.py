"""One invitation's link, opened and answered by many at the same moment, over HTTP."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import TYPE_CHECKING

import httpx

from casewell.lib.demo_password import DEMO_PASSWORD
from tests.races.desk import TOKEN

if TYPE_CHECKING:
    from tests.served import Site
    from tests.soak import Trials

CLIENTS = 4  # more in a minute meet the limit on signing up
ONE_GETS_IN = [302, *[410] * (CLIENTS - 1)]
NUMBERS = count()


def invited(site: Site) -> str:
    """A new invitation's address below the site's."""
    email = f"racer-{next(NUMBERS)}@clinic.example"
    with httpx.Client(base_url=site.address, timeout=60) as admin:
        sign_in = {"login": "admin@demo.example", "password": DEMO_PASSWORD}
        send(admin, "/sign-in/", sign_in)
        send(admin, "/demo/settings/users", {"email": email, "role": "scheduler"})
    link = re.search(r"/sign-up/invitation/\S+", site.letter_to(email))
    assert link is not None
    return link[0]


def send(client: httpx.Client, url: str, form: dict[str, str]) -> httpx.Response:
    token = TOKEN.search(client.get(url).text)
    assert token is not None
    return client.post(url, data=form | {"csrfmiddlewaretoken": token[1]})


def race(address: str, link: str) -> list[int]:
    """What each of those is answered who send the form of that link at once."""
    barrier = Barrier(CLIENTS)
    form = {"first_name": "Nia", "last_name": "Cole"}
    form |= {"password": "four plain words here", "again": "four plain words here"}

    def join(_: int) -> int:
        with httpx.Client(base_url=address, timeout=60) as one:
            token = TOKEN.search(one.get("/password/reset/").text)
            assert token is not None
            barrier.wait()
            return one.post(link, data=form | {"csrfmiddlewaretoken": token[1]}).status_code

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(join, range(CLIENTS)))


def test_of_many_who_use_one_invitation_exactly_one_gets_in(site: Site, trials: Trials) -> None:
    for _ in range(trials(short=1, full=10)):
        assert sorted(race(site.address, invited(site))) == ONE_GETS_IN


def test_without_the_lock_the_same_race_ends_otherwise(
    site: Site, unlocked_address: str, trials: Trials
) -> None:
    n = trials(short=3, full=10)
    assert any(sorted(race(unlocked_address, invited(site))) != ONE_GETS_IN for _ in range(n))
