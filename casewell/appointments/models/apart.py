"""How the database keeps a practitioner's bookings apart, where the practice wants it so."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, F, Func, Q, Value, When

from casewell.accounts.models import LimitAction
from casewell.appointments.models.clashes import BookingConflict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.accounts.models import Account, Practitioner
    from casewell.audit.actors import Actor


def is_kept_apart(account: Account, by: Actor) -> bool:
    """Whether the practice keeps apart what `by` books."""
    blocks = account.booking_conflict_action == LimitAction.BLOCK
    return blocks and (by.api_key is None or account.api_conflicts_block)


@contextmanager
def told_if_taken(practitioner: Practitioner) -> Iterator[None]:
    """Say that the time is taken where the database keeps apart what the block stores.

    Raises BookingConflict; what the block did is undone, and the transaction goes on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if EXCLUSIVE_APART.name not in str(error):
            raise
        raise BookingConflict(
            f"{practitioner} has another booking at that time. Choose another time."
        ) from error


def block_alone() -> Case:
    """The id of a block, and nothing of an appointment: an open bound of a range."""
    return Case(When(kind="block", then=F("id")), default=None, output_field=BigIntegerField())


EXCLUSIVE_APART = ExclusionConstraint(
    name="exclusive_bookings_apart",
    expressions=[
        (F("account"), RangeOperators.EQUAL),
        (F("practitioner"), RangeOperators.EQUAL),
        (
            Func(
                F("starts_at"),
                F("ends_at"),
                function="TSTZRANGE",
                output_field=DateTimeRangeField(),
            ),
            RangeOperators.OVERLAPS,
        ),
        # All of them meet but two blocks, each of which has a span of its own.
        (
            Func(
                block_alone(),
                block_alone(),
                Value("[]"),
                function="INT8RANGE",
                output_field=BigIntegerRangeField(),
            ),
            RangeOperators.OVERLAPS,
        ),
    ],
    condition=Q(exclusive=True, cancelled_at=None, archived_at=None),
)
