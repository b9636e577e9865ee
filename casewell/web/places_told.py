"""Telling who has come in from the waiting list of a class by what was just done."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.appointments.models import Booking, ClassCandidate
    from casewell.web.requests import PracticeRequest


@contextmanager
def telling_who_came_in(request: PracticeRequest, booking: Booking) -> Iterator[None]:
    """After the block, name each patient to whom it gave a place."""
    if booking.kind != booking.Kind.GROUP:
        yield
        return
    waited = list(booking.candidates.waiting().values_list("pk", flat=True))
    yield
    if not waited:
        return
    came = booking.candidates.filter(pk__in=waited, visit__isnull=False, visit__archived_at=None)
    for one in came.in_order().select_related("patient", "case", "visit"):
        messages.success(request, in_words(one))


def in_words(one: ClassCandidate) -> str:
    """That a candidate has come in, and whether their case refused."""
    said = f"{one.patient} has come in from the waiting list."
    if one.case and one.visit and one.visit.case_id != one.case_id:
        said += f" “{one.case}” does not take this visit: it is in no case."
    return said
