"""The worklist over very many open cases: few statements, and quick."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection
from django.template.base import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewell.cases.models import Programme
from casewell.lib.garbage import settle
from casewell.lib.postgres_roles import ADMIN
from casewell.tenancy.scope import account_scope
from tests import database
from tests.scale.caseload import make_caseload
from tests.scale.test_plans import times_of
from tests.world import BACKEND

if TYPE_CHECKING:
    import pytest

    from tests.soak import Trials
    from tests.world import Practice
UNCOUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET LOCAL")
PROGRAMMES = ("au-medicare-gpccmp", "au-dva-cycle", "au-medicare-better-access")
MOST_STATEMENTS, VISITS_A_CASE, ROUNDS, ANSWERS = 8, 5, 9, 41
PAGES = {
    "worklist": "cases/worklist",
    "worklist by patient": "cases/worklist?sort=patient",
    "worklist of one reason": "cases/worklist?reason=expiring",
    "visits without a case": "appointments/uncased",
    "report": "cases/report",
}


def server_ms(client: Client, url: str) -> tuple[float, float]:
    """The processor's time of one answer: in this process, the least of several; and in the
    database's, their mean, for its clock ticks slowly. Both hold on a busy machine too.
    """
    own, before = [], database_ms()
    for _ in range(ROUNDS):
        began = time.process_time()
        assert client.get(url).status_code == 200
        own.append(1000 * (time.process_time() - began))
    return round(min(own), 1), round((database_ms() - before) / ROUNDS, 1)


def database_ms() -> float:
    """What the connection's process in the database has used of the processor; 0 if unknown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not found.exists():
        return 0
    ticks = found.read_text().rpartition(")")[2].split()[11:13]
    return 1000 * sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def rendered(template: Template, context: Any) -> Any:
    """As a server does it: Django's test runner has each template tell of itself, which takes a
    tenth of an answer.
    """
    return template.nodelist.render(context)


def test_the_worklist_over_very_many_cases_takes_few_statements(
    large: Practice, trials: Trials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Template, "_render", rendered)
    northside, cases = large, trials(short=300, full=10_000)
    with account_scope(northside.account):
        adopted = [Programme.adopt(northside.account, code, by=northside.by) for code in PROGRAMMES]
    url = database.server().url(ADMIN, connection.settings_dict["NAME"])
    with psycopg.connect(url) as admin:
        visits = VISITS_A_CASE * cases
        make_caseload(admin, northside, adopted, cases=cases, visits=visits, seed=trials.seed)
    client = Client()
    client.force_login(northside.member.user, BACKEND)
    trials.note("visits", visits)
    settle()  # as a server does
    for name, path in PAGES.items():
        address = f"/{northside.account.slug}/{path}"
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        sent = [q for q in captured.captured_queries if not q["sql"].startswith(UNCOUNTED)]
        trials.note(f"{name}: statements", len(sent))
        assert len(sent) <= (MOST_STATEMENTS if path.startswith("cases/worklist") else 10), name
        if not trials.in_full:
            continue  # few rows say nothing of time
        times = times_of(client, address, ANSWERS)
        trials.note(f"{name} (ms)", times[ANSWERS // 2])
        # What it takes by itself: the others had the machine to share.
        trials.note(f"{name}, the quickest (ms)", times[0])
        own, database_s = server_ms(client, address)
        trials.note(f"{name}, without the database (ms)", own)
        trials.note(f"{name}, the database alone (ms)", database_s)
