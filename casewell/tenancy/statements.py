"""Is this statement one account's? Answered on the SQL text alone, no Citus needed.

Every occurrence of a tenant table must be pinned: `account_id = <parameter>`, or equal to another
pinned occurrence. The test suite asks it of every statement that it runs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_OCCURRENCE = re.compile(
    r'\b(FROM|JOIN|UPDATE|INTO)\s+"(\w+)"'
    r"(?:\s+(?:AS\s+)?(?!(?:WHERE|SET|ON|INNER|LEFT|GROUP|ORDER|LIMIT|FOR|UNION|VALUES|CROSS|"
    r'DEFAULT|HAVING|OFFSET|RETURNING)\b)("?)(\w+)\3)?',
    re.IGNORECASE,
)


def unpinned(sql: str, tenant_tables: Collection[str]) -> set[str]:
    """The tenant tables that `sql` reads or writes without naming the account.

    >>> unpinned('SELECT 1 FROM "patients_patient" WHERE "id" = %s', {"patients_patient"})
    {'patients_patient'}
    """
    occurrences: dict[str, str] = {}
    for keyword, table, _, alias in _OCCURRENCE.findall(sql):
        if table not in tenant_tables:
            continue
        if keyword.upper() == "INTO":
            if '"account_id"' not in sql[sql.find("(") : sql.find(")")]:
                return {table}
            continue
        occurrences[alias or table] = table
    pinned = _reached({a for a in occurrences if _is_pinned(sql, a)}, _ties(sql, occurrences))
    return {table for alias, table in occurrences.items() if alias not in pinned}


def _column(alias: str) -> str:
    return rf'"?{re.escape(alias)}"?\."account_id"'


def _is_pinned(sql: str, alias: str) -> bool:
    by_value = _column(alias) + r"\s*(?:=|IN)\s*\(*\s*(?:%s|%\(|\?|\$\d|-?\d)"
    by_row = rf'\("?{re.escape(alias)}"?\."account_id", [^)]*\) IN \(\('
    return bool(re.search(by_value, sql) or re.search(by_row, sql))


def _ties(sql: str, aliases: Collection[str]) -> list[tuple[str, str]]:
    return [
        (a, b)
        for a in aliases
        for b in aliases
        if a != b and re.search(_column(a) + r"\s*=\s*\(?" + _column(b), sql)
    ]


def _reached(pinned: set[str], ties: list[tuple[str, str]]) -> set[str]:
    while more := {x for tie in ties if pinned & set(tie) for x in tie} - pinned:
        pinned = pinned | more
    return pinned
