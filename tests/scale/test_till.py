"""Very many invoices: their list, a long statement and a year's takings, and what each takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewell.lib.garbage import settle
from casewell.lib.postgres_roles import ADMIN
from tests import database
from tests.scale.test_caseload import UNCOUNTED
from tests.scale.test_plans import milliseconds
from tests.scale.till import make_invoices
from tests.world import BACKEND

if TYPE_CHECKING:
    from tests.soak import Trials
    from tests.world import Practice

MOST_STATEMENTS = 11


def test_very_many_invoices_are_listed_added_up_and_stated_quickly(
    large: Practice, trials: Trials
) -> None:
    northside, count = large, trials(short=700, full=100_000)
    url = database.server().url(ADMIN, connection.settings_dict["NAME"])
    with psycopg.connect(url) as admin:
        make_invoices(admin, northside, count, trials.seed)
    client = Client()
    client.force_login(northside.member.user, BACKEND)
    settle()  # as a server does
    today = northside.account.today()
    ada, year = northside.ada.pk, today - timedelta(days=365)
    pages = {
        "list": "invoices",
        "list of open ones": "invoices?state=open",
        "list of overdue ones": "invoices?state=overdue",
        "list of a practitioner's year": f"invoices?when=year&practitioner={northside.amy.pk}",
        "statement of 500": f"patients/{ada}/statement?of=days&start=2015-01-01",
        "paper of 500": f"patients/{ada}/statement.pdf?of=days&start=2015-01-01",
        "takings of a day": "takings",
        "takings of a year": f"takings?start={year}&until={today}",
    }
    for name, path in pages.items():
        address = f"/{northside.account.slug}/{path}"
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        sent = [q for q in captured.captured_queries if not q["sql"].startswith(UNCOUNTED)]
        trials.note(f"{name}: statements", len(sent))
        if trials.in_full:
            trials.note(f"{name} (ms)", milliseconds(client, address))
        assert len(sent) <= MOST_STATEMENTS, name
