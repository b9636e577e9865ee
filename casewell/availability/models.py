"""When practitioners work: a week's hours at a business, extra hours, and days off.

Where somebody has no hours of their own at a business, its opening hours hold (`hours.py`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.audit.models import recorded
from casewell.availability.repeating import Repeating
from casewell.lib.days import validate_day
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import by_time
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

MOST = 100  # of repeats, and of what lies between two
SUNDAY_FIRST = [
    (number, name)
    for number, name in enumerate(
        ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    )
]


class DailyAvailability(TenantModel):
    """What of one weekday a practitioner works at a business; no spans: not at all.

    There are seven of them, or none: then the business's opening hours hold.
    """

    account = AccountField(related_name="daily_availabilities")
    practitioner = TenantForeignKey(
        Practitioner, models.CASCADE, related_name="daily_availabilities"
    )
    business = TenantForeignKey(Business, models.CASCADE, related_name="daily_availabilities")
    day_of_week = models.PositiveSmallIntegerField(choices=SUNDAY_FIRST)
    spans = models.JSONField(default=list)  # as in opening hours: [["08:00", "12:00"], …]

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "practitioner", "business", "day_of_week"], name="one_a_weekday"
            ),
            models.CheckConstraint(condition=Q(day_of_week__lte=6), name="weekday_of_seven"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "business"], name="daily_hours_of_business"),
            *by_time("daily_hours", "created_at", "updated_at"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} at {self.business}, {self.get_day_of_week_display()}"


class ExceptionQuerySet(TenantQuerySet["Exceptional"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)


ExceptionManager = TenantManager.from_queryset(ExceptionQuerySet)


class Exceptional(TenantModel):
    """Something by which days differ from the week's hours, until it is taken back."""

    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ExceptionManager] = ExceptionManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        abstract = True

    def add(self, *, by: Actor) -> None:
        """Store it, not stored yet."""
        with recorded(self, "added", by=by):
            self.save(force_insert=True)

    def remove(self, *, by: Actor) -> None:
        """Have the week's hours hold again."""
        if self.archived_at is None:
            with recorded(self, "removed", by=by):
                self.archived_at = timezone.now()
                self.save(update_fields=["archived_at", "updated_at"])


class AvailabilityBlock(Exceptional):
    """Extra hours of a practitioner at a business, once or again and again."""

    class Repeat(models.TextChoices):
        DAILY = "Daily", "days"
        WEEKLY = "Weekly", "weeks"
        MONTHLY = "Monthly", "months"

    account = AccountField(related_name="availability_blocks")
    practitioner = TenantForeignKey(
        Practitioner, models.CASCADE, related_name="availability_blocks"
    )
    business = TenantForeignKey(Business, models.CASCADE, related_name="availability_blocks")
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until")
    repeat_type = models.CharField("repeats by", max_length=7, choices=Repeat, blank=True)
    repeating_interval = models.PositiveSmallIntegerField(
        "every", default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    number_of_repeats = models.PositiveSmallIntegerField(
        "times again", default=0, validators=[MaxValueValidator(MOST)]
    )

    class Meta(Exceptional.Meta):
        abstract = False
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"))
                & Q(ends_at__lte=F("starts_at") + timedelta(days=1)),
                name="extra_hours_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(repeat_type="", number_of_repeats=0)
                | (~Q(repeat_type="") & Q(number_of_repeats__gt=0, repeating_interval__gt=0)),
                name="a_repeat_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["account", "practitioner", "starts_at"], name="extra_hours_of_somebody"
            ),
            models.Index(fields=["account", "business"], name="extra_hours_at_business"),
            *by_time("extra_hours", "created_at", "updated_at", "starts_at"),
        ]

    def __str__(self) -> str:
        return f"Extra hours {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def local_start(self) -> datetime:
        """The first beginning, on the clocks of the business."""
        return self.starts_at.astimezone(self.business.zone)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.business.zone)

    @property
    def lasts_until(self) -> date:
        """The local day on which it comes for the last time."""
        last = self.repeating.last_day(self.business.zone)
        return max(last, self.local_end.date())

    @property
    def repeats_in_words(self) -> str:
        """As in “again every 2 weeks, 5 times”; empty for once."""
        if not self.repeat_type:
            return ""
        every = self.repeating_interval
        unit = self.get_repeat_type_display()
        often = f"every {every} {unit}" if every > 1 else f"every {unit.removesuffix('s')}"
        times = "once" if self.number_of_repeats == 1 else f"{self.number_of_repeats} times"
        return f"again {often}, {times}"

    @property
    def repeating(self) -> Repeating:
        return Repeating(
            self.starts_at,
            self.ends_at,
            self.repeat_type,
            self.repeating_interval,
            self.number_of_repeats,
        )


class DayOff(Exceptional):
    """Days on which a practitioner's hours do not hold, at one business or at every one.

    Extra hours on such a day do: together they are other hours than usual.
    """

    account = AccountField(related_name="days_off")
    practitioner = TenantForeignKey(Practitioner, models.CASCADE, related_name="days_off")
    business = TenantForeignKey(
        Business, models.CASCADE, null=True, blank=True, related_name="days_off"
    )
    first_date = models.DateField("from", validators=[validate_day])
    last_date = models.DateField("until", validators=[validate_day])
    reason = models.CharField(max_length=255, blank=True)

    class Meta(Exceptional.Meta):
        abstract = False
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="days_off_end_after_start"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "practitioner", "last_date"], name="off_of_somebody"),
            models.Index(fields=["account", "business"], name="off_at_business"),
        ]

    def __str__(self) -> str:
        return f"Off {self.first_date} to {self.last_date}"
