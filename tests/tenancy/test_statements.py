"""The lint of statements: what it lets pass and what it reports."""

from __future__ import annotations

import pytest

from casewell.tenancy.statements import unpinned

TENANT = frozenset({"patients_patient", "cases_patientcase"})

PINNED = {
    "a select": 'SELECT 1 FROM "patients_patient" WHERE "patients_patient"."account_id" = %s',
    "a literal": 'DELETE FROM "patients_patient" WHERE "patients_patient"."account_id" = 7',
    "an update": 'UPDATE "patients_patient" SET "notes" = %s WHERE ("patients_patient"."account_id"'
    " = %s)",
    "an insert": 'INSERT INTO "patients_patient" ("id", "account_id") VALUES (%s, %s)',
    "a join": 'SELECT 1 FROM "cases_patientcase" INNER JOIN "patients_patient" ON ('
    '"cases_patientcase"."patient_id" = "patients_patient"."id" AND ('
    '"patients_patient"."account_id" = ("cases_patientcase"."account_id")))'
    ' WHERE "cases_patientcase"."account_id" = %s',
    "an alias": 'SELECT 1 FROM "patients_patient" U0 WHERE U0."account_id" = %s',
    "a shared table": 'SELECT 1 FROM "accounts_user" WHERE "accounts_user"."id" = %s',
    "no table": "SELECT 1",
}

LOOSE = {
    "a lookup by id": 'SELECT 1 FROM "patients_patient" WHERE "patients_patient"."id" = %s',
    "another's pin": 'SELECT 1 FROM "patients_patient" WHERE "accounts_user"."account_id" = %s',
    "an update": 'UPDATE "patients_patient" SET "notes" = %s WHERE "patients_patient"."id" IN (%s)',
    "a delete": 'DELETE FROM "patients_patient"',
    "an insert": 'INSERT INTO "patients_patient" ("id", "name") VALUES (%s, %s)',
    "a join by id alone": 'SELECT 1 FROM "cases_patientcase" INNER JOIN "patients_patient" ON ('
    '"cases_patientcase"."patient_id" = "patients_patient"."id")'
    ' WHERE "cases_patientcase"."account_id" = %s',
    "a subquery": 'SELECT 1 FROM "accounts_user" WHERE "id" IN (SELECT U0."id" FROM'
    ' "patients_patient" U0)',
    "joined to one as loose": 'SELECT 1 FROM "cases_patientcase" INNER JOIN "patients_patient" ON ('
    '"patients_patient"."account_id" = "cases_patientcase"."account_id")',
}


@pytest.mark.parametrize("sql", PINNED.values(), ids=PINNED.keys())
def test_a_statement_that_names_the_account_passes(sql: str) -> None:
    assert unpinned(sql, TENANT) == set()


@pytest.mark.parametrize("sql", LOOSE.values(), ids=LOOSE.keys())
def test_a_statement_that_leaves_out_the_account_is_reported(sql: str) -> None:
    assert "patients_patient" in unpinned(sql, TENANT)


def test_only_the_table_that_is_loose_is_reported() -> None:
    assert unpinned(LOOSE["a join by id alone"], TENANT) == {"patients_patient"}
