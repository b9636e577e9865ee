"""Those who make a programme the practice's own at the same moment, over HTTP."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest

from casewell.lib.postgres_roles import OWNER
from tests import database
from tests.races.desk import Desk, at_once

if TYPE_CHECKING:
    import httpx

    from tests.served import Site
    from tests.soak import Trials

CLIENTS = 6
NUMBERS = count()
CODE = "nz-acc"  # which the demo practice, in Australia, has not adopted
SETTINGS = "/demo/settings/programmes"


def kept(site: Site, code: str) -> list[tuple[str, int]]:
    """Code and version of the demo practice's programmes whose code begins so."""
    with psycopg.connect(database.server().url(OWNER, site.database)) as owner:
        [found] = owner.execute("SELECT id FROM accounts_account WHERE slug = 'demo'").fetchall()
        owner.execute(f"SET app.account_id = '{found[0]}'")
        rows = owner.execute(
            "SELECT code, version FROM cases_programme WHERE starts_with(code, %s) ORDER BY id",
            [code],
        )
        return [(code, version) for code, version in rows.fetchall()]


@pytest.fixture
def admin(site: Site) -> Desk:
    """An administrator's client."""
    return Desk(site.address, "admin@demo.example")


def test_of_many_who_take_a_programme_over_one_makes_it_and_all_get_it(
    site: Site, admin: Desk, trials: Trials
) -> None:
    answers: Counter[int] = Counter()
    with admin:
        for trial in range(1, trials(short=2, full=30) + 1):

            def adopt(http: httpx.Client, _: int) -> str:
                form = {"code": CODE, "csrfmiddlewaretoken": admin.token}
                answer = http.post(f"{SETTINGS}/adoption", data=form)
                answers[answer.status_code] += 1
                return str(answer.headers.get("Location", ""))

            places = set(at_once(admin, CLIENTS, adopt))

            assert set(answers) == {302}
            assert len(places) == 1
            [place] = places
            assert kept(site, CODE) == [(CODE, n) for n in range(1, trial + 1)]
            assert admin.send(f"{place}/archive", {}).status_code == 302  # for the next trial
    trials.note("answers", dict(answers))


def test_of_many_whose_new_case_is_the_first_of_a_programme_none_is_refused(
    site: Site, admin: Desk
) -> None:
    code = "au-nsw-sira"
    with admin:
        patient = admin.made("/demo/patients/new", {"first_name": "First", "last_name": "Of"})

        def new_case(http: httpx.Client, number: int) -> int:
            form = {"name": f"Case {number}", "programme": code, "limit_kind": "none"}
            form["csrfmiddlewaretoken"] = admin.token
            return http.post(f"/demo/patients/{patient}/cases/new", data=form).status_code

        assert at_once(admin, CLIENTS, new_case) == [302] * CLIENTS

    assert kept(site, code) == [(code, 1)]


def test_programmes_of_one_name_that_are_made_at_once_are_each_kept(
    site: Site, admin: Desk, trials: Trials
) -> None:
    with admin:
        for _ in range(trials(short=2, full=30)):
            name = f"Class pack {next(NUMBERS)} of the race"

            def new(http: httpx.Client, _: int, name: str = name) -> int:
                form = {"name": name, "csrfmiddlewaretoken": admin.token}
                form |= {"duties-TOTAL_FORMS": "0", "duties-INITIAL_FORMS": "0"}
                form |= {"cap_action": "warn", "cap_months": "3"}
                return http.post(f"{SETTINGS}/new", data=form).status_code

            assert at_once(admin, CLIENTS, new) == [302] * CLIENTS
            codes = [code for code, _ in kept(site, f"own-{name.lower().replace(' ', '-')}")]
            assert len(set(codes)) == CLIENTS
    trials.note("clients", CLIENTS)
