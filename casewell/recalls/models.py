"""Recalls: that a patient is to come back, from which day on, and the visit that was booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q

from casewell.appointments.models import Attendee
from casewell.audit.archiving import archive, restore
from casewell.audit.mail import send_later
from casewell.audit.models import recorded
from casewell.letters.models import Communication
from casewell.letters.models.errors import NoAddress
from casewell.lib.errors import RuleViolation
from casewell.lib.placeholders import filled
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import ARCHIVED, by_time
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from datetime import date

    from casewell.audit.actors import Actor

FIELDS = ("patient name", "patient first name", "recall type", "practice name")
SUBJECT = "Time for your next visit"
MESSAGE = """Dear {patient first name},

It is time for your next visit: {recall type}. Please contact us to book it.

{practice name}"""


class RecallDone(RuleViolation):
    """What was booked already, or put away, is not booked again."""

    code = "recall_done"


class RecallTypeQuerySet(TenantQuerySet["RecallType"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def in_order(self) -> Self:
        return self.order_by("name", "id")


RecallTypeManager = TenantManager.from_queryset(RecallTypeQuerySet)


class RecallType(TenantModel):
    """Why patients are recalled, usually after how long, and what an e-mail says."""

    account = AccountField(related_name="recall_types")
    name = models.CharField(max_length=255)
    usual_weeks = models.PositiveSmallIntegerField(
        "usually after, in weeks",
        default=26,
        validators=[MinValueValidator(1), MaxValueValidator(520)],
    )
    message = models.TextField("e-mail", max_length=5000, default=MESSAGE)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RecallTypeManager] = RecallTypeManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = by_time("recall_types", "created_at", "updated_at", seldom=ARCHIVED)

    def __str__(self) -> str:
        return self.name


class RecallQuerySet(TenantQuerySet["Recall"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def open(self) -> Self:
        """Those for which no visit stands: none was booked, or it was cancelled or archived."""
        return self.live().filter(
            Q(attendee=None)
            | Q(attendee__cancelled_at__isnull=False)
            | Q(attendee__archived_at__isnull=False)
        )

    def booked(self) -> Self:
        """Those for which a visit stands."""
        return self.live().filter(
            attendee__isnull=False, attendee__cancelled_at=None, attendee__archived_at=None
        )

    def due(self, day: date) -> Self:
        """Open ones whose day that is, or was before; of patients who are not archived."""
        return self.open().filter(recall_date__lte=day, patient__archived_at=None)

    def in_order(self) -> Self:
        return self.order_by("recall_date", "id")


RecallManager = TenantManager.from_queryset(RecallQuerySet)


class Recall(TenantModel):
    """One patient to be asked back from a day on. The visit that is booked from it does it."""

    account = AccountField(related_name="recalls")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="recalls")
    recall_type = TenantForeignKey(RecallType, models.PROTECT, related_name="recalls")
    recall_date = models.DateField("from")
    note = models.TextField(max_length=10_000, blank=True)
    attendee = TenantForeignKey(
        Attendee,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="recalls",
        together=("patient",),
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RecallManager] = RecallManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="recalls_of_patient"),
            models.Index(fields=["account", "recall_type"], name="recalls_of_type"),
            models.Index(fields=["account", "attendee"], name="recalls_of_visit"),
            models.Index(
                fields=["account", "recall_date", "id"],
                condition=Q(archived_at=None),
                name="recalls_by_date",
            ),
            *by_time("recalls", "created_at", "updated_at", seldom=ARCHIVED),
        ]

    def __str__(self) -> str:
        return f"{self.recall_type}: {self.patient}"

    @property
    def is_booked(self) -> bool:
        """Whether a visit stands for it."""
        visit = self.attendee
        return visit is not None and not visit.cancelled_at and not visit.archived_at

    def mark_booked(self, visit: Attendee, *, by: Actor) -> None:
        """Say that this visit was booked from it. Raises RecallDone."""
        with transaction.atomic():
            self.hold()
            if self.archived_at or self.is_booked:
                raise RecallDone("This recall is done already. Nothing was changed.")
            with recorded(self, "booked", by=by):
                self.attendee = visit
                self.save(update_fields=["attendee", "updated_at"])

    def reopen(self, *, by: Actor) -> None:
        """Undo `mark_booked`: the visit stays, and the patient is recalled all the same."""
        with transaction.atomic():
            self.hold()
            with recorded(self, "reopened", by=by):
                self.attendee = None
                self.save(update_fields=["attendee", "updated_at"])

    def email(self, *, by: Actor) -> Communication:
        """Have the worker write to the patient what the type says, and log it. Raises NoAddress."""
        patient, place = self.patient, self.account.name
        if not patient.email:
            raise NoAddress(f"{patient} has no e-mail address.")
        values = (patient.full_name, patient.called, self.recall_type.name, place)
        body = filled(self.recall_type.message, dict(zip(FIELDS, values, strict=True)))
        with transaction.atomic():
            mail = send_later(self.account, to=patient.email, subject=SUBJECT, body=body)
            return Communication.log(
                patient,
                type_code=Communication.Way.EMAIL,
                direction_code=Communication.Direction.SENT,
                category_code=Communication.Category.BULK_EMAIL,
                sender=place,
                recipient=patient.email,
                subject=SUBJECT,
                content=body,
                mail=mail,
                by=by,
            )

    def archive(self, *, by: Actor) -> None:
        """Take it off the list, for nobody is to be recalled."""
        archive(self, by=by)

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`."""
        restore(self, by=by)

    def hold(self) -> None:
        """Read this row anew and lock it, so that two people at once act one after the other."""
        rows = type(self).objects.select_for_update(of=("self",), no_key=True)
        self.refresh_from_db(from_queryset=rows.select_related("attendee"))
