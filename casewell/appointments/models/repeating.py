"""Booking the same again and again: all dates of a series at once, in a few statements."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from django.db import transaction

from casewell.appointments.models.apart import is_kept_apart, told_if_taken
from casewell.appointments.models.attendee import Attendee
from casewell.appointments.models.booking import Booking
from casewell.appointments.models.clashes import BookingConflict, clashes_of
from casewell.appointments.models.series import Series
from casewell.audit.models import record_changes, recorded, values_of_new
from casewell.lib.formats import formats
from casewell.lib.recurrence import moment_on
from casewell.tenancy.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase
    from casewell.lib.recurrence import Rule
    from casewell.patients.models import Patient


def occurrences(first: Booking, rule: Rule) -> list[Booking]:
    """`first` and its repeats, which are not stored yet, each at its time on its business's clocks.

    Raises RuleViolation for more dates than a series may have.
    """
    local, length = first.local_start, first.ends_at - first.starts_at
    starts = [moment_on(day, local, first.business.zone) for day in rule.dates(local.date())[1:]]
    again = [_like(first, starts_at=start, ends_at=start + length) for start in starts]
    return [first, *again]


def _like(first: Booking, **places: object) -> Booking:
    """Another booking like it, not stored yet."""
    another = first.elsewhere(pk=new_id(), **places)
    another._state.adding = True
    return another


def book_series(
    bookings: Sequence[Booking],
    rule: Rule,
    patient: Patient | None = None,
    case: PatientCase | None = None,
    *,
    outside: Collection[int] = (),
    by: Actor,
) -> None:
    """Store these bookings, in order of time, as one series; the first may be there already.

    `patient` is in each: in `case` or, where the booking's id is of `outside`, in none. One
    booking alone is no series. Raises as `Booking.book` does, and then nothing is stored.
    """
    new = [one for one in bookings if one._state.adding]
    with transaction.atomic(), case.admitting() if case else nullcontext() as held:
        if held and patient:
            held.refuse_unless_open_to(patient)
        if len(bookings) > 1:
            series = Series.begin(bookings, rule, by=by)
            for one in bookings:
                _join(one, series, by)
        _store(new, [patient] if patient else [], by)
        if patient:
            _attend(new, patient, held, outside, by)


def _join(one: Booking, series: Series, by: Actor) -> None:
    if one._state.adding:
        one.series = series
        return
    with recorded(one, "repeated", by=by):
        one.series = series
        one.save(update_fields=["series", "updated_at"])


def _store(bookings: Sequence[Booking], patients: list[Patient], by: Actor) -> None:
    """As `Booking.book` stores one, in a few statements for all."""
    if not bookings:
        return
    first = bookings[0]
    exclusive = is_kept_apart(first.account, by)
    if exclusive:
        for one, clashes in zip(bookings, clashes_of(bookings, patients), strict=True):
            for clash in clashes:
                day = formats().weekday(one.local_start)
                raise BookingConflict(f"{day}: {clash} Choose another time, or leave that day out.")
    for one in bookings:
        one.exclusive = exclusive
    with told_if_taken(first.practitioner):
        Booking.objects.bulk_create(bookings)
    told = ((one, values_of_new(one)) for one in bookings)
    record_changes(told, "blocked" if first.is_block else "booked", by=by)


def _attend(
    bookings: Sequence[Booking],
    patient: Patient,
    case: PatientCase | None,
    outside: Collection[int],
    by: Actor,
) -> None:
    visits = [
        Attendee(
            account_id=one.account_id,
            booking=one,
            patient=patient,
            case=None if one.pk in outside else case,
        )
        for one in bookings
    ]
    Attendee.objects.bulk_create(visits)
    record_changes(((one, values_of_new(one)) for one in visits), "booked", by=by)
