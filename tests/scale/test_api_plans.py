"""Lists of the API in a large practice: what they are asked by has an index behind it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casewell.accounts.roles import Role
from casewell.api.filters import Day, Holds, Moment, Number, Text
from casewell.api.routes import table
from casewell.appointments.models import Attendee, Booking
from casewell.cases.models import PatientCase
from casewell.contacts.models import Contact
from casewell.invoices.models import Invoice, InvoiceItem
from casewell.letters.models import Communication
from casewell.lib.postgres_roles import ADMIN
from casewell.patients.models import (
    MedicalAlert,
    Patient,
    PatientAttachment,
    ReferralSource,
    Relationship,
)
from casewell.tenancy.scope import account_scope
from tests import database
from tests.api.client import program_of
from tests.api.examples import EXAMPLES
from tests.scale.many import FIRST, multiply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.api.client import Program
    from tests.world import Practice

ROWS = 6_000
LARGE: tuple[Any, ...] = (
    *(Patient, Contact, MedicalAlert, Relationship, ReferralSource, PatientAttachment),
    *(PatientCase, Booking, Attendee, Invoice, InvoiceItem, Communication),
)
MADE = (
    *("patients", "contacts", "medical_alerts", "relationships", "referral_sources"),
    *("patient_attachments", "patient_cases", "attendees", "invoices", "communications"),
)
# What must differ from row to row.
APART: dict[Any, dict[str, str]] = {
    Invoice: {"number": "n + 100"},
    Relationship: {"related_patient": f"{FIRST} + n + 1"},
}
# What only few of the rows are asked for by is found without an index of its own.
UNINDEXED = {("patient_attachments", "size")}


def fill(practice: Practice) -> None:
    """One of each by its example, and many like it."""
    with account_scope(practice.account):
        for name in MADE:
            EXAMPLES[name].make(practice)
    url = database.server().url(ADMIN, connection.settings_dict["NAME"])
    with psycopg.connect(url) as admin:
        for model in LARGE:
            multiply(admin, model, ROWS, **APART.get(model, {}))


def asked(resource: Any) -> Iterator[str]:
    """What a list is asked by, each of which finds a small part of the rows."""
    now = datetime.now(UTC)
    since, day = (now - timedelta(minutes=20)).isoformat()[:19], now.date() - timedelta(days=9)
    for name, kind in resource.filters.items():
        if isinstance(kind, Moment):
            yield f"q[]={name}:>={since}Z"
        elif isinstance(kind, Day):
            yield f"q[]={name}:={day}"
        elif isinstance(kind, Number) and name.endswith("id"):
            yield f"q[]={name}:={FIRST + 77}"
        elif isinstance(kind, Holds):
            yield f"q[]={name}:~{FIRST + 77}"
        elif isinstance(kind, Text) and kind.words:
            yield f"q[]={name}:=Somebody{FIRST + 77}"
    yield f"q[]=updated_at:>={since}Z&sort=updated_at:desc"


def plans(program: Program, path: str, *, total: bool) -> list[str]:
    """The plan of each statement of a call; that of the number of all only where it is asked."""
    with CaptureQueriesContext(connection) as captured:
        program.get(path)
    found = []
    with connection.cursor() as cursor:
        for one in captured.captured_queries:
            text = one["sql"]
            if text.startswith("SELECT") and (total or "LIMIT" in text):
                cursor.execute(f"EXPLAIN {text}")
                found.append("\n".join(line for (line,) in cursor.fetchall()))
    return found


def read_whole(plan: str) -> list[str]:
    """The large tables of which the plan reads every row."""
    names = {model._meta.db_table for model in LARGE}
    return sorted(names & set(re.findall(r"Seq Scan on (\w+)", plan)))


def test_no_list_of_the_api_reads_a_large_table_whole(large: Practice, settings: Any) -> None:
    settings.API_RATE = 10**9
    large.member.role = Role.ADMINISTRATOR
    large.member.save()
    program, wrong, seen = program_of(large), [], 0
    fill(large)
    with account_scope(large.account):
        names = {model._meta.db_table for model in LARGE}
        for resource in table().resources:
            if not resource.lists or resource.name == "services":
                continue
            if resource.queryset(large.account).model._meta.db_table not in names:
                continue
            for query in ("", "order=desc", *asked(resource)):
                found = plans(program, f"/{resource.name}?{query}", total="q[]" in query)
                assert found, (resource.name, query)
                seen += len(found)
                whole = {table_name for plan in found for table_name in read_whole(plan)}
                wrong += [f"{resource.name}?{query}: {name}" for name in sorted(whole)]
    assert seen > 150
    assert wrong == []
