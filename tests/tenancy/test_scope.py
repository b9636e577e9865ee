"""The scope, its former value and the roles, as PostgreSQL sees them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casewell.audit.models import Change
from casewell.claims.models import ClaimStep, Lodgement
from casewell.connections.models import AppLaunch
from casewell.invoices.models import Allocation, Invoice, InvoiceItem, Payment
from casewell.letters.models import LetterVersion
from casewell.lib.postgres_roles import ADMIN, OWNER, RUNTIME
from casewell.patients.models import Patient
from casewell.records.models import Merge
from casewell.tenancy.fields import is_tenant
from casewell.tenancy.roles import refuse_powerful_role
from casewell.tenancy.scope import NoAccountScope, account_id_in_scope, account_scope
from tests import database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

    from tests.world import Practice

ADDED_TO = {
    m._meta.db_table
    for m in (Allocation, AppLaunch, Change, ClaimStep, InvoiceItem, LetterVersion, Lodgement)
}
# Of these, single columns may be written.
FROZEN = {m._meta.db_table for m in (Invoice, Merge, Payment)}
TABLES = [m._meta.db_table for m in apps.get_models() if is_tenant(m)]


def first_of(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def account_in_postgresql() -> str:
    return str(first_of("SELECT current_setting('app.account_id', true)"))


@pytest.fixture
def as_role() -> Iterator[Any]:
    """Connect to the suite's database as a given role of the server."""
    opened: list[BaseDatabaseWrapper] = []

    def connect(role: str) -> BaseDatabaseWrapper:
        url = database.server().url(role, str(connection.settings_dict["NAME"]))
        other = connection.copy()
        other.settings_dict = other.settings_dict | database._parts(url)
        opened.append(other)
        return other

    yield connect
    for other in opened:
        other.close()


def test_postgresql_has_the_former_account_again_after_an_inner_error(
    elsewhere: Practice, northside: Practice
) -> None:
    with suppress(ZeroDivisionError), account_scope(elsewhere.account):
        assert account_in_postgresql() == str(elsewhere.account.pk)
        _ = 1 / 0

    assert account_in_postgresql() == str(northside.account.pk)


def test_postgresql_has_the_former_account_again_after_an_inner_rollback(
    elsewhere: Practice, northside: Practice
) -> None:
    with account_scope(elsewhere.account):
        elsewhere.patient("Undone")
        transaction.set_rollback(True)

    assert account_in_postgresql() == str(northside.account.pk)
    with account_scope(elsewhere.account):
        assert not Patient.objects.filter(first_name="Undone").exists()


def test_after_the_outermost_scope_nobodys_rows_are_read(db: None, elsewhere: Practice) -> None:
    with account_scope(elsewhere.account):
        pass

    assert account_in_postgresql() == ""
    with pytest.raises(NoAccountScope):
        account_id_in_scope()


def test_a_queryset_made_in_one_scope_reads_the_rows_of_the_scope_it_is_run_in(
    elsewhere: Practice, northside: Practice
) -> None:
    everybody = Patient.objects.order_by("id")

    with account_scope(elsewhere.account):
        assert list(everybody.all()) == [elsewhere.ada]
    assert list(everybody.all()) == [northside.ada]


def test_a_record_is_made_in_the_account_of_its_scope(northside: Practice) -> None:
    assert Patient(first_name="Cleo").account_id == northside.account.pk


@pytest.mark.parametrize(
    ("forced", "refusal"), [(True, "did not affect"), (False, "row-level security")]
)
def test_a_record_does_not_move_to_another_account_by_saving(
    elsewhere: Practice, northside: Practice, forced: bool, refusal: str
) -> None:
    northside.ada.account_id = elsewhere.account.pk

    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        northside.ada.save(force_update=forced)

    assert Patient.objects.get(pk=northside.ada.pk).account_id == northside.account.pk


def test_an_update_never_sets_the_account(northside: Practice) -> None:
    with CaptureQueriesContext(connection) as sent:
        northside.ada.save()

    [update] = [query["sql"] for query in sent if query["sql"].startswith("UPDATE")]
    values, _, condition = update.partition(" WHERE ")
    assert ('"account_id" =' in values, '"account_id" =' in condition) == (False, True)


@pytest.mark.unpinned_sql
def test_postgresql_takes_no_row_for_another_account_than_the_scopes(
    elsewhere: Practice, northside: Practice
) -> None:
    denied = pytest.raises(ProgrammingError, match="row-level security")

    with denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO patients_concessiontype ("id", "account_id", "name", "created_at",'
            ' "updated_at") VALUES (1, %s, %s, now(), now())',
            [elsewhere.account.pk, "Pensioner"],
        )


@pytest.mark.parametrize("table", TABLES)
def test_the_run_time_role_reads_and_adds_and_owns_nothing(db: None, table: str) -> None:
    def may(right: str) -> bool:
        return bool(first_of("SELECT has_table_privilege(%s, %s)", table, right))

    append_only = table in ADDED_TO or table in FROZEN
    assert (may("SELECT"), may("INSERT"), may("TRUNCATE")) == (True, True, False)
    assert (may("UPDATE"), may("DELETE")) == (not append_only, not append_only)
    owners = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
    assert first_of(owners) == 0


def test_a_superuser_may_not_serve(db: None, as_role: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="it is a superuser"):
        refuse_powerful_role(as_role(ADMIN))


def test_a_member_of_the_owner_may_not_serve(db: None, as_role: Any) -> None:
    admin = as_role(ADMIN)
    admin.set_autocommit(False)  # so that the other workers never see the grant
    try:
        with admin.cursor() as cursor:
            cursor.execute(f"GRANT {OWNER} TO {RUNTIME}")
            cursor.execute(f"SET LOCAL ROLE {RUNTIME}")
        with pytest.raises(ImproperlyConfigured, match="it is a member of a role"):
            refuse_powerful_role(admin)
    finally:
        admin.rollback()
