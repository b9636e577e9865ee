"""What PostgreSQL itself holds, read from the migrated database and tried on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from casewell.accounts.models import Business
from casewell.appointments.models import Attendee
from casewell.audit.models import Change
from casewell.patients.models import Patient
from casewell.tenancy.fields import CrossAccountError, is_tenant, tenant_foreign_keys
from casewell.tenancy.roles import refuse_powerful_role
from casewell.tenancy.scope import NoAccountScope, account_id_in_scope, account_scope
from tests import database

if TYPE_CHECKING:
    from tests.world import Practice

TENANT_MODELS = [m for m in apps.get_models() if is_tenant(m)]
# A booking that moves takes its visits with it in a second statement.
AT_COMMIT = {
    Attendee: "(account_id, id, starts_at) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
}
BY_TABLE = pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda m: m._meta.label_lower)


def rows(sql: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[Any] = cursor.fetchall()
    return found


@BY_TABLE
def test_every_unique_rule_of_a_tenant_table_contains_its_account(db: None, model: Any) -> None:
    keys = rows(
        """SELECT i.relname, array_agg(a.attname::text ORDER BY k.n) FROM pg_index x
           JOIN pg_class i ON i.oid = x.indexrelid
           CROSS JOIN LATERAL unnest(x.indkey::int[]) WITH ORDINALITY k(att, n)
           JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.att
           WHERE x.indrelid = %s::regclass AND (x.indisunique OR x.indisexclusion)
           GROUP BY 1""",
        model._meta.db_table,
    )

    assert keys
    assert [name for name, columns in keys if "account_id" not in columns] == []


@BY_TABLE
def test_every_index_of_a_tenant_table_starts_with_its_account(db: None, model: Any) -> None:
    first = rows(
        """SELECT x.indexrelid::regclass::text, a.attname FROM pg_index x
           JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
           WHERE x.indrelid = %s::regclass""",
        model._meta.db_table,
    )

    assert [name for name, column in first if column != "account_id"] == []


@BY_TABLE
def test_every_relation_between_tenant_tables_is_composite_and_immediate(
    db: None, model: Any
) -> None:
    found = rows(
        """SELECT pg_get_constraintdef(oid), condeferrable FROM pg_constraint
           WHERE contype = 'f' AND conrelid = %s::regclass""",
        model._meta.db_table,
    )

    later = [text for text, deferrable in found if deferrable]
    assert later == [text for text, _ in found if text.endswith(AT_COMMIT.get(model, "none"))]
    composite = [text for text, _ in found if text.startswith("FOREIGN KEY (account_id, ")]
    assert len(composite) == len(tenant_foreign_keys(model)) + len(later)


@BY_TABLE
def test_row_level_security_is_forced_on_every_tenant_table(db: None, model: Any) -> None:
    table = model._meta.db_table
    [flags] = rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
    )
    policies = rows("SELECT count(*) FROM pg_policy WHERE polrelid = %s::regclass", table)

    assert flags == (True, True)
    assert policies == [(1,)]


def test_postgresql_refuses_a_link_to_another_practices_row(
    elsewhere: Practice, northside: Practice
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendee.objects.create(
            account=northside.account,
            booking_id=northside.attend().booking_id,
            patient_id=elsewhere.ada.pk,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Patient.objects.filter(pk=northside.ada.pk).update(merged_with_id=elsewhere.ada.pk)


def test_postgresql_refuses_a_case_of_another_patient(northside: Practice) -> None:
    visit, bens = northside.attend(), northside.case(patient=northside.patient())

    with pytest.raises(IntegrityError), transaction.atomic():
        Attendee.objects.filter(pk=visit.pk).update(case=bens)


def test_python_refuses_another_practices_record_at_the_assignment(
    elsewhere: Practice, northside: Practice
) -> None:
    with pytest.raises(CrossAccountError):
        northside.booking(practitioner=elsewhere.amy)


@pytest.mark.unpinned_sql
def test_outside_a_scope_python_raises_and_sql_reads_nothing(elsewhere: Practice) -> None:
    with pytest.raises(NoAccountScope):
        Patient.objects.exists()

    assert rows("SELECT count(*) FROM patients_patient") == [(0,)]
    with account_scope(elsewhere.account):
        assert Patient.objects.count() == 1


@pytest.mark.unpinned_sql
def test_raw_sql_in_a_scope_reads_that_practice_alone(
    elsewhere: Practice, northside: Practice
) -> None:
    assert rows("SELECT DISTINCT account_id FROM patients_patient") == [(northside.account.pk,)]


def test_scopes_nest_and_have_their_former_account_again(
    elsewhere: Practice, northside: Practice
) -> None:
    with account_scope(elsewhere.account):
        assert account_id_in_scope() == elsewhere.account.pk
        assert Patient.objects.get() == elsewhere.ada
    assert Patient.objects.get() == northside.ada

    with pytest.raises(ZeroDivisionError), account_scope(elsewhere.account):
        _ = 1 / 0
    assert account_id_in_scope() == northside.account.pk
    assert Business.objects.get() == northside.business


def test_changes_can_be_added_and_not_altered(northside: Practice) -> None:
    northside.attend()

    for statement in ('UPDATE audit_change SET "verb" = %s', "DELETE FROM audit_change"):
        params = ["x"] if "%s" in statement else []
        denied = pytest.raises(ProgrammingError, match="permission denied")
        with denied, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                statement + ' WHERE "audit_change"."account_id" = %s',
                [*params, northside.account.pk],
            )
    assert Change.objects.count() == 2


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_run_time_role_may_serve_and_the_owner_may_not() -> None:
    refuse_powerful_role(connection)

    with pytest.raises(ImproperlyConfigured, match="owns tables"):
        refuse_powerful_role(connections["owner"])


def test_an_update_over_a_join_names_the_account_on_the_outer_statement(
    northside: Practice,
) -> None:
    northside.attend(northside.case("Hip"))

    assert Attendee.objects.filter(case__name="Hip").update(notes="x") == 1
    assert Attendee.objects.filter(case__name="Hip").delete()[0] == 1


def test_the_server_listens_on_no_network_address() -> None:
    with psycopg.connect(database.server().admin_url) as admin:
        assert admin.execute("SHOW listen_addresses").fetchone() == ("",)
