"""The account scope: the one place that opens a transaction on a practice's rows.

A wall that fails closed, not a way to pass the account about: code says `request.account`.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

from django.db import DEFAULT_DB_ALIAS, connections, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is prepared is planned once for all values: PostgreSQL would go on planning what has many
# parts anew, at ten times the cost of running it. What should be planned for its values is sent
# with them, as Django does it.
PLANNED_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan"

_account_id: ContextVar[int | None] = ContextVar("account_id", default=None)


class NoAccountScope(RuntimeError):  # noqa: N818
    """A practice's rows were asked for outside `account_scope`."""


class HasKey(Protocol):
    """Anything with the primary key of an account."""

    @property
    def pk(self) -> int: ...


def account_id_in_scope() -> int:
    """The id of the account whose scope is open. Raises NoAccountScope where none is."""
    account_id = _account_id.get()
    if account_id is None:
        raise NoAccountScope("a practice's rows are read and written inside account_scope(account)")
    return account_id


@contextmanager
def account_scope(account: HasKey | int, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Open a transaction in which the rows of `account`, and no others, exist.

    Sets the account for the SQL compiler and, with `SET LOCAL`, for row-level security; both
    have their former value again afterwards, so scopes may be nested.
    """
    account_id = account if isinstance(account, int) else account.pk
    former = _account_id.get()
    is_outermost = not connections[using].in_atomic_block
    token = _account_id.set(account_id)
    try:
        with transaction.atomic(using=using):
            _set_local(account_id, using)
            yield
            # Reached only without an error. On one, PostgreSQL takes the setting back itself,
            # together with the savepoint or the transaction.
            # At the transaction's end it goes by itself.
            if not is_outermost and not connections[using].needs_rollback:
                _set_local(former, using)
    finally:
        _account_id.reset(token)


def _set_local(account_id: int | None, using: str) -> None:
    # A literal, because SET takes no parameters and Citus does not propagate set_config().
    value = "" if account_id is None else int(account_id)
    with connections[using].cursor() as cursor:
        cursor.execute(f"SET LOCAL app.account_id = '{value}'; {PLANNED_ONCE}")
