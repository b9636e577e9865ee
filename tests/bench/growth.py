"""How the API's reads grow: the same practice among 50, 500 and 5,000 others of its size.

One practice is made by COPY; the others are its rows under other accounts, copied inside the
database by its superuser. Each size is asked through its served site, by turns with the smallest.
"""

from __future__ import annotations

import time
import urllib.request
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from casewell.tenancy.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.world import Practice

VISITS = 1_000  # of a practice
CASES = 200
SIZES = (50, 500, 5_000)  # practices
WARM, ASKED = 20, 150
SLUG = "growth"
# In the order of their relations.
TABLES = (
    "accounts_business",
    "accounts_practitioner",
    "accounts_practitionerbusiness",
    "appointments_appointmenttype",
    "contacts_contact",
    "patients_patient",
    "cases_patientcase",
    "cases_approval",
    "cases_dutydone",
    "appointments_booking",
    "appointments_attendee",
)


def first_practice(admin_url: str) -> Practice:
    """The practice that is measured, and copied."""
    from casewell.cases.models import Programme
    from casewell.tenancy.scope import account_scope
    from tests.scale.caseload import make_caseload
    from tests.world import open_practice

    practice = open_practice(SLUG, "Growth")
    with account_scope(practice.account):
        codes = ("au-medicare-gpccmp", "au-dva-cycle")
        rules = [Programme.adopt(practice.account, code, by=practice.by) for code in codes]
    with psycopg.connect(admin_url) as admin:
        make_caseload(admin, practice, rules, cases=CASES, visits=VISITS, seed=1)
    return practice


def grow_to(admin_url: str, practice: Practice, size: int) -> float:
    """Have so many practices; the seconds that it took."""
    began = time.monotonic()
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")  # rows as they are
        known = admin.execute(
            "SELECT count(*) FROM accounts_account WHERE slug LIKE %s", [f"{SLUG}%"]
        ).fetchall()
        keys = [new_id() for _ in range(size - known[0][0])]
        _copy_account(admin, practice.account.pk, keys)
        for table in ("cases_programme", *TABLES):
            _copy_rows(admin, table, practice.account.pk, keys)
        for table in ("accounts_account", "cases_programme", *TABLES):
            admin.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
        admin.execute("CHECKPOINT")
    return time.monotonic() - began


def _columns(admin: psycopg.Connection[Any], table: str, without: set[str]) -> list[str]:
    rows = admin.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    ).fetchall()
    return [name for [name] in rows if name not in without]


def _copy_account(admin: psycopg.Connection[Any], account: int, keys: list[int]) -> None:
    names = _columns(admin, "accounts_account", {"id", "slug"})
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    admin.execute(
        sql.SQL(
            "INSERT INTO accounts_account (id, slug, {names}) SELECT other, {slug} || other, "
            "{names} FROM accounts_account, unnest(%s::bigint[]) AS other WHERE id = %s"
        ).format(names=listed, slug=sql.Literal(f"{SLUG}-")),
        [keys, account],
    )


def _copy_rows(admin: psycopg.Connection[Any], table: str, account: int, keys: list[int]) -> None:
    """The account's rows under each of the others; ids are unique inside an account."""
    names = _columns(admin, table, {"account_id"})
    admin.execute(
        sql.SQL(
            "INSERT INTO {table} (account_id, {names}) SELECT other, {names} "
            "FROM {table}, unnest(%s::bigint[]) AS other WHERE account_id = %s"
        ).format(table=sql.Identifier(table), names=sql.SQL(", ").join(map(sql.Identifier, names))),
        [keys, account],
    )


Medians = dict[str, tuple[float, float]]


def asked(
    port: int, small: int, paths: dict[str, str], headers: dict[str, str], rounds: int = ASKED
) -> Medians:
    """The median of each path's answer (ms) at both ports, which are asked by turns, one by one:
    whatever else the machine does meanwhile slows the one as the other.
    """
    taken: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in paths}
    for round_ in range(WARM + rounds):
        for name, path in paths.items():
            for place, one in enumerate((port, small)):
                request = urllib.request.Request(f"http://127.0.0.1:{one}{path}", headers=headers)
                began = time.perf_counter()
                with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
                    answer.read()
                if round_ >= WARM:
                    taken[name][place].append(1000 * (time.perf_counter() - began))
    return {name: (median(large), median(few)) for name, (large, few) in taken.items()}


def table_of(found: Sequence[tuple[int, float, Medians]]) -> Iterator[str]:
    """The figures as lines of a table, each against the same of the smallest size."""
    yield f"| attendees | practices | filled in (s) | {' | '.join(found[0][2])} |"
    yield f"|{'---|' * (3 + len(found[0][2]))}"
    for size, seconds, medians in found:
        cells = [f"{large:.1f} ({large / few:.2f})" for large, few in medians.values()]
        yield f"| {size * VISITS} | {size} | {seconds:.0f} | {' | '.join(cells)} |"


def write(lines: Sequence[str], folder: Path) -> None:
    head = [
        "# Growth",
        "",
        "Medians of single requests (ms), and in brackets their ratio to those of an installation",
        "of 50 practices on the same server, which is asked by turns with the larger one.",
    ]
    (folder / "growth.md").write_text("\n".join([*head, "", *lines]) + "\n")
