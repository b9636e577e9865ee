"""What is done to a booking and to others of its series: this one, those that follow, or all.

Source: docs/domain.md#series.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import OuterRef, Q
from django.utils import timezone

from casewell.appointments.models.attendee import Attendee
from casewell.appointments.models.booking import Booking
from casewell.appointments.models.series import Series
from casewell.lib.recurrence import shifted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from casewell.audit.actors import Actor


class Reach(models.TextChoices):
    """How much of a series is meant."""

    ONE = "one", "This one only"
    FOLLOWING = "following", "This and following"
    ALL = "all", "All to come"


def reached(one: Booking, reach: str, since: datetime | None = None) -> list[Booking]:
    """`one` itself, and what `reach` says of its series: to come, on, and not invoiced.

    In order of time, each read anew; their visits stay locked, as does the series, so that of two
    who act on it the second waits. What follows is what starts after `since`, else after `one`.
    """
    if reach == Reach.ONE or one.series_id is None:
        return [one]
    Series.objects.select_for_update(no_key=True).get(pk=one.series_id)
    others = _others(one, None if reach == Reach.ALL else since or one.starts_at)
    keys = list(others.values_list("pk", flat=True))
    Attendee.objects.filter(booking__in=[one.pk, *keys]).hold()
    related = ("account", "business", "practitioner", "appointment_type")
    read = others.filter(pk__in=keys).select_related(*related)
    return sorted([one, *read], key=lambda each: (each.starts_at, each.pk))


def _others(one: Booking, since: datetime | None) -> Any:
    """The others of its series that one may still act on; those after `since` where it is given."""
    invoiced = Attendee.objects.invoiced().filter(booking=OuterRef("pk"))
    rows = Booking.objects.live().filter(series=one.series_id, starts_at__gt=timezone.now())
    if since is not None:
        rows = rows.filter(starts_at__gte=since).exclude(starts_at=since, pk__lt=one.pk)
    return rows.exclude(pk=one.pk).filter(~models.Exists(invoiced))


def following(one: Booking, since: datetime) -> int:
    """How many of its series could follow where it goes, that started after `since`."""
    return 0 if one.series_id is None else int(_others(one, since).count())


def throughout(one: Booking, reach: str, act: Callable[[Booking], object]) -> list[Booking]:
    """Do `act` to `one` and as far as `reach` goes, all of it or nothing: to which bookings.

    Raises what `act` raises.
    """
    with transaction.atomic():
        found = reached(one, reach)
        for each in found:
            act(each)
    return found


def cancel(visit: Attendee, reach: str, reason: int, note: str = "", *, by: Actor) -> list[Booking]:
    """Cancel the visit, and those of the same patient as far as `reach` goes."""

    def act(booking: Booking) -> None:
        if booking.pk == visit.booking_id:
            visit.cancel(reason, note, by=by)
            return
        for other in booking.attendees.live().filter(patient=visit.patient_id):
            other.booking = booking
            other.cancel(reason, note, by=by)

    return throughout(visit.booking, reach, act)


@dataclass(frozen=True)
class Shift:
    """How a booking was moved, which others can be as well: by so much on the wall clock, to that
    length and those places where they are other ones.
    """

    by: timedelta
    length: timedelta | None = None
    places: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def between(cls, former: Booking, latter: Booking) -> Shift:
        was, now = (one.local_start.replace(tzinfo=None, fold=0) for one in (former, latter))
        lengths = [one.ends_at - one.starts_at for one in (former, latter)]
        places = {
            name: getattr(latter, name)
            for name in ("business", "practitioner")
            if getattr(former, f"{name}_id") != getattr(latter, f"{name}_id")
        }
        return cls(now - was, lengths[1] if lengths[0] != lengths[1] else None, places)

    def of(self, one: Booking) -> dict[str, Any]:
        """The new values of a booking that is moved alike."""
        zone = self.places.get("business", one.business).zone
        start = shifted(one.local_start, self.by, zone)
        length = self.length or one.ends_at - one.starts_at
        return {"starts_at": start, "ends_at": start + length, **self.places}


def move(one: Booking, reach: str, *, by: Actor, **places: Any) -> list[Booking]:
    """Move `one` there, and as far as `reach` goes the others by as much: all of it or nothing.

    What follows becomes a series of its own where others stay. Raises as `Booking.move` does.
    """
    shift = Shift.between(one, one.elsewhere(**places))
    with transaction.atomic():
        found = reached(one, reach)
        series = _series_of(one, found, reach, by)
        goes = {each.pk: shift.of(each) for each in found} | {one.pk: places}
        _go(found, shift, goes, series, by)
    return found


def follow(one: Booking, former: Booking, reach: str, *, by: Actor) -> list[Booking]:
    """Move the others as `one` was moved already, from where `former` is; all or nothing."""
    shift = Shift.between(former, one)
    with transaction.atomic():
        found = reached(one, reach, since=former.starts_at)
        series = _series_of(one, found, reach, by)
        goes = {each.pk: shift.of(each) for each in found if each.pk != one.pk} | {one.pk: {}}
        _go(found, shift, goes, series, by)
    return found


def _series_of(one: Booking, found: list[Booking], reach: str, by: Actor) -> dict[str, Any]:
    """The series that they are in from now on, where it is another one.

    What follows `one` takes the rule along; the first of a series has nothing before it.
    """
    rest = [each for each in found if each.pk != one.pk]
    if reach != Reach.FOLLOWING or not rest or one.series_id == one.pk:
        return {}
    stays = Booking.objects.filter(series=one.series_id, archived_at=None)
    if not stays.filter(~Q(pk__in=[each.pk for each in found])).exists():
        return {}
    former = Series.objects.get(pk=one.series_id)
    former.let_go(len(found), by=by)
    return {"series": Series.begin([one, *rest], former.rule, by=by)}


def _go(
    found: list[Booking],
    shift: Shift,
    goes: dict[int, dict[str, Any]],
    series: dict[str, Any],
    by: Actor,
) -> None:
    """Move each; the last first where they go to a later time, for it is in the others' way."""
    later = shift.by.total_seconds() > 0
    for each in reversed(found) if later else found:
        places = goes[each.pk] | series
        if places:
            each.move(by=by, **places)
