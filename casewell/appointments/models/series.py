"""A series: bookings that one repeat rule made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from casewell.audit.models import recorded
from casewell.lib.recurrence import MOST_BETWEEN, MOST_REPEATS, Frequency, Rule
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewell.appointments.models.booking import Booking
    from casewell.audit.actors import Actor

FREQUENCIES = [(one.value, one.value) for one in Frequency]


class Series(TenantModel):
    """The rule of some bookings, which point to it. Its id is that of the first of them, which is
    how a repeat knows what it repeats.
    """

    account = AccountField(related_name="series")
    frequency = models.CharField(max_length=7, choices=FREQUENCIES)
    interval = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_BETWEEN)]
    )
    # Beside the first; the API's name for it. What is there now is counted.
    number_of_repeats = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(MOST_REPEATS)]
    )

    bookings: Any

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(interval__gte=1, interval__lte=MOST_BETWEEN),
                name="repeats_at_an_interval",
            ),
            models.CheckConstraint(
                condition=Q(number_of_repeats__lte=MOST_REPEATS), name="repeats_so_often_at_most"
            ),
        ]

    def __str__(self) -> str:
        return str(self.rule)

    @property
    def rule(self) -> Rule:
        """How often it repeats; its end is in the bookings."""
        return Rule(Frequency(self.frequency), self.interval)

    @classmethod
    def begin(cls, bookings: Sequence[Booking], rule: Rule, *, by: Actor) -> Self:
        """Store the series of these bookings, the first of which gives it its id."""
        first = bookings[0]
        series = cls(
            pk=first.pk,
            account_id=first.account_id,
            frequency=rule.frequency.value,
            interval=rule.interval,
            number_of_repeats=len(bookings) - 1,
        )
        with recorded(series, "created", by=by):
            series.save(force_insert=True)
        return series

    def let_go(self, leaving: int, *, by: Actor) -> None:
        """Have so many bookings less: they follow a rule of their own."""
        with recorded(self, "shortened", by=by):
            self.number_of_repeats = max(self.number_of_repeats - leaving, 0)
            self.save(update_fields=["number_of_repeats", "updated_at"])
