"""The demo's bookings: fourteen months behind, three ahead, and always a full day today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.appointments.models import Attendee, Booking, CancellationReason
from casewell.demo.people import BATCH, REGULARS
from casewell.lib.zones import at

if TYPE_CHECKING:
    from casewell.accounts.models import Business, Practitioner
    from casewell.demo.people import World
    from casewell.patients.models import Patient

OPENS, CLOSES, LUNCH = time(8, 30), time(17, 30), time(12, 30)
LUNCH_MINUTES = 45
POOL = 45  # patients whom one practitioner sees in the same quarter
PAST_DENSITY, TODAY_DENSITY, NEXT_DENSITY, LAST_DENSITY = 0.72, 0.86, 0.6, 0.2
CANCELLED, ABSENT = 0.07, 0.03


@dataclass
class Days:
    """All bookings that are made, before they are stored together."""

    world: World
    ahead: int
    bookings: list[Booking] = field(default_factory=list)
    attendees: list[Attendee] = field(default_factory=list)

    def make(self, behind: int) -> None:
        """Fill the days from `behind` days ago to `ahead` days from today, and store them."""
        for number, (practitioner, business) in enumerate(self.world.practitioners):
            for away in range(-behind, self.ahead + 1):
                day = self.world.today + timedelta(days=away)
                if away == 0 or self._works(number, day):
                    self._fill(practitioner, business, day, away)
        Booking.objects.bulk_create(self.bookings, batch_size=BATCH)

    def store_attendees(self) -> None:
        """Store the visits, after the cases have taken theirs."""
        Attendee.objects.bulk_create(self.attendees, batch_size=BATCH)

    def _works(self, number: int, day: date) -> bool:
        """Four weekdays each, another one off for each practitioner."""
        return day.weekday() < 5 and day.weekday() != number % 5

    def _fill(self, practitioner: Practitioner, business: Business, day: date, away: int) -> None:
        rng = self.world.random
        clock, end = datetime.combine(day, OPENS), datetime.combine(day, CLOSES)
        noon = datetime.combine(day, LUNCH)
        density, pool = self._density(away), self._pool(practitioner, day)
        self._lunch(practitioner, business, noon)
        while clock < end:
            kind = rng.choice(self.world.types)
            length = timedelta(minutes=kind.duration_in_minutes)
            if clock < noon < clock + length:
                clock = noon + timedelta(minutes=LUNCH_MINUTES)
            elif clock == noon:
                clock += timedelta(minutes=LUNCH_MINUTES)
            elif rng.random() < density and clock + length <= end:
                start = at(day, clock.time(), business.zone)
                booking = Booking(
                    business=business,
                    practitioner=practitioner,
                    appointment_type=kind,
                    starts_at=start,
                    ends_at=start + length,
                )
                self._attend(booking, rng.choice(pool), away)
                clock += length
            else:
                clock += timedelta(minutes=30)

    def _density(self, away: int) -> float:
        if away == 0:
            return TODAY_DENSITY
        if away < 0:
            return PAST_DENSITY
        return NEXT_DENSITY - (NEXT_DENSITY - LAST_DENSITY) * away / self.ahead

    def _pool(self, practitioner: Practitioner, day: date) -> list[Patient]:
        """The same patients come for a quarter, then others."""
        quarter = day.toordinal() // 91
        others = self.world.patients[1:]  # Ada's story is told apart
        step = sum(map(ord, practitioner.last_name)) + quarter * 57
        regulars = others[:REGULARS]
        groups = (regulars, regulars, others)
        return [g[(step * 7 + i * 3) % len(g)] for i in range(POOL) for g in [groups[i % 3]]]

    def _lunch(self, practitioner: Practitioner, business: Business, noon: datetime) -> None:
        start = at(noon.date(), noon.time(), business.zone)
        self.bookings.append(
            Booking(
                kind=Booking.Kind.BLOCK,
                business=business,
                practitioner=practitioner,
                unavailable_block_type=self.world.block_types[0],
                starts_at=start,
                ends_at=start + timedelta(minutes=LUNCH_MINUTES),
            )
        )

    def _attend(self, booking: Booking, patient: Patient, away: int) -> Attendee:
        rng, now = self.world.random, timezone.now()
        visit = Attendee(booking=booking, patient=patient)
        chance = rng.random()
        if chance < CANCELLED and away != 0:
            visit.cancelled_at = booking.cancelled_at = min(now, booking.starts_at)
            visit.cancellation_reason = rng.choice(CancellationReason.values)
        elif away < 0 or booking.ends_at < now:
            visit.did_not_arrive = chance > 1 - ABSENT
            visit.arrived = not visit.did_not_arrive
        self.bookings.append(booking)
        self.attendees.append(visit)
        return visit
