"""Questions about many attendees: which count, where each stands in its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from casewell.cases.models import Approval, PatientCase
from casewell.cases.usage import uses_a_session
from casewell.tenancy.models import TenantManager, TenantQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from casewell.appointments.models.attendee import Attendee  # noqa: F401 - in an annotation


class AttendeeQuerySet(TenantQuerySet["Attendee"]):
    def live(self) -> Self:
        return self.filter(cancelled_at=None, archived_at=None)

    def counted(self) -> Self:
        """Those that use up a session of their case."""
        return self.filter(uses_a_session()).exclude(case=None)

    def that_would_join(self, case: PatientCase) -> Self:
        """Those that are not in `case`, and would use up a session of it."""
        outside = self.exclude(case=case.pk).filter(archived_at=None)
        if not case.include_cancelled_attendees:
            outside = outside.filter(cancelled_at=None)
        if not case.include_dna_attendees:
            outside = outside.filter(did_not_arrive=False)
        return outside

    def invoiced(self) -> Self:
        """Those with an invoice that stands, be it credited or not."""
        return self.filter(self._has_invoice())

    def uninvoiced(self) -> Self:
        """Those without an invoice that stands."""
        return self.filter(~self._has_invoice())

    def _has_invoice(self) -> Exists:
        # Invoices are of a layer above, and known by the way to them alone.
        invoices = self.model._meta.get_field("invoices").related_model.objects  # type: ignore[union-attr]
        return Exists(invoices.standing().filter(original=None, attendee=OuterRef("pk")))

    def to_come(self, now: datetime | None = None) -> Self:
        """Those that have not started."""
        return self.filter(booking__starts_at__gt=now or timezone.now())

    def hold(self) -> None:
        """Lock these rows, by id, to the end of the transaction: before any case is locked."""
        list(self.order_by("id").select_for_update(no_key=True).values_list("pk"))

    def told(self) -> Self:
        """With what a sentence about a visit says: whose, when and where, with whom."""
        return self.select_related(
            "patient", "booking__business", "booking__practitioner", "booking__appointment_type"
        )

    def in_order(self) -> Self:
        """By start time; ties go by id."""
        return self.order_by("booking__starts_at", "id")

    def with_position(self) -> Self:
        """Annotate `position` in the case, from 1, in order of start time; None if not counted.

        With it goes `session_limit`, the sessions that the case has; None without a limit.
        """
        return self.with_case_position("position").annotate(
            session_limit=Coalesce(
                Subquery(granted()), F("case__max_sessions"), output_field=IntegerField()
            ),
        )

    def with_case_position(self, name: str) -> Self:
        """Annotate under that name the position in the case alone."""
        no_later = Q(booking__starts_at__lt=OuterRef("booking__starts_at")) | Q(
            booking__starts_at=OuterRef("booking__starts_at"), id__lte=OuterRef("id")
        )
        same_case = self.model.objects.filter(uses_a_session(), no_later, case=OuterRef("case"))
        count = same_case.values("case").annotate(n=Count("id")).values("n")
        counts = uses_a_session() & Q(case__isnull=False)
        return self.annotate(**{name: Case(When(counts, then=Subquery(count)), default=None)})

    def with_cases(self) -> Self:
        """Each with its case, whose limit and last day are known, by one statement more."""
        cases = PatientCase.objects.with_terms().select_related("contact", "programme")
        return self.prefetch_related(Prefetch("case", cases))

    def with_first_visit(self) -> Self:
        """Annotate `is_first_visit`: the patient has no earlier live visit."""
        earlier = self.model.objects.live().filter(
            patient=OuterRef("patient"), booking__starts_at__lt=OuterRef("booking__starts_at")
        )
        return self.annotate(is_first_visit=~Exists(earlier))


AttendeeManager = TenantManager.from_queryset(AttendeeQuerySet)


def granted() -> QuerySet[Approval, Any]:
    """The sum of sessions that were approved for the case of an attendee."""
    approved = Approval.objects.live().filter(case=OuterRef("case")).values("case")
    return approved.annotate(n=Sum("sessions")).values_list("n")
