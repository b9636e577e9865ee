"""Who hears of each change as it is written down: the outbox of events, a layer above.

Its question travels with the INSERT of the Change rows, so a practice in which nobody listens pays
no statement for it. It says who it is once, when the application starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.db.models.sql import InsertQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewell.audit.models import Change, Recordable


class Hearer(Protocol):
    """`question` is a SELECT with one parameter, the account's id."""

    question: str

    def hear(self, answers: list[Any], records: Sequence[Recordable], verb: str) -> None:
        """Take note of what `verb` did to `records` of one account, in its own transaction."""


_hearer: Hearer


def let_hear(hearer: Hearer) -> None:
    """Say who hears of changes from now on."""
    global _hearer  # noqa: PLW0603 - the one there is, known to a layer above alone
    _hearer = hearer


def write_down(rows: list[Change], records: Sequence[Recordable]) -> None:
    """Store Change rows of one account, at least one, in one statement, and let them be heard."""
    query = InsertQuery(type(rows[0]))
    query.insert_values(rows[0]._meta.concrete_fields, list[Model](rows))
    [(insert, params)] = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        asked = f"WITH told AS ({insert}) {_hearer.question}"
        cursor.execute(asked, [*params, rows[0].account_id])
        answers = cursor.fetchall()
    if answers:
        _hearer.hear(answers, records, rows[0].verb)
