"""Very many invoices: their list, a long statement and a year's takings, and what each takes."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg import sql

from casewell.invoices.models import Allocation, Invoice, InvoiceItem, Payment, PaymentType
from casewell.lib.garbage import settle
from casewell.lib.postgres_roles import ADMIN
from casewell.patients.models import Patient
from casewell.tenancy.scope import account_scope
from tests import database
from tests.scale.crowd import copy
from tests.scale.test_caseload import UNCOUNTED
from tests.scale.test_plans import milliseconds
from tests.world import BACKEND

if TYPE_CHECKING:
    from tests.soak import Trials
    from tests.world import Practice

DAYS, PATIENTS, OF_ADA = 1000, 400, 500
PRICE, BENEFIT = Decimal("96.00"), Decimal("60.00")
MOST_STATEMENTS = 11


def make_invoices(admin: Any, practice: Practice, count: int, seed: int) -> None:
    """So many of the last DAYS, most of them paid; the first OF_ADA are Ada's."""
    admin.execute("SET session_replication_role = replica")  # the rows refer to one another
    rng, today = random.Random(seed), practice.account.today()  # noqa: S311 - no secrets
    account = practice.account.pk
    with account_scope(practice.account):
        PaymentType.start(practice.account)
        ways = list(PaymentType.objects.values_list("pk", flat=True))
    named = [
        Patient(account_id=account, first_name=f"P{number}", last_name="Many")
        for number in range(PATIENTS)
    ]
    people = [patient.pk for patient in named]
    whose = {"account_id": account, "business_id": practice.business.pk}
    made: dict[Any, list[Any]] = {
        Patient: named,
        Invoice: [],
        InvoiceItem: [],
        Payment: [],
        Allocation: [],
    }
    for number in range(1, count + 1):
        patient = practice.ada.pk if number <= OF_ADA else rng.choice(people)
        day = today - timedelta(days=DAYS - DAYS * number // count)
        invoice = Invoice(
            **whose,
            patient_id=patient,
            practitioner_id=practice.amy.pk,
            number=number,
            issue_date=day,
            due_date=day + timedelta(days=14),
            issued_at=timezone.now(),
            net_amount=PRICE,
            tax_amount=0,
            total_amount=PRICE,
        )
        made[Invoice].append(invoice)
        made[InvoiceItem].append(
            InvoiceItem(
                account_id=account,
                invoice_id=invoice.pk,
                place=0,
                name="Consultation",
                quantity=1,
                unit_price=PRICE,
                net_amount=PRICE,
                tax_amount=0,
                total_amount=PRICE,
            )
        )
        for amount in _paid(rng):
            payment = Payment(
                **whose,
                patient_id=patient,
                payment_type_id=rng.choice(ways),
                amount=amount,
                paid_on=day,
            )
            made[Payment].append(payment)
            made[Allocation].append(
                Allocation(
                    account_id=account,
                    patient_id=patient,
                    invoice_id=invoice.pk,
                    payment_id=payment.pk,
                    amount=amount,
                )
            )
    for model, records in made.items():
        copy(admin, model, records)
        admin.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(model._meta.db_table)))


def _paid(rng: random.Random) -> list[Decimal]:
    """Mostly a benefit and the gap; sometimes the benefit alone, or nothing yet."""
    chance = rng.random()
    if chance < 0.02:
        return []
    return [BENEFIT] if chance < 0.05 else [BENEFIT, PRICE - BENEFIT]


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
