"""Rows that change hands: found, held, and given to another patient, all in one statement.

The keys that tie a visit to its case's patient, and an invoice to its visit's, are asked by
PostgreSQL at the end of a statement. So all tables change in the same one, and at no moment is a
visit in another patient's case.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import CharField, Value
from django.utils import timezone

from casewell.appointments.models import Attendee
from casewell.cases.models import PatientCase
from casewell.claims.models import Claim
from casewell.invoices.models import DraftInvoice, Invoice, Payment
from casewell.letters.models import Letter
from casewell.patients.models import Patient
from casewell.records.keys import Key, keys_of, moving_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# In the order in which everybody locks them; a patient's row comes after all of theirs.
IN_ORDER = (DraftInvoice, Attendee, PatientCase, Claim, Letter, Invoice, Payment)

Ids = dict[str, list[int]]


def hold(rows_of: Collection[int], patients: Collection[int]) -> dict[int, Patient]:
    """Lock what the patients of `rows_of` have that others change, then `patients` themselves.

    From then on nobody adds a row of theirs: the foreign key of what is added asks for a share of
    the patient's row, and waits.
    """
    for model in IN_ORDER:
        rows = model.objects.filter(patient__in=rows_of).order_by("id")
        list(rows.select_for_update(no_key=True).values_list("pk"))
    held = Patient.objects.filter(pk__in=patients).order_by("id").select_for_update(of=("self",))
    return {one.pk: one for one in held}


def found(kept: int, gone: int) -> Ids:
    """The ids of all rows of `gone` that can be those of `kept`, by the names of their keys."""
    parts = [
        key.moving(kept, gone)
        .annotate(of_key=Value(name, output_field=CharField()))
        .order_by()
        .values_list("of_key", "pk")
        for name, key in moving_keys().items()
    ]
    ids: Ids = {}
    for name, pk in parts[0].union(*parts[1:], all=True):
        ids.setdefault(name, []).append(pk)
    return {name: sorted(pks) for name, pks in sorted(ids.items())}


def give(ids: Mapping[str, Collection[int]], *, of: int, to: int, account_id: int) -> None:
    """Make the patient `to` of those rows whose patient is `of`."""
    wanted = [
        [key for key in keys_of(model) if ids.get(key.name)]
        for model in {key.model for key in moving_keys().values()}
    ]
    # A statement changes a row once: of tables with two keys, the second has a statement more.
    for turn in zip_longest(*wanted):
        changes = [_change(key, ids[key.name], of, to, account_id) for key in turn if key]
        if changes:
            parts = ", ".join(f"part_{n} AS ({sql})" for n, (sql, _) in enumerate(changes))
            with connection.cursor() as cursor:
                params = [param for _, values in changes for param in values]
                cursor.execute(f"WITH {parts} SELECT 1", params)


def _change(
    key: Key, ids: Collection[int], of: int, to: int, account_id: int
) -> tuple[str, list[Any]]:
    table = connection.ops.quote_name(key.model._meta.db_table)
    column = connection.ops.quote_name(key.column)
    told, moment = (', "updated_at" = %s', [timezone.now()]) if _tells(key.model) else ("", [])
    sql = (
        f"UPDATE {table} SET {column} = %s{told}"  # noqa: S608 - names of our own tables
        f' WHERE {table}."account_id" = %s AND {table}."id" = ANY(%s::bigint[])'
        f" AND {table}.{column} = %s"
    )
    return sql, [to, *moment, account_id, "{" + ",".join(map(str, sorted(ids))) + "}", of]


def _tells(model: Any) -> bool:
    """Whether who asks what has changed is told by the row itself."""
    names = {field.name for field in model._meta.local_fields}
    may_change = getattr(model, "may_change", None)
    return "updated_at" in names and (may_change is None or "updated_at" in may_change)
