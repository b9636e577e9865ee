"""That a patient was reminded of a visit: once by each way, for each of the hours ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject

from casewell.appointments.models import Attendee
from casewell.letters.models import Communication
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet


class AppointmentReminderQuerySet(TenantQuerySet["AppointmentReminder"]):
    def sent(self, way: int) -> AppointmentReminderQuerySet:
        """Those that a server has taken, by that way."""
        taken = Q(communication__mail__sent_at__isnull=False)
        if way == Communication.Way.SMS:
            taken = Q(communication__texts__sent_at__isnull=False)
        return self.filter(taken, way=way)


AppointmentReminderManager = TenantManager.from_queryset(AppointmentReminderQuerySet)


class AppointmentReminder(TenantModel):
    """One reminder of one visit, with the start that it told.

    `hours` are those ahead at which it was due; none where somebody sent it by hand. Once another
    start was told, it is outdated, and its own is told anew if the visit is moved back.
    """

    account = AccountField(related_name="appointment_reminders")
    attendee = TenantForeignKey(Attendee, models.CASCADE, related_name="reminders")
    communication = TenantForeignKey(Communication, models.PROTECT, related_name="reminders")
    way = models.PositiveSmallIntegerField(choices=Communication.Way)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField()
    outdated = models.BooleanField(default=False)

    objects: ClassVar[AppointmentReminderManager] = AppointmentReminderManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "attendee", "id"], name="reminders_of_visit"),
            models.Index(fields=["account", "communication"], name="reminders_of_communication"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "attendee", "way", "hours", "starts_at"],
                condition=Q(outdated=False),
                name="reminded_of_visit_once",
            )
        ]

    def __str__(self) -> str:
        return f"reminder of {self.attendee}"


def sent_count(way: int) -> Coalesce:
    """How many reminders of a visit went out that way, in the visit's own statement."""
    rows = AppointmentReminder.objects.filter(attendee=OuterRef("pk")).sent(way).order_by()
    counted = rows.values("attendee").annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def was_sent(way: int, visit: str) -> Exists:
    """Whether any did, by the path to the visit."""
    return Exists(AppointmentReminder.objects.filter(attendee=OuterRef(visit)).sent(way))


def with_reminders(visits: AttendeeQuerySet) -> AttendeeQuerySet:
    """Annotate `reminded`, latest last: by which way, for which start, when, what became of it."""
    rows = AppointmentReminder.objects.filter(attendee=OuterRef("pk")).order_by("pk")
    told = JSONObject(
        way="way",
        starts_at="starts_at",
        at="created_at",
        mailed="communication__mail__sent_at",
        mail_failed="communication__mail__failed_at",
        texted="communication__texts__sent_at",
        text_failed="communication__texts__failed_at",
    )
    return visits.annotate(reminded=ArraySubquery(rows.values(one=told)))
